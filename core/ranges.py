"""Availability ranges as instants: wall time is resolved once, here (rule 8)."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from core.availability import AvailabilityRange, OpenRange
from core.times import Interval, instant

_MIDNIGHT = time()
_UNTIL = re.compile(r"(UNTIL=\d{8})(?:T\d{6})?(?=;|$)", re.IGNORECASE)
_EVERY_WEEK = {"WEEKLY": 7, "DAILY": 1}


def open_ranges(ranges: Iterable[AvailabilityRange], window: Interval) -> list[OpenRange]:
    """Return the occurrences that touch `window`, by start."""
    return sorted(
        (piece for r in ranges for piece in _occurrences(r, window)),
        key=lambda piece: (piece.during, piece.place_id or 0),
    )


def _occurrences(r: AvailabilityRange, window: Interval) -> Iterable[OpenRange]:
    zone = ZoneInfo(r.zone)
    first = window.start.astimezone(zone).date() - timedelta(days=1)  # a range may pass midnight
    last = window.end.astimezone(zone).date()
    for day in _days(r, first, last):
        ends = datetime.combine(day, r.starts, UTC) + r.lasts  # wall time: UTC stands for "no clock change"
        start, end = instant(day, r.starts, r.zone), instant(ends.date(), ends.time(), r.zone)
        if start < end and start < window.end and window.start < end:
            yield OpenRange(Interval(start, end), r.place_id)


def _days(r: AvailabilityRange, first: date, last: date) -> list[date]:
    if not r.rule:
        days = [r.first_day] if first <= r.first_day <= last else []
    elif last < r.first_day:
        days = []
    else:
        begin = _fast_forward(r.rule, r.first_day, first)
        rule = _rule(r.rule, begin)
        after, before = datetime.combine(first, _MIDNIGHT, UTC), datetime.combine(last, _MIDNIGHT, UTC)
        days = [found.date() for found in rule.between(after, before, inc=True)]
    return [day for day in days if day not in r.except_days]


def _fast_forward(rule: str, first_day: date, target: date) -> date:
    """Return a later start that leaves a daily or weekly rule the same from `target` on.

    Other rules, and those that count, keep their own.
    """
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    unit = _EVERY_WEEK.get(parts.get("FREQ", ""))
    if unit is None or "COUNT" in parts or target <= first_day:
        return first_day
    stride = unit * int(parts.get("INTERVAL", "1"))
    return first_day + timedelta(days=max((target - first_day).days // stride - 1, 0) * stride)


@lru_cache(maxsize=4096)
def _rule(rule: str, first_day: date) -> rrule:
    until_in_utc = _UNTIL.sub(r"\1T000000Z", rule)  # dateutil wants it as DTSTART is; here both are days
    parsed = rrulestr(until_in_utc, dtstart=datetime.combine(first_day, _MIDNIGHT, UTC))
    if not isinstance(parsed, rrule):
        raise TypeError("a range has one rule")
    return parsed
