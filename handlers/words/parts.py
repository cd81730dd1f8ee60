"""Parts of a day, which are no times yet: "le matin", "cet après-midi", "tonight"."""

import re
from dataclasses import replace
from datetime import time
from enum import StrEnum
from typing import NamedTuple

from handlers.words.hours import Hours
from handlers.words.typed import Typed, pattern

_NOON = 12


class Part(StrEnum):
    """A part of a day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    def holds(self, at: time) -> bool:
        """Tell whether that time of day lies in it."""
        first, last = _BOUNDS[self]
        return first <= at.hour < last


_BOUNDS = {Part.MORNING: (0, 12), Part.AFTERNOON: (12, 19), Part.EVENING: (17, 24)}
_WORDS = {
    Part.AFTERNOON: r"apres[ -]midi|aprem|afternoon",
    Part.MORNING: r"matin(?:ee)?|morning",
    Part.EVENING: r"soir(?:ee)?|evening",
}
_BEFORE = r"(?:(?P<today>ce |cet |cette |this )|(?:dans |de |en |in )?(?:le |la |l'|the )|du |au |en |in )?"
_TONIGHT = pattern("tonight")
_OF = {part: pattern(f"{_BEFORE}(?:{words})") for part, words in _WORDS.items()}


class SaidPart(NamedTuple):
    """A part of a day; `today` where it is this day's ("ce soir")."""

    part: Part
    today: bool


def part_in(typed: Typed) -> SaidPart | None:
    """Take a part of a day out of the text: to be read before the hours, since "après midi" holds one."""
    if typed.take(_TONIGHT, lambda match: match):
        return SaidPart(Part.EVENING, today=True)
    for part, words in _OF.items():

        def read(match: re.Match[str], part: Part = part) -> SaidPart:
            return SaidPart(part, today=match["today"] is not None)

        if found := typed.take(words, read):
            return found
    return None


def within(part: Part, hours: Hours) -> Hours | None:
    """Return the hours as they are meant in that part of a day, None if they cannot be: 3 in the afternoon is 15:00."""
    start = hours.starts or hours.ends
    if start is None or part.holds(start):
        return hours
    if part is Part.MORNING or start.hour >= _NOON or not part.holds(_later(start)):
        return None
    moved = (at and _later(at) if at and at.hour < _NOON else at for at in (hours.starts, hours.ends))
    starts, ends = moved
    return replace(hours, starts=starts, ends=ends)


def _later(at: time) -> time:
    return at.replace(hour=at.hour + _NOON)
