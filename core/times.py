"""Instants, intervals and the one way from wall time to an instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from core.errors import EndsBeforeItStarts, InThePast, SkippedTime, TooFarAhead

_LONGEST_OVER_MIDNIGHT = timedelta(hours=6)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class Clock(Protocol):
    """Where the present comes from; injected, so that a test can choose it."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A half-open stretch of time, from `start` up to but without `end`; given aware, kept in UTC."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("an interval needs aware instants")
        # Two instants of one zone are compared as wall times, and those repeat on one night a year.
        for name, at in (("start", self.start), ("end", self.end)):
            if at.tzinfo is not UTC:
                object.__setattr__(self, name, at.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("an interval ends after it starts")

    @classmethod
    def lasting(cls, start: datetime, duration: timedelta) -> Self:
        """Return the interval of `duration` that begins at `start`."""
        return cls(start, start + duration)

    @property
    def duration(self) -> timedelta:
        """How long it lasts, as elapsed time."""
        return self.end - self.start

    def overlaps(self, other: "Interval") -> bool:
        """Tell whether the two share an instant; touching ends do not."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Interval") -> bool:
        """Tell whether `other` lies wholly inside."""
        return self.start <= other.start and other.end <= self.end


def instant(day: date, at: time, zone: str) -> datetime:
    """Return the UTC instant at which the clocks of `zone` show `at` on `day`.

    A time that occurs twice means its first occurrence, and one that a clock change skips is read
    with the offset before the gap (RFC 5545, section 3.3.5).
    """
    return datetime.combine(day, at.replace(fold=0), ZoneInfo(zone)).astimezone(UTC)


def spoken_interval(day: date, start: time, end: time, zone: str) -> Interval:
    """Return what a person means who types a day, a start and an end: 23:30–00:30 ends on the next day.

    Raises:
        EndsBeforeItStarts: the end is the start, or lies before it and the next day's is more than 6 hours off.
        SkippedTime: a clock change skips the start or the end.
        InThePast, TooFarAhead: the day lies at the edge of the calendar, where some zone has no such instant.
    """
    if day.year <= MINYEAR or day.year >= MAXYEAR:
        raise InThePast if day.year <= MINYEAR else TooFarAhead
    begins, ends = datetime.combine(day, start, UTC), datetime.combine(day, end, UTC)  # wall time, as in ranges.py
    if ends < begins:
        ends += timedelta(days=1)
        if ends - begins > _LONGEST_OVER_MIDNIGHT:
            raise EndsBeforeItStarts
    if ends == begins:
        raise EndsBeforeItStarts
    return Interval(_shown(day, start, zone), _shown(ends.date(), end, zone))


def _shown(day: date, at: time, zone: str) -> datetime:
    found = instant(day, at, zone)
    shown = found.astimezone(ZoneInfo(zone))
    if (shown.date(), shown.time()) != (day, at):
        raise SkippedTime(f"{at:%H:%M}")
    return found


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the union as sorted intervals that neither overlap nor touch."""
    result: list[Interval] = []
    for piece in sorted(intervals):
        if result and piece.start <= result[-1].end:
            if piece.end > result[-1].end:
                result[-1] = Interval(result[-1].start, piece.end)
        else:
            result.append(piece)
    return result


def without(piece: Interval, closed: Iterable[Interval]) -> list[Interval]:
    """Return what is left of `piece`, by start; `closed` are sorted and do not overlap."""
    left: list[Interval] = []
    start = piece.start
    for block in closed:
        if block.end <= start:
            continue
        if block.start >= piece.end:
            break
        if start < block.start:
            left.append(Interval(start, block.start))
        start = block.end
    if start < piece.end:
        left.append(Interval(start, piece.end))
    return left


def seconds_down(at: datetime) -> int:
    """Return whole seconds since 1970, rounded down."""
    return (at - _EPOCH) // _SECOND


def seconds_up(at: datetime) -> int:
    """Return whole seconds since 1970, rounded up."""
    return -((_EPOCH - at) // _SECOND)


def at_second(second: int) -> datetime:
    """Return the instant so many seconds after the beginning of 1970."""
    return _EPOCH + timedelta(seconds=second)
