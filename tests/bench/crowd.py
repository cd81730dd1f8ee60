"""An organisation of any size in SQLite: everybody has as much to do, and there are as many people as it takes."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.ports import Transaction
from core.times import Interval
from storage import migrate, open_database
from tests.builders import Guide, make_range, make_worker, store_guide

WEEKS = 25
A_DAY = 4
PER_WORKER = WEEKS * 5 * A_DAY
FIRST = datetime(2026, 1, 26, 8, tzinfo=UTC)
"""The first appointments begin on this Monday at 9:00 in Brussels, when everybody's ranges do."""

_DAY, _HOUR = (int(length / timedelta(microseconds=1)) for length in (timedelta(days=1), timedelta(hours=1)))
# Appointment n is the (n / workers)th of worker n % workers: what one person has is scattered over the whole table.
_NUMBERED = """
WITH RECURSIVE numbered (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbered WHERE n + 1 < :count),
placed (n, worker, other, starts) AS (
  SELECT n, :first_worker + n % :workers, :first_worker + (n + 1) % :workers,
    :first + (n / :workers / :a_day / 5 * 7 + n / :workers / :a_day % 5) * :day + n / :workers % :a_day * 2 * :hour
  FROM numbered
)
"""
_FILL = (
    """INSERT INTO appointments (id, case_number, main_worker_id, creator_id, starts_at, ends_at, zone, place_id,
         comment, created_at, revision, version)
       SELECT n + 1, :case_number, worker, worker, starts, starts + :hour, 'Europe/Brussels', :place, '', :first, 1, 1
       FROM placed""",
    """INSERT INTO claims (appointment_id, worker_id, starts_at, ends_at, place_id)
       SELECT n + 1, worker, starts, starts + :hour, :place FROM placed""",
    "INSERT INTO parties (appointment_id, position, client_id) SELECT n + 1, 0, :client FROM placed",
    "INSERT INTO parties (appointment_id, position, worker_id) SELECT n + 1, 1, other FROM placed WHERE n % 4 = 0",
    """INSERT INTO invitations (appointment_id, worker_id, position, answer, previous, sequence, version, starts_at,
         ends_at)
       SELECT n + 1, other, 1, 'accepted', 'pending', 1, 1, starts, starts + :hour FROM placed WHERE n % 4 = 0""",
)


async def fill(path: Path, appointments: int) -> tuple[Guide, list[int]]:
    """Make a database with so many appointments, PER_WORKER each; return the guide's people and who has them.

    Every fourth one has a colleague invited, who has accepted; each has a client.
    """
    migrate(f"sqlite:///{path}")
    db = open_database(f"sqlite:///{path}")
    guide, workers = await db.write(lambda tx: _people(tx, appointments // PER_WORKER))
    await db.close()
    values = {
        "count": appointments,
        "workers": len(workers),
        "first_worker": workers[0],
        "first": int((FIRST - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)),
        "a_day": A_DAY,
        "day": _DAY,
        "hour": _HOUR,
        "case_number": guide.case.number,
        "place": guide.gembloux.id,
        "client": guide.gisele.id,
    }
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for statement in _FILL:
            connection.execute(f"{_NUMBERED}{statement}", values)
    with sqlite3.connect(path) as connection:
        connection.execute("ANALYZE")
    connection.close()
    return guide, workers


def week(number: int) -> Interval:
    """Return one of the weeks that are full, 0 for the first, from Monday to Sunday."""
    start = FIRST.replace(hour=0) + timedelta(weeks=number)
    return Interval(start, start + timedelta(days=7))


def _people(tx: Transaction, count: int) -> tuple[Guide, list[int]]:
    guide = store_guide(tx)
    workers = [tx.people.save_worker(make_worker(f"worker{n}")) for n in range(count)]
    for worker in workers:
        tx.agendas.replace_ranges(worker.id, [make_range(worker, place_id=guide.gembloux.id)])
    return guide, [w.id for w in workers]
