"""Where everything stands in the picture of an agenda: hours from left to right, a row for each person and day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.times import Interval
from handlers.agenda.looks import Look
from handlers.agenda.marks import Cell, Day, Mark
from handlers.agenda.stacking import stacked
from handlers.drawing.widths import width
from handlers.i18n import Texts

WIDE = 1280
HIGH = 760
"""As high as five people on five days are; what needs more room, such as events upon events, takes it."""

SIZE, SMALL, SMALLEST = 16, 14, 12
MARGIN, AXIS, GAP = 8, 26, 7
DAYS_WIDE, NAMES_WIDE = 82, 136
_LOWEST, _HIGHEST, _LANE = 25, 66, 22
_MORNING, _EVENING = 8, 18
CLOSING = (Look.ABSENCE, Look.HOLIDAY)
_NARROWEST = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole hours of the day, from `first` to `last`, between two edges in pixels."""

    first: int
    last: int
    left: float
    right: float

    def at(self, hour: float) -> float:
        """Return where an hour is; the edge for one beyond it."""
        share = (min(max(hour, self.first), self.last) - self.first) / (self.last - self.first)
        return round(self.left + share * (self.right - self.left))

    @property
    def hours(self) -> range:
        """The hours that are written: all, or every second one where they would stand too close."""
        close = (self.right - self.left) / (self.last - self.first) < width("00:00", SMALL) * 1.3
        return range(self.first, self.last + 1, 2 if close else 1)


@dataclass(frozen=True, slots=True)
class Box:
    """A mark with its place, in pixels."""

    mark: Mark
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Row:
    """One person's day: availability, what closes it, and over both the boxes of what occupies him."""

    cell: Cell
    top: float
    bottom: float
    available: tuple[Box, ...]
    closing: tuple[Box, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """One day, with a row for each person; `present` is where now is, if it is in the picture."""

    day: Day
    rows: tuple[Row, ...]
    present: float | None

    @property
    def top(self) -> float:
        """Its upper edge."""
        return self.rows[0].top

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.rows[-1].bottom


@dataclass(frozen=True, slots=True)
class Layout:
    """All of the picture but what stands below the rows."""

    axis: Axis
    bands: tuple[Band, ...]

    @property
    def rows(self) -> list[Row]:
        """All rows."""
        return [row for band in self.bands for row in band.rows]

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return self.bands[-1].bottom


def lay_out(days: Sequence[Day], texts: Texts, now: datetime, below: float) -> Layout:
    """Return the layout of these days; `below` is the height kept for what stands below."""
    people = len(days[0].cells)
    names = NAMES_WIDE if people > 1 else 0
    axis = Axis(*_hours(days, texts), MARGIN + DAYS_WIDE + names, WIDE - MARGIN)
    room = HIGH - AXIS - below - GAP * (len(days) - 1)
    least = min(max(int(room // (people * len(days))), _LOWEST), _HIGHEST)
    bands, top = [], float(AXIS)
    for day in days:
        rows = []
        for cell in day.cells:
            rows.append(_row(cell, day.whole, top, least, axis, texts))
            top = rows[-1].bottom
        bands.append(Band(day, tuple(rows), _present(day.whole, axis, texts, now)))
        top += GAP
    return Layout(axis, tuple(bands))


def _present(whole: Interval, axis: Axis, texts: Texts, now: datetime) -> float | None:
    if not whole.start <= now < whole.end:
        return None
    hour = _clock_hour(now, whole, texts)
    return axis.at(hour) if axis.first <= hour <= axis.last else None


def _clock_hour(at: datetime, whole: Interval, texts: Texts) -> float:
    """Return an instant as an hour of the day `whole`, on the reader's clock."""
    if at <= whole.start or at >= whole.end:
        return 0 if at <= whole.start else 24
    local = texts.local(at)
    return local.hour + local.minute / 60


def _row(cell: Cell, whole: Interval, top: float, least: float, axis: Axis, texts: Texts) -> Row:
    stacks = [
        stacked((m for m in cell.marks if m.look is Look.AVAILABLE), texts),
        stacked((m for m in cell.marks if m.look in CLOSING), texts),
        stacked((m for m in cell.marks if m.look not in {Look.AVAILABLE, *CLOSING}), texts),
    ]
    most = max(len(lanes) for lanes in stacks)
    bottom = top + max(least, most * _LANE if most > 1 else 0)

    def boxes(lanes: Sequence[Sequence[Mark]]) -> tuple[Box, ...]:
        high = (bottom - top) / max(len(lanes), 1)
        places = [(mark, top + n * high) for n, lane in enumerate(lanes) for mark in lane]
        return tuple(_box(mark, whole, y, y + high, axis, texts) for mark, y in places)

    return Row(cell, top, bottom, *(boxes(lanes) for lanes in stacks))


def _box(mark: Mark, whole: Interval, top: float, bottom: float, axis: Axis, texts: Texts) -> Box:
    left = axis.at(_clock_hour(mark.during.start, whole, texts))
    right = axis.at(_clock_hour(mark.during.end, whole, texts))
    if right - left < _NARROWEST:  # so short, or the clock was set back meanwhile
        left = min(left, axis.right - _NARROWEST)
        right = left + _NARROWEST
    return Box(mark, left, round(top), right, round(bottom))


def _hours(days: Iterable[Day], texts: Texts) -> tuple[int, int]:
    """Return the hours that hold everything but what closes a day."""
    first, last = _MORNING, _EVENING
    for day in days:
        for mark in (m for cell in day.cells for m in cell.marks if m.look not in CLOSING):
            if mark.during.start > day.whole.start:
                hour = texts.local(mark.during.start).hour
                first, last = min(first, hour), max(last, hour + 1)
            if mark.during.end < day.whole.end:
                end = texts.local(mark.during.end)
                until = end.hour + (end.minute > 0)
                first, last = min(first, max(until - 1, 0)), max(last, until)
    return first, last
