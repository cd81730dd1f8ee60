"""Rows put into tables as some migration left them, in plain SQL: the repositories know only the newest tables."""

import sqlalchemy as sa

from tests.storage.conftest import Plain

KEPT = {
    "workers": ("id", "handle", "active", "search"),
    "cases": ("number", "digits", "topic"),
    "appointments": ("id", "main_worker_id", "starts_at", "ends_at", "version"),
    "claims": ("id", "appointment_id", "worker_id", "starts_at", "ends_at", "expires_at"),
    "invitations": ("appointment_id", "worker_id", "answer", "starts_at"),
    "outbox": ("id", "appointment_id", "recipient_id", "kind", "version", "next_at", "error"),
    "availability_ranges": ("id", "worker_id", "rule"),
    "external_events": ("id", "worker_id", "starts_at", "ends_at"),
}
"""What `fill` writes."""


def fill(sql: Plain) -> None:
    """Add a worker, appointments at 10:00, 14:00 and 20:00 of which the first two are claimed, and what goes along."""
    add_worker(sql, "a")
    sql(
        "INSERT INTO cases (number, digits, kind, lead_id, topic, urgent, confidential)"
        " VALUES (1, '1', 'regular', 1, '[]', false, false)"
    )
    for hour in (10, 14, 20):
        sql(
            "INSERT INTO appointments (case_number, main_worker_id, creator_id, starts_at, ends_at, zone, comment,"
            " created_at, revision, version) VALUES (1, 1, 1, :starts, :ends, 'UTC', '', :starts, 1, 1)",
            **times(sql, hour, hour + 2),
        )
    for appointment, hour in ((1, 10), (2, 14)):
        claim(sql, appointment, hour, hour + 2)
    sql(
        "INSERT INTO invitations (appointment_id, worker_id, position, answer, previous, sequence, version, starts_at,"
        " ends_at) VALUES (1, 1, 0, 'accepted', 'pending', 0, 1, :starts, :ends)",
        **times(sql, 10, 12),
    )
    sql(
        "INSERT INTO external_events (worker_id, uid, recurrence_id, starts_at, ends_at, title, tentative)"
        " VALUES (1, 'u', '', :starts, :ends, '', false)",
        **times(sql, 10, 12),
    )
    sql(
        "INSERT INTO availability_ranges (worker_id, first_day, starts, lasts_seconds, zone, rule, except_days)"
        " VALUES (1, '2026-01-20', '09:00', 3600, 'UTC', 'FREQ=DAILY', '')"
    )


def add_worker(sql: Plain, handle: str) -> None:
    """Add a worker; the first is number 1."""
    sql(
        "INSERT INTO workers (handle, handle_folded, name, name_folded, job, service, email, email_folded, zone,"
        " locale, active, search) VALUES (:handle, :handle, 'a', 'a', '', '', '', '', 'UTC', 'fr', true, '')",
        handle=handle,
    )


def claim(sql: Plain, appointment: int, start: int, end: int) -> None:
    """Claim the worker's time for an appointment, from hour to hour."""
    sql(
        "INSERT INTO claims (appointment_id, worker_id, starts_at, ends_at) VALUES (:appointment, 1, :starts, :ends)",
        appointment=appointment,
        **times(sql, start, end),
    )


def hold(sql: Plain, holder: int, start: int, end: int) -> None:
    """Hold the worker's time for someone, from hour to hour."""
    sql(
        "INSERT INTO claims (held_by, worker_id, starts_at, ends_at, expires_at)"
        " VALUES (:holder, 1, :starts, :ends, :ends)",
        holder=holder,
        **times(sql, start, end),
    )


def notify(sql: Plain, version: int) -> None:
    """Add a notice of the first appointment."""
    sql(
        "INSERT INTO outbox (appointment_id, recipient_id, kind, version, minutes, due_at, next_at, attempts,"
        " created_at, error) VALUES (1, 1, 'shown', :version, 0, :starts, :starts, 0, :starts, '')",
        version=version,
        starts=instant(sql, 3),
    )


def ask_opening(sql: Plain) -> None:
    """Add a question to open a time, with its notice."""
    sql(
        "INSERT INTO openings (asker_id, main_worker_id, case_number, starts_at, ends_at, zone, parties, optional,"
        " comment, kind, created_at, state)"
        " VALUES (1, 1, 1, :starts, :ends, 'UTC', '[]', '[]', '', '', :starts, 'asked')",
        **times(sql, 3, 4),
    )
    sql(
        "INSERT INTO outbox (opening_id, recipient_id, kind, version, minutes, due_at, next_at, attempts,"
        " created_at, error) VALUES (1, 1, 'opening_asked', 0, 0, :starts, :starts, 0, :starts, '')",
        starts=instant(sql, 3),
    )


def notify_more(sql: Plain) -> None:
    """Add a counter-proposal and a day's summary, each with its notice, and the choices of the worker."""
    sql(
        "INSERT INTO counterproposals (appointment_id, revision, proposer_id, starts_at, ends_at, created_at, state)"
        " VALUES (1, 1, 1, :starts, :ends, :starts, 'proposed')",
        **times(sql, 3, 4),
    )
    for column, subject, kind in (("proposal_id", "1", "counter_proposed"), ("day", "'2026-01-27'", "summary")):
        sql(
            f"INSERT INTO outbox ({column}, recipient_id, kind, version, minutes, due_at, next_at, attempts,"  # noqa: S608
            f" created_at, error) VALUES ({subject}, 1, '{kind}', 0, 0, :starts, :starts, 0, :starts, '')",
            starts=instant(sql, 3),
        )
    sql("INSERT INTO preferences (worker_id, reminders, availability, external) VALUES (1, '60', true, true)")
    sql("UPDATE workers SET own_locale = 'en'")


def rows(sql: Plain) -> dict[str, list[object]]:
    """Return what KEPT names, without holds and notices of openings."""
    found: dict[str, list[object]] = {}
    with sql.engine.connect() as connection:
        for table, columns in KEPT.items():
            wanted = sa.select(*map(sa.column, columns)).select_from(sa.table(table)).order_by(sa.text("1"))
            if table in {"claims", "outbox"}:
                wanted = wanted.where(sa.column("appointment_id").is_not(None))
            found[table] = [tuple(row) for row in connection.execute(wanted)]
    return found


def times(sql: Plain, start: int, end: int) -> dict[str, object]:
    """Return the two parameters of a stretch from hour to hour."""
    return {"starts": instant(sql, start), "ends": instant(sql, end)}


def instant(sql: Plain, hour: int) -> object:
    """Return an hour of the day, as the database stores it."""
    return hour * 3_600_000_000 if sql.engine.dialect.name == "sqlite" else f"2026-01-27 {hour:02}:00+00"
