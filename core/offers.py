"""Which starts may be offered, from facts that were read: the pure half of `core/slots.py` and `core/finding.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import repeat

from core.availability import Slot, Span
from core.freetime import Facts, opened, opened_anywhere
from core.obstacles import CLOSING_SPANS, MARKING_SPANS, bounds, closed, full_days, standing
from core.rules import HORIZON, LONGEST
from core.sweep import STEP_SECONDS, Grid, both
from core.times import Interval, at_second, seconds_down, seconds_up

_SECOND = timedelta(seconds=1)
_REMEMBERED = 4_096


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: a start inside `window`, from `now` to the horizon, for so long.

    `kind` is the kind of appointment, `ignoring` the one that is being moved; what `viewer_id` holds is free for him.
    """

    window: Interval
    duration: timedelta
    now: datetime
    kind: str = ""
    ignoring: int | None = None
    viewer_id: int = 0

    @property
    def reached(self) -> Interval | None:
        """The time on which such a thing may lie, None if it cannot be booked at all."""
        start, end = max(self.window.start, self.now), min(self.window.end, self.now + HORIZON)
        if start > end or start >= self.window.end or self.duration > LONGEST:
            return None
        return Interval(start, end + self.duration)

    def grid(self, notice: timedelta) -> Grid:
        """Return the possible starts, so long after now."""
        earliest = max(self.window.start, self.now + notice)
        before = min(seconds_up(self.window.end), seconds_down(self.now + HORIZON) + 1)
        return Grid.between(seconds_up(earliest), before, -(-self.duration // _SECOND))


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered: the starts at each place, and of all starts those on which nothing uncertain lies (`sure`)."""

    grid: Grid
    duration: timedelta
    places: dict[int | None, bytearray]
    sure: bytearray

    def starts(self) -> list[tuple[int, int | None]]:
        """Return (second since 1970, place) of each, by time and place."""
        found: list[tuple[int, int | None]] = []
        for place_id, starts in self.places.items():
            found += zip(self.grid.left(starts), repeat(place_id))
        return sorted(found, key=lambda start: (start[0], start[1] or 0)) if len(self.places) > 1 else found

    def slot(self, start: tuple[int, int | None]) -> Slot:
        """Return one of them as it is shown."""
        at, place_id = start
        marked = not self.sure[(at - self.grid.first) // STEP_SECONDS]
        return _slot(at, self.duration, place_id, marked=marked)


@lru_cache(maxsize=_REMEMBERED)
def _slot(at: int, duration: timedelta, place_id: int | None, *, marked: bool) -> Slot:
    """Return a slot; the same ones are offered again and again, to everybody who looks at the same week."""
    return Slot(Interval.lasting(at_second(at), duration), place_id, marked)


def offered(wanted: Wanted, main: Facts, required: Sequence[Facts] = (), marking: Sequence[Facts] = ()) -> Offers:
    """Return what is offered in the main worker's agenda (rule 3, first column).

    Everyone `required` is available and not busy; whatever is uncertain of the main worker or of them marks, and
    anything of those who are only `marking`. Raises UnknownRule.
    """
    grid = wanted.grid(main.limits.notice)
    common, sure = grid.all(), grid.all()
    for facts in required:
        common = both(common, free_starts(wanted, grid, facts))
    for facts in (main, *required):
        grid.cut(sure, bounds(facts, _standing(wanted, facts), MARKING_SPANS))
    for facts in marking:
        grid.cut(sure, bounds(facts, _standing(wanted, facts), CLOSING_SPANS | MARKING_SPANS))
    grid.cut(common, full_days(main, wanted.ignoring), lasts=1)
    spans = _standing(wanted, main)
    places = {}
    for place_id, pieces in opened(main, grid.first, grid.end, wanted.kind).items():
        places[place_id] = both(common, grid.inside(pieces))
        grid.cut(places[place_id], closed(main, spans, place_id))
    return Offers(grid, wanted.duration, places, sure)


def free_starts(wanted: Wanted, grid: Grid, facts: Facts) -> bytearray:
    """Return the starts at which an invited worker is available and not busy; without ranges he is always available."""
    pieces = opened_anywhere(facts, grid.first, grid.end, wanted.kind) if facts.ranges else None
    starts = grid.all() if pieces is None else grid.inside(pieces)
    grid.cut(starts, bounds(facts, _standing(wanted, facts), CLOSING_SPANS))
    return starts


def _standing(wanted: Wanted, facts: Facts) -> Sequence[Span]:
    return standing(facts, wanted.ignoring, wanted.viewer_id)
