"""Time by week: how long something lasts in each week of a period, in plain seconds (ADR 10)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Self

from core.sweep import Stretch
from core.times import Interval, instant, seconds_down, seconds_up

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Weeks:
    """A period in one zone: when it begins and ends, its Mondays and the one after, and when each of these begins."""

    during: Stretch
    mondays: tuple[date, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, first: date, last: date, zone: str) -> Self | None:
        """Return the period from one day up to and with another; None of a day that a zone never had (Apia, 2011)."""
        start, end = _midnight(first, zone), _midnight(last + _DAY, zone)
        if end <= start:
            return None
        found = tuple(mondays(first, last + _WEEK))
        return cls((start, end), found, tuple(_midnight(monday, zone) for monday in found))

    def shares(self, pieces: Iterable[Stretch]) -> Iterator[tuple[date, int]]:
        """Yield how long each piece lasts in each week, as far as it lies inside the period."""
        first, last = self.during
        for begins, ends in pieces:
            start, end = max(begins, first), min(ends, last)
            week = bisect_right(self.starts, start) - 1
            while start < end:
                until = min(end, self.starts[week + 1])
                yield self.mondays[week], until - start
                start, week = until, week + 1


def mondays(first: date, last: date) -> Iterator[date]:
    """Yield the Mondays of the weeks that these days and those between them lie in."""
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        yield monday
        monday += _WEEK


def stretch(during: Interval) -> Stretch:
    """Return an interval in seconds since 1970."""
    return seconds_down(during.start), seconds_up(during.end)


def shared(one: Sequence[Stretch], other: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield what lies in both; each is sorted, and none of its pieces overlap."""
    at = 0
    for start, end in one:
        while at < len(other) and other[at][1] <= start:
            at += 1
        for begins, ends in other[at:]:
            if begins >= end:
                break
            yield max(start, begins), min(end, ends)


def _midnight(day: date, zone: str) -> int:
    return seconds_up(instant(day, _MIDNIGHT, zone))
