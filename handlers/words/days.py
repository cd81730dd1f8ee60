"""Days and weeks: one day, from one day to another, a whole week."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.words.dates import DATED, DAY, NUMBER, WORDED, has_year, read_day
from handlers.words.typed import Typed, pattern

_END = rf"({DAY}|{NUMBER})"
_FROM_TO = pattern(rf"(?:du|de|d'|from|entre|between) {_END}(?: ?- ?| (?:au|a|jusqu'au|to|till|until|et|and) ){_END}")
_TO = pattern(rf"{_END}(?: ?- ?| (?:au|to) ){_END}")
_WEEK_OF = pattern(rf"(?:semaine|week) (?:du|de|of) (?:le |the )?({DAY})")
_WEEK = pattern(r"(?:(cette|this|next) )?(?:semaine|week)(?: (prochaine|suivante))?")
_BEFORE_A_DAY = r"((?:a partir|des|starting|from) )?(?:du |de |le |on )?"
_DAY = pattern(rf"{_BEFORE_A_DAY}({DAY})")
_WORDED = pattern(rf"{_BEFORE_A_DAY}({WORDED})")
_NAMES_A_MONTH = re.compile(DATED)
_BARE = re.compile(NUMBER)
_LONGEST = timedelta(days=366)
_DAY_LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both included; one day when they are the same. `week`: it was said as a week.

    `onwards`: it was said as a beginning ("à partir du 3 février"), on or after which something first happens.
    """

    first: date
    last: date
    week: bool = False
    onwards: bool = False


def weeks_in(typed: Typed, today: date) -> Days | None:
    """Take a whole week out of the text, from its Monday to its Sunday."""

    def named(match: re.Match[str]) -> Days | None:
        word = match[1] or match[2]
        if word is None:
            return None
        return _week(today + timedelta(days=0 if word in {"cette", "this"} else 7))

    return typed.take(_WEEK_OF, _of_day(today, _week)) or typed.take(_WEEK, named)


def spans_in(typed: Typed, today: date) -> Days | None:
    """Take "du 24/12 au 31/12" out of the text: of the possible years, the one whose end is the nearest to come."""
    read = _span(today)
    return typed.take(_FROM_TO, read) or typed.take(_TO, read)


def day_in(typed: Typed, today: date, *, worded: bool = False) -> tuple[Days, str] | None:
    """Take one day out of the text; return it, and how it was said. `worded`: only one that names its month."""

    def read(match: re.Match[str]) -> tuple[Days, str] | None:
        day = read_day(match[2], today)
        return (Days(day, day, onwards=match[1] is not None), match[0]) if day else None

    return typed.take(_WORDED if worded else _DAY, read)


def _of_day(today: date, made: Callable[[date], Days]) -> Callable[[re.Match[str]], Days | None]:
    def read(match: re.Match[str]) -> Days | None:
        day = read_day(match[1], today)
        return made(day) if day else None

    return read


def _week(day: date) -> Days:
    monday = day - timedelta(days=day.weekday())
    return Days(monday, monday + timedelta(days=6), week=True)


def _span(today: date) -> Callable[[re.Match[str]], Days | None]:
    def read(match: re.Match[str]) -> Days | None:
        found = _ends(match[1], match[2], today)
        if found is None:
            return None
        first, last = found
        return Days(first, last) if first <= last <= first + _LONGEST else None

    return read


def _ends(start: str, end: str, today: date) -> tuple[date, date] | None:
    """Return both days; the text of either may lean on the other's month or year."""
    dated = _NAMES_A_MONTH.fullmatch(start), _NAMES_A_MONTH.fullmatch(end)
    if _BARE.fullmatch(start) or (dated[0] and dated[1] and not has_year(start)):
        last = read_day(end, today) if dated[1] else None
        first = _before(start, last) if last else None
    else:
        first = read_day(start, today)
        last = _after(end, first) if first else None
    return (first, last) if first and last else None


def _before(start: str, last: date) -> date | None:
    if not _BARE.fullmatch(start):
        return read_day(start, last, past=True)
    this_month = last.replace(day=1)
    found = read_day(f"le {start}", this_month)
    return found if found and found <= last else read_day(f"le {start}", (this_month - _DAY_LONG).replace(day=1))


def _after(end: str, first: date) -> date | None:
    return read_day(f"le {end}" if _BARE.fullmatch(end) else end, first)
