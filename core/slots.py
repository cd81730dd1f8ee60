"""The times that are offered: availability without what stands in the way (rule 3, first column)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.availability import Slot
from core.freetime import facts_of
from core.kinds import takes
from core.offers import Wanted, offered
from core.ports import Transaction
from core.ranges import open_ranges
from core.rules import Rules
from core.times import Interval, merged, seconds_down

_SEARCHED = timedelta(days=14)


def free_slots(
    tx: Transaction,
    worker_id: int,
    window: Interval,
    duration: timedelta,
    now: datetime,
    rules: Rules,
    *,
    invitees: Sequence[int] = (),
    optional: frozenset[int] = frozenset(),
    everyone: bool = False,
    kind: str = "",
    ignoring: int | None = None,
    viewer_id: int = 0,
) -> list[Slot]:
    """Return the starts, every quarter of an hour, at which `duration` fits inside the worker's availability, by start.

    Each lies in ranges of one place; a time that is open at two is offered at both. Slots begin inside `window`, from
    `now` to the horizon, and may end after it. One is marked when something tentative or unanswered of the worker's
    lies on it, or anything of an invitee's. With `everyone`, those on which an invitee who is not `optional` is busy
    or not available are left out; what is uncertain of him still marks. An invitee without any ranges is available at
    all times. `ignoring` is the appointment being moved; what `viewer_id` holds himself is free for him.

    Raises:
        NotFound: one of the workers does not exist.
        UnknownRule: a stored rule of one of them cannot be read.
    """
    wanted = Wanted(window, duration, now, kind, ignoring, viewer_id)
    if wanted.reached is None:
        return []
    others = [invitee for invitee in dict.fromkeys(invitees) if invitee != worker_id]
    facts = facts_of(tx, [worker_id, *others], wanted.reached, now, rules)
    required = [facts[i] for i in others if everyone and i not in optional]
    marking = [facts[i] for i in others if not everyone or i in optional]
    found = offered(wanted, facts[worker_id], required, marking)
    return [found.slot(start) for start in found.starts()]


def nearest_slots(
    tx: Transaction,
    worker_id: int,
    wanted: Interval,
    now: datetime,
    rules: Rules,
    *,
    kind: str = "",
    count: int = 3,
    ignoring: int | None = None,
    viewer_id: int = 0,
) -> list[Slot]:
    """Return the free slots of the same length that begin nearest to `wanted`, two weeks around, by start.

    No two of them overlap. Raises as `free_slots`.
    """
    start = max(now, wanted.start - _SEARCHED)
    window = Interval(start, max(wanted.end, start) + _SEARCHED)
    sought = Wanted(window, wanted.duration, now, kind, ignoring, viewer_id)
    if sought.reached is None:
        return []
    found = offered(sought, facts_of(tx, [worker_id], sought.reached, now, rules)[worker_id])
    middle = seconds_down(wanted.start)
    chosen: list[tuple[int, int | None]] = []
    for each in sorted(found.starts(), key=lambda s: abs(s[0] - middle)):
        if all(abs(each[0] - other[0]) >= found.grid.lasts for other in chosen):
            chosen.append(each)
        if len(chosen) == count:
            break
    return sorted((found.slot(each) for each in chosen), key=lambda s: s.during)


def within_availability(tx: Transaction, worker_id: int, during: Interval, *, kind: str = "", lock: bool) -> bool:
    """Tell whether `during` lies wholly inside the worker's ranges for this kind, whatever their places.

    With `lock`, they stay so until the transaction ends.
    """
    ranges = tx.agendas.lock_ranges(worker_id) if lock else tx.agendas.ranges(worker_id)
    fitting = (piece.during for piece in open_ranges(ranges, during) if takes(piece.kinds, kind))
    return any(piece.contains(during) for piece in merged(fitting))
