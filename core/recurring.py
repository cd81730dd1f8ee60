"""The days of a rule in a stretch of time, found without walking there from its first day; days are ordinals."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, time
from functools import lru_cache
from typing import NamedTuple

from core.errors import UnknownRule
from core.repetition import checked, days, joined, parts_of

_MONTHS = {"MONTHLY": 1, "YEARLY": 12}
_DAYS = {"DAILY": 1, "WEEKLY": 7}


class _Rule(NamedTuple):
    """What a rule says: `endless` is the rule without its UNTIL, which is `last`; it steps so many days, or months."""

    endless: str
    last: int
    days: int
    months: int
    counts: bool


def days_of_rule(rule: str, first_day: int, first: int, last: int) -> Sequence[int]:
    """Return the days from `first` up to and with `last` on which a rule falls that begins on `first_day`.

    Raises UnknownRule for a rule that cannot be read, or that repeats more often than daily.
    """
    if last < first_day:
        return ()
    read = _read(rule)
    found = _days_from(read.endless, _fast_forward(read, first_day, max(first, first_day)), first, last)
    return found if last <= read.last else [day for day in found if day <= read.last]


@lru_cache(maxsize=4096)
def _read(rule: str) -> _Rule:
    parts = parts_of(checked(rule, time(), None))
    interval = int(parts.get("INTERVAL", "1"))
    try:
        last = date.fromisoformat(parts.pop("UNTIL")[:8]) if "UNTIL" in parts else date.max
    except ValueError:
        raise UnknownRule from None
    return _Rule(
        endless=joined(parts),
        last=last.toordinal(),
        days=_DAYS.get(parts["FREQ"], 0) * interval,
        months=_MONTHS.get(parts["FREQ"], 0) * interval,
        counts="COUNT" in parts,
    )


@lru_cache(maxsize=1024)
def _days_from(rule: str, begin: int, first: int, last: int) -> tuple[int, ...]:
    found: list[int] = []
    try:
        for day in days(rule, date.fromordinal(begin)):
            number = day.toordinal()
            if number > last:
                break
            if number >= first:
                found.append(number)
    except (ValueError, TypeError, IndexError):  # what dateutil makes of a rule that says nothing
        raise UnknownRule from None
    return tuple(found)


def _fast_forward(rule: _Rule, first_day: int, target: int) -> int:
    """Return a later start, before `target`, that leaves the rule the same from `target` on.

    It lies whole strides later: what the rule takes from its start (weekday, day of the month, month, and which
    weeks, months or years are skipped) stays. A rule that counts keeps its own.
    """
    if rule.counts:
        return first_day
    if rule.days:
        return first_day + max((target - first_day) // rule.days - 1, 0) * rule.days
    begin, wanted = date.fromordinal(first_day), date.fromordinal(target)
    months = (wanted.year - begin.year) * 12 + wanted.month - begin.month
    for strides in range(months // rule.months - 1, 0, -1):
        year, month = divmod(begin.year * 12 + begin.month - 1 + strides * rule.months, 12)
        if begin.day <= monthrange(year, month + 1)[1]:
            return date(year, month + 1, begin.day).toordinal()
    return first_day
