"""One's own absences, which close one's ranges, and what falls in them (rule 3)."""

from datetime import date, datetime, time, timedelta

from core.appointments import Appointment
from core.availability import Absence, AbsenceKind
from core.errors import AbsenceTooLong, EndsBeforeItStarts, InThePast, SkippedTime
from core.people import Worker
from core.ports import Transaction
from core.range_drafts import check_years
from core.times import Interval, instant

LONGEST_ABSENCE = timedelta(days=366)
_CLOCK_CHANGE = timedelta(hours=1)  # whole days may last that much longer


def whole_days(first: date, last: date, zone: str) -> Interval:
    """Return the days from `first` to `last`, both included, from midnight to midnight on the clocks of `zone`.

    Raises EndsBeforeItStarts, OutOfYears; SkippedTime for a day that the zone left out.
    """
    check_years(first)
    check_years(last)
    if last < first:
        raise EndsBeforeItStarts
    start, end = instant(first, time(), zone), instant(last + timedelta(days=1), time(), zone)
    if start == end:
        raise SkippedTime("00:00")
    return Interval(start, end)


def add_absence(tx: Transaction, actor: Worker, kind: AbsenceKind, during: Interval, now: datetime) -> Absence:
    """Add an absence of the actor's; appointments in it stay until they are moved or handed over.

    Raises InThePast if it is over already, AbsenceTooLong, OutOfYears.
    """
    return _save(tx, Absence(0, actor.id, kind, during, actor.zone), now)


def change_absence(
    tx: Transaction, actor: Worker, absence_id: int, kind: AbsenceKind, during: Interval, now: datetime
) -> Absence:
    """Change an absence of the actor's. Raises NotFound, and as `add_absence`."""
    return _save(tx, Absence(absence_id, actor.id, kind, during, actor.zone), now)


def remove_absence(tx: Transaction, actor: Worker, absence_id: int) -> None:
    """Remove an absence of the actor's. Raises NotFound."""
    tx.agendas.edit_ranges(actor.id)
    tx.agendas.delete_absence(actor.id, absence_id)


def falling_in(tx: Transaction, worker_id: int, during: Interval, now: datetime) -> list[Appointment]:
    """Return the worker's own appointments that touch `during` and can still be moved or handed over, by start."""
    return [a for a in tx.appointments.of_main_worker(worker_id, during, now) if a.during.start > now]


def _save(tx: Transaction, absence: Absence, now: datetime) -> Absence:
    if absence.during.end <= now:
        raise InThePast
    if absence.during.duration > LONGEST_ABSENCE + _CLOCK_CHANGE:
        raise AbsenceTooLong
    check_years(absence.during.start.date())
    check_years(absence.during.end.date())
    tx.agendas.edit_ranges(absence.worker_id)  # who books at this moment is seen, or sees the absence
    return tx.agendas.save_absence(absence)
