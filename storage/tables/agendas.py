"""Availability, absences, the events of other calendars, and what people chose for their agendas."""

import sqlalchemy as sa

from storage.tables.base import (
    LONG,
    added_text,
    ends_after_start,
    flag,
    instant,
    metadata,
    new_id,
    number,
    one_of,
    reference,
    text,
    worker,
)

availability_ranges = sa.Table(
    "availability_ranges",
    metadata,
    new_id(),
    worker(index=True),
    reference("place_id", "places.id", nullable=True),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("starts", sa.Time, nullable=False),
    number("lasts_seconds"),
    text("zone"),
    text("rule"),
    text("except_days"),
    added_text("kinds"),
    sa.CheckConstraint("lasts_seconds > 0", name="lasts"),
)

absences = sa.Table(
    "absences",
    metadata,
    new_id(),
    worker(),
    text("kind"),
    instant("starts_at"),
    instant("ends_at"),
    text("zone"),
    ends_after_start(),
    one_of("kind", ("leave", "sickness", "training", "other")),
    sa.Index(None, "worker_id", "ends_at", "starts_at"),
)

booking_limits = sa.Table(
    "booking_limits",
    metadata,
    worker(primary_key=True, autoincrement=False),
    number("notice_seconds"),
    number("before_seconds"),
    number("after_seconds"),
    number("travel_seconds"),
    number("daily"),
)

agenda_toggles = sa.Table(
    "agenda_toggles",
    metadata,
    worker("viewer_id", primary_key=True, autoincrement=False),
    worker(primary_key=True, autoincrement=False),
    flag("availability"),
    flag("external"),
    sqlite_with_rowid=False,
)

external_events = sa.Table(
    "external_events",
    metadata,
    new_id(),
    worker(),
    text("uid"),
    text("recurrence_id"),
    instant("starts_at"),
    instant("ends_at"),
    text("title"),
    flag("tentative"),
    ends_after_start(),
    # All that a search by time reads. Events that last long are few: they are searched beside the others, by their end.
    sa.Index(None, "worker_id", "starts_at", "ends_at", "tentative"),
    sa.Index(
        "ix_external_events_long",
        "worker_id",
        "ends_at",
        "starts_at",
        "tentative",
        sqlite_where=sa.text(LONG["sqlite"]),
        postgresql_where=sa.text(LONG["postgresql"]),
    ),
)
