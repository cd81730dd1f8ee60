"""The daily summary: when each worker's next one comes, and what it tells of his day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.days import Listed, day_of, still_to_come
from core.notices import Notice, NoticeKind
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from core.times import instant

AT_ONCE = 200
"""How many workers' summaries are planned at once, a minute apart: no more than a chat takes in that time."""
SHOWN = 20
"""How many appointments one summary lists."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SummaryView:
    """The worker's `day` as it stands: what of it is still to come, and how many invitations await his answer."""

    worker: Worker
    day: date
    appointments: Listed
    waiting: int


def next_summary(at: time, zone: str, after: datetime) -> datetime:
    """Return the next instant after `after` at which the clocks of `zone` show `at`.

    Where a clock change skips that time, or repeats it, as `core.times.instant` reads it: once each day.
    """
    today = after.astimezone(ZoneInfo(zone)).date()
    days = (today + n * _DAY for n in range(4))  # a day before a gap of a whole day has its time on the one after
    return next(found for day in days if (found := instant(day, at, zone)) > after)


def plan(tx: Transaction, now: datetime) -> int:
    """Add a notice for each summary that has fallen due, and set when the next one comes; return how many were due.

    At most AT_ONCE: call it again while it returns as many. Today's is told even late; days that are over are skipped.
    Twice at once adds nothing twice.
    """
    due = tx.choices.summaries_due(now, AT_ONCE)
    people = tx.people.find([PartyRef(PartyKind.WORKER, worker_id) for worker_id, _ in due])
    workers = {ref.id: worker for ref, worker in people.items() if isinstance(worker, Worker)}
    chosen = tx.choices.of([worker_id for worker_id, _ in due])
    tx.outbox.add(_notices(tx, due, workers, {w: p.summary_at for w, p in chosen.items()}, now), now)
    return len(due)


def view_summary(tx: Transaction, worker: Worker, day: date, now: datetime) -> SummaryView | None:
    """Return what there is to tell of that day; None if nothing is left of it and no invitation waits."""
    appointments = still_to_come(tx, worker, day_of(day, worker.zone), now, SHOWN)
    waiting = tx.appointments.count_invited(worker.id, now)
    return SummaryView(worker, day, appointments, waiting) if appointments.views or waiting else None


def _notices(
    tx: Transaction,
    due: Iterable[tuple[int, datetime]],
    workers: dict[int, Worker],
    times: dict[int, time | None],
    now: datetime,
) -> list[Notice]:
    """Set when each summary comes next; return what is to be told now."""
    found = []
    for worker_id, fell_due in due:
        worker, at = workers[worker_id], times[worker_id]
        if at is None or not tx.choices.summary_next(worker_id, fell_due, next_summary(at, worker.zone, now)):
            continue  # another process was quicker
        today = now.astimezone(ZoneInfo(worker.zone)).date()
        if worker.active and instant(today, at, worker.zone) <= now:
            ends = day_of(today, worker.zone).end
            found.append(Notice(0, worker_id, NoticeKind.SUMMARY, version=0, due_at=now, expires_at=ends, day=today))
    return found
