"""How often something comes back: "chaque semaine", "un lundi sur deux", "the first Monday of the month"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handlers.words.names import WEEKDAY, WEEKDAYS
from handlers.words.typed import Typed, pattern

_NTHS = {
    1: "premier first 1er 1st",
    2: "deuxieme second 2e 2eme 2nd",
    3: "troisieme third 3e 3eme 3rd",
    4: "quatrieme fourth 4e 4eme 4th",
    -1: "dernier last",
}
_NTH = {word: number for number, words in _NTHS.items() for word in words.split()}
_ORDINAL = "|".join(sorted(_NTH, key=len, reverse=True))
_EVERY = r"(?:chaque|tous les|toutes les|every|each)"
_OF_MONTH = r" (?:du|de chaque|of the|of every|of each|of|every|each|in the) (?:mois|month)"
_MONTHLY = pattern(rf"(?:{_EVERY} |le |les |the )?(?P<nth>{_ORDINAL})s? (?P<weekday>{WEEKDAY})s?{_OF_MONTH}")
_ENDS = pattern(rf"{_EVERY} (?P<nth>premier|1er|first|1st|dernier|last)s? (?P<weekday>{WEEKDAY})s?")
"""A month is meant; "chaque deuxième lundi" may as well be every second one."""

_SECOND = pattern(
    r"(?:toutes les (?:deux|2) semaines|(?:une|1) semaine sur (?:deux|2)|tous les (?:quinze|15) jours"
    r"|every (?:second|other) week|every (?:two|2) weeks|fortnightly|every fortnight"
    rf"|(?:un|1) (?:{WEEKDAY}) sur (?:deux|2)|every (?:second|other) (?:{WEEKDAY}))"
)
_WEEKLY = pattern(
    rf"{_EVERY} (?:semaines?|week)|hebdomadaire|weekly|{_EVERY} (?:{WEEKDAY})s?|(?:les|on) (?:{WEEKDAY})s"
)
_DAILY = pattern(rf"{_EVERY} (?:jours?|day)(?! ouvr)|quotidien|daily")
_NAME = re.compile(WEEKDAY)
_WEEK = 7


class Every(StrEnum):
    """How often."""

    DAY = "day"
    WEEK = "week"
    SECOND_WEEK = "second_week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Repeats:
    """`weekday` (Monday is 0) if one was named; `nth` of a month for MONTH, -1 the last one."""

    every: Every
    weekday: int | None = None
    nth: int = 0

    def first_from(self, day: date) -> date:
        """Return the first day of the series, on or after `day`."""
        if self.weekday is None:
            return day
        found = day + timedelta(days=(self.weekday - day.weekday()) % _WEEK)
        while self.nth and self.nth not in nths(found):
            found += timedelta(days=_WEEK)
        return found


def nths(day: date) -> tuple[int, ...]:
    """Return which of its weekday in its month the day is, from 1; with -1 if it is the last one too."""
    nth = (day.day - 1) // _WEEK + 1
    last = (day + timedelta(days=_WEEK)).month != day.month
    return (nth, -1) if last else (nth,)


def repeats_in(typed: Typed) -> Repeats | None:
    """Take the repetition out of the text."""
    return (
        typed.take(_MONTHLY, _monthly)
        or typed.take(_ENDS, _monthly)
        or typed.take(_SECOND, lambda m: Repeats(Every.SECOND_WEEK, _weekday(m)))
        or typed.take(_WEEKLY, lambda m: Repeats(Every.WEEK, _weekday(m)))
        or typed.take(_DAILY, lambda _: Repeats(Every.DAY))
    )


def _monthly(match: re.Match[str]) -> Repeats:
    return Repeats(Every.MONTH, WEEKDAYS[match["weekday"]], _NTH[match["nth"]])


def _weekday(match: re.Match[str]) -> int | None:
    found = _NAME.search(match[0])
    return WEEKDAYS[found[0]] if found else None
