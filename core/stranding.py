"""Appointments that a smaller availability would leave outside: they are shown before anything is changed."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.appointments import Appointment
from core.availability import AvailabilityRange
from core.errors import RdvError
from core.kinds import takes
from core.message import N_
from core.ports import Transaction
from core.ranges import occurrences
from core.rules import HORIZON, LONGEST
from core.sweep import Stretch, joined
from core.text import fold
from core.times import Interval, seconds_down, seconds_up


@dataclass(eq=False)
class Strands(RdvError):
    """These appointments lie inside the availability as it is, and would not any more; by start."""

    appointments: tuple[Appointment, ...]
    message = N_("Some appointments would lie outside your availability. Change it all the same?")


def check_stranding(
    tx: Transaction,
    worker_id: int,
    before: Sequence[AvailabilityRange],
    after: Sequence[AvailabilityRange],
    accepted: Collection[int],
    now: datetime,
) -> None:
    """Return if every coming appointment that the change leaves outside is among the `accepted` ids.

    The ranges are to be locked by `edit_ranges`, so that none can come meanwhile. Raises Strands with all of them.
    """
    lost = [r for r in before if r not in after]
    if not lost:
        return
    coming = Interval(now, now + HORIZON + LONGEST)
    closing = _opened(lost, coming)
    booked = [a for a in tx.appointments.of_main_worker(worker_id, coming, now) if a.during.start > now]
    left_out = _outside(after, [a for a in booked if _touches(closing, a.during)])
    outside_already = {a.id for a in _outside(before, left_out)}
    stranded = tuple(a for a in left_out if a.id not in outside_already)
    if any(a.id not in accepted for a in stranded):
        raise Strands(stranded)


def _outside(ranges: Sequence[AvailabilityRange], appointments: Sequence[Appointment]) -> list[Appointment]:
    """Return those that do not lie wholly inside what is open for their kind; they are given by start."""
    if not appointments:
        return []
    window = Interval(appointments[0].during.start, max(a.during.end for a in appointments))
    kinds = {fold(a.kind) for a in appointments}
    opened = {kind: _opened([r for r in ranges if takes(r.kinds, kind)], window) for kind in kinds}
    return [a for a in appointments if not _holds(opened[fold(a.kind)], a.during)]


def _opened(ranges: Iterable[AvailabilityRange], window: Interval) -> list[Stretch]:
    start, end = seconds_down(window.start), seconds_up(window.end)
    return joined(piece for r in ranges for piece in occurrences(r, start, end))


def _touches(opened: Sequence[Stretch], during: Interval) -> bool:
    last = bisect_left(opened, (seconds_up(during.end), 0)) - 1
    return last >= 0 and opened[last][1] > seconds_down(during.start)


def _holds(opened: Sequence[Stretch], during: Interval) -> bool:
    start, end = seconds_down(during.start), seconds_up(during.end)
    last = bisect_left(opened, (start + 1, 0)) - 1
    return last >= 0 and end <= opened[last][1]
