"""Finding a time for several: in one agenda, with those who must be there and those who may be missing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.availability import Slot
from core.freetime import facts_of
from core.offers import Offers, Wanted, free_starts, offered
from core.ports import Transaction
from core.rules import Rules
from core.sweep import STEP_SECONDS, Stretch, both
from core.times import Interval, at_second, instant, seconds_down

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: a time of `duration` that begins inside `window`, in the agenda of `main_id`.

    `required` and `optional` are who is invited. It lies inside `hours` of the day, as the clocks of `zone` show them
    (an end that is not after the start is one of the next day), and at `place_id`; None means any hours, any place.
    """

    main_id: int
    required: tuple[int, ...]
    optional: tuple[int, ...]
    duration: timedelta
    window: Interval
    hours: tuple[time, time] | None
    zone: str
    place_id: int | None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time at which all who must be there are free; `busy_optional` are the others who are not."""

    slot: Slot
    busy_optional: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: tuple[int, int | None]
    missing: tuple[int, ...]
    loss: int

    @property
    def rank(self) -> tuple[bool, int, int, int, int]:
        at, place_id = self.start
        return (bool(self.missing), at, len(self.missing), self.loss, place_id or 0)


def find_times(
    tx: Transaction, search: Search, now: datetime, rules: Rules, *, viewer_id: int, limit: int = 12
) -> list[Proposal]:
    """Return times at which the main worker's slots are free for all who must be there, the best first.

    First those at which everyone is free, then those that some optional ones would miss. In each part the earliest is
    the best; of the same time at two places, the one that fewer miss, and then the one that leaves room for more
    appointments of this length. A time that overlaps a better one at the same place is left out, unless fewer miss it.
    Who is not available is not free; who has no ranges at all is always available. Raises as `free_slots`.
    """
    wanted = Wanted(search.window, search.duration, now, search.kind, viewer_id=viewer_id)
    if wanted.reached is None:
        return []
    required = [w for w in dict.fromkeys(search.required) if w != search.main_id]
    optional = [w for w in dict.fromkeys(search.optional) if w not in {search.main_id, *required}]
    facts = facts_of(tx, [search.main_id, *required, *optional], wanted.reached, now, rules)
    offers = offered(wanted, facts[search.main_id], [facts[w] for w in required], [facts[w] for w in optional])
    free = {w: free_starts(wanted, offers.grid, facts[w]) for w in optional}
    best = _best(sorted(_candidates(search, offers, free), key=lambda c: c.rank), offers.grid.lasts, limit)
    return [Proposal(offers.slot(each.start), each.missing) for each in best]


def _candidates(search: Search, offers: Offers, free: Mapping[int, bytearray]) -> Iterator[_Candidate]:
    grid = offers.grid
    hours = grid.all() if search.hours is None else grid.inside(_daily(search, search.hours, grid.first, grid.end))
    for place_id, starts in offers.places.items():
        if search.place_id is not None and place_id != search.place_id:
            continue
        for at in grid.left(both(starts, hours)):
            number = (at - grid.first) // STEP_SECONDS
            missing = tuple(worker_id for worker_id, own in free.items() if not own[number])
            yield _Candidate((at, place_id), missing, _loss(starts, number, grid.lasts))


def _daily(search: Search, hours: tuple[time, time], start: int, end: int) -> Iterator[Stretch]:
    """Yield these hours of each day from `start` to `end`."""
    begins, ends = hours
    day = at_second(start).astimezone(ZoneInfo(search.zone)).date() - _DAY  # whose hours may pass midnight
    while (opening := seconds_down(instant(day, begins, search.zone))) < end:
        closing = seconds_down(instant(day if begins < ends else day + _DAY, ends, search.zone))
        if opening < closing and start < closing:
            yield opening, closing
        day += _DAY


def _loss(starts: bytearray, number: int, lasts: int) -> int:
    """Return how many more appointments of this length the free time would have held, had it not been cut there."""
    before = (number - starts.rfind(0, 0, number) - 1) * STEP_SECONDS
    next_closed = starts.find(0, number)
    after = ((len(starts) if next_closed < 0 else next_closed) - 1 - number) * STEP_SECONDS
    return (before + after + lasts) // lasts - 1 - before // lasts - after // lasts


def _best(candidates: Iterable[_Candidate], lasts: int, limit: int) -> list[_Candidate]:
    chosen: list[_Candidate] = []
    for each in candidates:
        if len(chosen) == limit:
            break
        if not any(_serves_as_well(other, each, lasts) for other in chosen):
            chosen.append(each)
    return chosen


def _serves_as_well(better: _Candidate, worse: _Candidate, lasts: int) -> bool:
    (at, place_id), (other_at, other_place_id) = better.start, worse.start
    return place_id == other_place_id and abs(at - other_at) < lasts and len(better.missing) <= len(worse.missing)
