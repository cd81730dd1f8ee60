"""The period that figures are asked for: chosen, or said in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from core.message import N_
from handlers.words.dates import DATED, has_year, read_day
from handlers.words.names import MONTH
from handlers.words.typed import pattern, plain

_DATES = pattern(DATED)
_MONTH = pattern(rf"({MONTH})(?: ([0-9]{{4}}))?")
_AHEAD = timedelta(days=31)
_YEAR = timedelta(days=365)
_QUARTER = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` up to and with `last`."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Choice:
    """A period that is named after today; `words` are how it is said, folded."""

    label: str
    words: tuple[str, ...]
    of: Callable[[date], Period]


def read_period(text: str, today: date) -> Period | None:
    """Return the period that was typed, None for words that name none: this month when nothing was typed.

    A month or day without a year is the one that lies within the year up to a month from today.
    """
    said = " ".join(plain(text).split())
    if not said:
        return month_of(today)
    for choice in CHOICES.values():
        if said in choice.words:
            return choice.of(today)
    base = today + _AHEAD - _YEAR
    if dates := [found[0] for found in _DATES.finditer(said)]:
        return _from_to(dates[0], dates[-1], base)
    named = _MONTH.search(said)
    first = read_day(f"1 {named[1]} {named[2] or ''}".strip(), base.replace(day=1)) if named else None
    return month_of(first) if first else None


def _from_to(first_said: str, last_said: str, base: date) -> Period | None:
    last = read_day(last_said, base)
    first = read_day(first_said, last, past=not has_year(first_said)) if last else None
    return Period(first, last) if first and last and first <= last else None


def month_of(day: date) -> Period:
    """Return the whole month that `day` lies in."""
    return _months(day, 1)


def _quarter_of(day: date) -> Period:
    return _months(day.replace(month=day.month - (day.month - 1) % _QUARTER, day=1), _QUARTER)


def _months(day: date, count: int) -> Period:
    """Return so many whole months, beginning with the one that `day` lies in."""
    first = day.replace(day=1)
    month = first.year * 12 + first.month - 1 + count
    return Period(first, date(month // 12, month % 12 + 1, 1) - _DAY)


def _before(of: Callable[[date], Period]) -> Callable[[date], Period]:
    return lambda today: of(of(today).first - _DAY)


CHOICES = {
    "month": Choice(N_("This month"), ("ce mois", "ce mois-ci", "mois", "this month", "month"), month_of),
    "last-month": Choice(
        N_("Last month"), ("mois dernier", "le mois dernier", "mois passe", "last month"), _before(month_of)
    ),
    "quarter": Choice(N_("This quarter"), ("ce trimestre", "trimestre", "this quarter", "quarter"), _quarter_of),
    "last-quarter": Choice(
        N_("Last quarter"),
        ("trimestre dernier", "le trimestre dernier", "trimestre passe", "last quarter"),
        _before(_quarter_of),
    ),
}
"""By the value of the choice."""
