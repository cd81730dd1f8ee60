"""Availability ranges as instants: wall time is resolved once, here (rule 8)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.availability import AvailabilityRange, OpenRange
from core.recurring import days_of_rule
from core.times import Interval, at_second, instant, seconds_down, seconds_up

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_LAST_DAY = date.max.toordinal() - 2  # a range may pass midnight, and its zone be behind UTC
_MIDNIGHT = time()
_SECOND = timedelta(seconds=1)
_DAY = 86_400


def open_ranges(ranges: Iterable[AvailabilityRange], window: Interval) -> list[OpenRange]:
    """Return the occurrences that touch `window`, by start. Raises UnknownRule."""
    start, end = seconds_down(window.start), seconds_up(window.end)
    return sorted(
        (
            OpenRange(Interval(at_second(begins), at_second(ends)), r.place_id, r.kinds)
            for r in ranges
            for begins, ends in occurrences(r, start, end)
        ),
        key=lambda piece: (piece.during, piece.place_id or 0),
    )


def occurrences(r: AvailabilityRange, start: int, end: int) -> list[tuple[int, int]]:
    """Return the occurrences that touch the time from `start` to `end`, by start; all in seconds since 1970.

    They are rounded inwards to whole seconds. Raises UnknownRule for a rule that repeats more often than daily, or
    cannot be read.
    """
    # a day of any zone begins at most a day before or after that of UTC, and a range may pass midnight
    first = max(start // _DAY + _EPOCH_DAY - 2, 1)
    last = min(end // _DAY + _EPOCH_DAY + 1, _LAST_DAY)
    starts = seconds_up(datetime.combine(_EPOCH, r.starts, UTC))
    ends = seconds_down(datetime.combine(_EPOCH, r.starts, UTC) + r.lasts)  # wall time: UTC, for "no clock change"
    found: list[tuple[int, int]] = []
    for day in _days(r, first, last):
        offset = _offset(r.zone, day)
        next_offset = offset if ends <= _DAY else _offset(r.zone, day + 1)
        if offset is None or next_offset is None:
            begins, stops = _instant(day, starts, r.zone), _instant(day, ends, r.zone)
        else:
            midnight = (day - _EPOCH_DAY) * _DAY
            begins, stops = midnight + starts - offset, midnight + ends - next_offset
        if begins < stops and begins < end and start < stops:
            found.append((begins, stops))
    return found


@lru_cache(maxsize=16_384)
def _offset(zone: str, day: int) -> int | None:
    """Return how many seconds `zone` is ahead of UTC all that day long; None on a day of a clock change."""
    midnight, next_midnight = (
        datetime.combine(date.fromordinal(n), _MIDNIGHT, ZoneInfo(zone)).utcoffset() for n in (day, day + 1)
    )
    return midnight // _SECOND if midnight is not None and midnight == next_midnight else None


def _instant(day: int, wall: int, zone: str) -> int:
    """Return the second at which the clocks of `zone` have shown `wall` seconds since the midnight of `day`."""
    shown = at_second(wall)
    return seconds_down(instant(date.fromordinal(day + shown.toordinal() - _EPOCH_DAY), shown.time(), zone))


def _days(r: AvailabilityRange, first: int, last: int) -> Iterable[int]:
    """Return the days of the range from `first` up to and with `last`, as ordinals."""
    first_day = r.first_day.toordinal()
    if not r.rule:
        found: Iterable[int] = (first_day,) if first <= first_day <= last else ()
    else:
        found = days_of_rule(r.rule, first_day, first, last)
    if not r.except_days:
        return found
    skipped = {day.toordinal() for day in r.except_days}
    return [day for day in found if day not in skipped]
