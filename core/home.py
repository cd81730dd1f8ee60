"""A worker's home: what waits for him, what he may still take back, his day and the rest of his week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.appointments import Appointment
from core.days import Listed, day_of, is_waiting, standing_in
from core.people import Worker
from core.ports import Transaction
from core.times import Interval
from core.views import AppointmentView, views_of

INVITATIONS, UNSETTLED, TODAY, WEEK = 8, 4, 12, 12
"""How many of each are shown."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the worker may read and do now.

    `count` invitations await his answer, the first of them in `invitations`. `unsettled` is what he has just ended or
    declined. `today` has what is not over yet, `week` what begins later this week; what awaits his answer is in
    neither. Unless something happens, it looks the same until `changes_at` (UTC).
    """

    worker: Worker
    invitations: tuple[AppointmentView, ...]
    count: int
    unsettled: Listed
    today: Listed
    week: Listed
    changes_at: datetime


def view_home(tx: Transaction, worker: Worker, now: datetime) -> HomeView:
    """Return the worker's home at `now`."""
    today, week = _today_and_week(now.astimezone(ZoneInfo(worker.zone)).date(), worker.zone)
    waiting = tx.appointments.invited(worker.id, now, limit=INVITATIONS)
    count = tx.appointments.count_invited(worker.id, now) if len(waiting) == INVITATIONS else len(waiting)
    unsettled = tx.appointments.unsettled(worker.id, now)
    known = {a.id for a in unsettled}
    whole = Interval(today.start, week.end) if week else today
    coming = [
        a
        for a in standing_in(tx, worker, whole, now)
        if a.during.end > now and a.id not in known and not is_waiting(a, worker.id, now)
    ]
    of_today = [a for a in coming if a.during.start < today.end]
    later = coming[len(of_today) :]
    shown = [*waiting, *unsettled[:UNSETTLED], *of_today[:TODAY], *later[:WEEK]]
    views = {view.appointment.id: view for view in views_of(tx, worker, shown, now)}
    return HomeView(
        worker=worker,
        invitations=tuple(views[a.id] for a in waiting),
        count=count,
        unsettled=_listed(unsettled, UNSETTLED, views),
        today=_listed(of_today, TODAY, views),
        week=_listed(later, WEEK, views),
        changes_at=min([today.end, *_changes(worker.id, waiting, unsettled, of_today, now)]),
    )


def _today_and_week(day: date, zone: str) -> tuple[Interval, Interval | None]:
    """Return the day and what follows of its week, on the clocks of `zone`; None after a Sunday."""
    today, sunday = day_of(day, zone), day_of(day + timedelta(days=6 - day.weekday()), zone)
    return today, Interval(today.end, sunday.end) if today.end < sunday.end else None


def _listed(found: Sequence[Appointment], limit: int, views: dict[int, AppointmentView]) -> Listed:
    return Listed(tuple(views[a.id] for a in found[:limit]), max(len(found) - limit, 0))


def _changes(
    worker_id: int,
    waiting: Sequence[Appointment],
    unsettled: Iterable[Appointment],
    today: Iterable[Appointment],
    now: datetime,
) -> Iterable[datetime]:
    """Yield when something of it changes by itself: an invitation begins, Undo runs out, an appointment is over."""
    yield from (a.during.start for a in waiting[:1])
    yield from (a.during.end for a in today)
    for a in unsettled:  # what is over may be deleted too
        instants = (
            a.during.start,
            a.ending.settles_at if a.ending else None,
            *(i.settles_at for i in a.invitations if i.worker_id == worker_id),
        )
        yield from (at for at in instants if at is not None and at > now)
