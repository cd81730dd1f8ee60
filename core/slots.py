"""The times that are offered: availability without what stands in the way (rule 3, first column)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from core.availability import Busy, BusyKind, Slot
from core.ports import Transaction
from core.ranges import open_ranges
from core.rules import STEP
from core.times import Interval, merged

_CLOSING = {BusyKind.APPOINTMENT, BusyKind.ACCEPTED, BusyKind.EXTERNAL}
_SEARCHED = timedelta(days=14)
_STEP_SECONDS = int(STEP.total_seconds())


def free_slots(
    tx: Transaction,
    worker_id: int,
    window: Interval,
    duration: timedelta,
    now: datetime,
    *,
    invitees: Sequence[int] = (),
    ignoring: int | None = None,
) -> list[Slot]:
    """Return the starts, every quarter of an hour, at which `duration` fits inside the worker's availability.

    A slot is marked when something tentative or unanswered of the worker, or anything of an invitee, lies on it.
    Slots begin inside `window`, not before `now`, and may end after it. `ignoring` is the appointment being moved.
    """
    reached = Interval(window.start, window.end + duration)
    busy = [
        b
        for b in tx.agendas.busy([worker_id, *invitees], reached, now)
        if ignoring is None or b.appointment_id != ignoring
    ]
    closed = merged(b.during for b in busy if b.worker_id == worker_id and b.kind in _CLOSING)
    doubtful = merged(b.during for b in busy if b.worker_id != worker_id or b.kind not in _CLOSING)
    slots: list[Slot] = []
    for place_id, during in _opened(tx, worker_id, reached):
        for gap in _without(during, closed):
            for start in _starts(gap, duration, max(now, window.start), window.end):
                slot = Interval.lasting(start, duration)
                slots.append(Slot(slot, place_id, marked=any(d.overlaps(slot) for d in doubtful)))
    return sorted(slots, key=lambda s: (s.during, s.place_id or 0))


def nearest_slots(
    tx: Transaction,
    worker_id: int,
    wanted: Interval,
    now: datetime,
    *,
    count: int = 3,
    ignoring: int | None = None,
) -> list[Slot]:
    """Return the free slots of the same length that begin nearest to `wanted`, two weeks around, by start."""
    start = max(now, wanted.start - _SEARCHED)
    window = Interval(start, max(wanted.end, start) + _SEARCHED)
    slots = free_slots(tx, worker_id, window, wanted.duration, now, ignoring=ignoring)
    by_distance = sorted(slots, key=lambda s: (abs(s.during.start - wanted.start), s.during.start))
    chosen: list[Slot] = []
    for slot in by_distance:
        if all(not slot.during.overlaps(other.during) for other in chosen):
            chosen.append(slot)
        if len(chosen) == count:
            break
    return sorted(chosen, key=lambda s: s.during)


def within_availability(tx: Transaction, worker_id: int, during: Interval, *, lock: bool) -> bool:
    """Tell whether `during` lies wholly inside the worker's ranges; with `lock`, they stay so until the commit."""
    ranges = tx.agendas.lock_ranges(worker_id) if lock else tx.agendas.ranges(worker_id)
    return any(piece.contains(during) for piece in merged(r.during for r in open_ranges(ranges, during)))


def standing(busy: Iterable[Busy], during: Interval, ignoring: int | None) -> list[Busy]:
    """Return what of `busy` lies on `during`, without the appointment being moved."""
    return [b for b in busy if b.during.overlaps(during) and (ignoring is None or b.appointment_id != ignoring)]


def _opened(tx: Transaction, worker_id: int, window: Interval) -> Iterable[tuple[int | None, Interval]]:
    """Return the worker's availability by place: ranges of one place that overlap or touch are one."""
    places: dict[int | None, list[Interval]] = {}
    for piece in open_ranges(tx.agendas.ranges(worker_id), window):
        places.setdefault(piece.place_id, []).append(piece.during)
    return [(place_id, during) for place_id, pieces in places.items() for during in merged(pieces)]


def _without(piece: Interval, closed: Sequence[Interval]) -> Iterable[Interval]:
    start = piece.start
    for block in closed:
        if block.end <= start:
            continue
        if block.start >= piece.end:
            break
        if start < block.start:
            yield Interval(start, block.start)
        start = block.end
    if start < piece.end:
        yield Interval(start, piece.end)


def _starts(gap: Interval, duration: timedelta, earliest: datetime, latest: datetime) -> Iterable[datetime]:
    begin = max(gap.start, earliest)
    seconds = -(-int(begin.timestamp()) // _STEP_SECONDS) * _STEP_SECONDS
    start = datetime.fromtimestamp(seconds, UTC)
    if start < begin:
        start += STEP
    while start + duration <= gap.end and start < latest:
        yield start
        start += STEP
