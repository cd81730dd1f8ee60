"""Availability and the events of other calendars."""

import sqlalchemy as sa

from storage.tables.base import ends_after_start, flag, instant, metadata, new_id, number, reference, text, worker

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
    sa.CheckConstraint("lasts_seconds > 0", name="lasts"),
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
    sa.Index(None, "worker_id", "ends_at", "starts_at"),
)
