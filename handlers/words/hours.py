"""From when to when on a clock: "9h-12h", "9h30 à 12h", "14:15-16:30", "from 9 to 12", "9am-12pm"."""

import re
from dataclasses import dataclass, replace
from datetime import time

from handlers.words.typed import Typed

_CLOCK = (
    r"(?:(?P<{0}h>[0-9]{{1,2}})"
    r"(?: ?(?P<{0}u>h|heures?|o'clock)(?: ?(?P<{0}m>[0-9]{{2}})(?![0-9]))?|:(?P<{0}c>[0-9]{{2}}))?"
    r" ?(?P<{0}p>[ap]\.?m\.?)?|(?P<{0}w>midi|noon|minuit|midnight))"
)
_FROM, _UNTIL = _CLOCK.format("a"), _CLOCK.format("b")
_LEFT, _RIGHT = r"(?<![\w/.:-])", r"(?![\w/:]|[-.][0-9])"
_RANGE = re.compile(
    rf"{_LEFT}(?:(?P<said>(?:de|from|entre|between) )|(?P<day>(?:le|the) ))?{_FROM}"
    rf"(?: ?(?P<dash>-) ?| (?:a|to|et|and|until|till|jusqu'a) ){_UNTIL}{_RIGHT}"
)
_ONE = re.compile(
    rf"{_LEFT}(?:(?P<until>jusqu'a|until|till|before|avant) |a partir de |des |starting (?:at )?)?{_FROM}{_RIGHT}"
)
_WORDS = {"midi": 12, "noon": 12, "minuit": 0, "midnight": 0}
_NOON = 12
_DAY = 24


@dataclass(frozen=True, slots=True)
class Hours:
    """Times of day; None where only the other one was said. An end of "24h" or midnight is 00:00."""

    starts: time | None
    ends: time | None


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time as typed; `half` is "a", "p" or "", `marked` tells that it can be nothing but a time."""

    hour: int
    minute: int
    half: str
    marked: bool

    def time(self) -> time | None:
        """Return it as a time, if there is one."""
        hour = self.hour
        if self.half:
            if not 1 <= hour <= _NOON:
                return None
            hour = hour % _NOON + (_NOON if self.half == "p" else 0)
        if hour == _DAY and not self.minute:
            hour = 0
        return time(hour, self.minute) if hour < _DAY and self.minute < 60 else None  # noqa: PLR2004 - an hour


def hours_in(typed: Typed) -> Hours | None:
    """Take from-to out of the text, or the one time there is."""
    return range_in(typed) or time_in(typed)


def range_in(typed: Typed) -> Hours | None:
    """Take from-to out of the text."""
    return typed.take(_RANGE, _range)


def time_in(typed: Typed) -> Hours | None:
    """Take one time out of the text: a beginning, or an end if it is said to be one."""
    return typed.take(_ONE, _one)


def _range(match: re.Match[str]) -> Hours | None:
    start, end = _clock(match, "a"), _clock(match, "b")
    bare = not (start.marked or end.marked)
    if bare and not match["said"] and not (match["dash"] and start.hour < end.hour):
        return None
    if not start.marked and (match["day"] or not (match["said"] or end.half or start.hour < end.hour)):
        return None  # "le 3 à 14h", "jeudi 19 à 14h": a day, and a time on it
    start, end = _halves(start, end)
    starts, ends = start.time(), end.time()
    return Hours(starts, ends) if starts is not None and ends is not None else None


def _one(match: re.Match[str]) -> Hours | None:
    said = _clock(match, "a")
    found = said.time() if said.marked else None
    if found is None:
        return None
    return Hours(None, found) if match["until"] else Hours(found, None)


def _clock(match: re.Match[str], side: str) -> _Clock:
    word = match[f"{side}w"]
    if word:
        return _Clock(_WORDS[word], 0, "", marked=True)
    minute, half = match[f"{side}m"] or match[f"{side}c"], match[f"{side}p"]
    marked = bool(match[f"{side}u"] or match[f"{side}c"] or half)
    return _Clock(int(match[f"{side}h"]), int(minute or 0), (half or "")[:1], marked)


def _halves(start: _Clock, end: _Clock) -> tuple[_Clock, _Clock]:
    """Give the one that lacks it "am" or "pm": "1-3pm", "11-1pm", "9am-5"."""
    if start.half and not end.half and end.hour <= _NOON:
        same = replace(end, half=start.half)
        return start, same if _order(start) < _order(same) else replace(end, half="p")
    if end.half and not start.half and start.hour <= _NOON:
        same = replace(start, half=end.half)
        return (same if _order(same) < _order(end) else replace(start, half="a")), end
    return start, end


def _order(clock: _Clock) -> time:
    return clock.time() or time()
