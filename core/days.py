"""A worker's own appointments in a stretch of time: what his home and his daily summary list."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.appointments import Answer, Appointment
from core.people import Worker
from core.ports import Transaction
from core.times import Interval, instant
from core.views import AppointmentView, views_of

_DAY = timedelta(days=1)
_SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of some appointments, by start; `more` are not shown."""

    views: tuple[AppointmentView, ...] = ()
    more: int = 0


def day_of(day: date, zone: str) -> Interval:
    """Return a whole day on the clocks of `zone`; of one that the zone never had (Apia, 2011), a minute at its end."""
    start, end = (instant(d, time(), zone) for d in (day, day + _DAY))
    return Interval(min(start, end - _SHORTEST), end)


def standing_in(tx: Transaction, worker: Worker, window: Interval, now: datetime) -> list[Appointment]:
    """Return what touches `window` and stands for the worker: main worker or invited, and not declined; by start."""
    spans = tx.agendas.spans([worker.id], window, now)
    found = tx.appointments.find_all(sorted({span.appointment_id for span in spans if span.appointment_id}))
    return [a for a in found if a.during.overlaps(window) and a.ended_for(worker.id, now) is None]


def still_to_come(tx: Transaction, worker: Worker, window: Interval, now: datetime, limit: int) -> Listed:
    """Return what of the window is not over yet, at most `limit` of it."""
    found = [a for a in standing_in(tx, worker, window, now) if a.during.end > now]
    return Listed(views_of(tx, worker, found[:limit], now), max(len(found) - limit, 0))


def is_waiting(appointment: Appointment, worker_id: int, now: datetime) -> bool:
    """Tell whether it awaits this worker's answer, and has not begun."""
    own = appointment.invitation_of(worker_id)
    return own is not None and own.answer is Answer.PENDING and appointment.during.start > now
