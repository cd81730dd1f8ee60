"""How long: "pendant 1h30", "for 2h", "45 min", "une demi-heure", "an hour and a half"."""

import re
from datetime import timedelta

from core.rules import LONGEST
from handlers.words.typed import Typed, pattern

_NUMBERS = {
    word: number
    for number, words in enumerate(("un une an one", "deux two", "trois three", "quatre four"), start=1)
    for word in words.split()
}
_MINUTE = r"(?:minutes?|mins?|mn)"
_FRACTIONS = {
    15: r"(?:un |a )?(?:quart d'heure|quarter of an hour)",
    30: r"(?:une )?demie?[ -]heure|half an hour|(?:a )?half[ -]hour",
    45: r"(?:trois|3) quarts d'heure|three quarters of an hour",
    90: r"(?:one|1) and a half hours",
}
_UNIT = r"(?:h|heures?|hrs?|hours?)"
_FEW = rf"[1-4]|{'|'.join(_NUMBERS)}"
_AMOUNT = (
    rf"(?:(?P<fraction>{'|'.join(_FRACTIONS.values())})|(?P<minutes>[0-9]{{1,3}}) ?{_MINUTE}"
    rf"|(?P<few>{_FEW}) ?{_UNIT} ?(?:et |and )?(?P<also>[0-9]{{1,2}}) ?(?:{_MINUTE}|m)"
    rf"|(?P<hours>[0-9]{{1,2}}(?:[.,][0-9]{{1,2}})?|{_FEW}) ?(?P<unit>{_UNIT})"
    r"(?:(?P<glued>[0-9]{2})|(?<= h) (?P<spaced>[0-9]{2})|(?P<half> (?:et demie?|and a half))|(?P<quarter> et quart))?)"
)
"""Hours with minutes are up to four: "10h 45 min" is rather at ten, for 45 minutes."""
_SURE = pattern(rf"(?:pendant|durant|duree(?: de| ?:)?|duration(?: of| ?:)?|lasting|(?:qui )?dure) {_AMOUNT}")
_FOR = pattern(rf"(?:pour|for) {_AMOUNT}")
_LOOSE = pattern(rf"(?:(?P<of>de |d')|(?<!\ba )(?<!\bat )(?<!\bdes )(?<!\bfrom )(?<!\bvers )){_AMOUNT}")
_FROM_NOW = pattern(rf"(?:dans|in|within|d'ici|il y a) {_AMOUNT}|{_AMOUNT.replace('P<', 'P<ago_')} ago")
_CLOCKLIKE = {"h", "heure", "heures"}
_NIGHT = 4
"""Up to four, "h" is how long rather than an hour of the night."""


def length_in(typed: Typed) -> timedelta | None:
    """Take a duration out of the text that names itself: to be read before the hours."""
    found = typed.take(_SURE, _length) or typed.take(_FOR, lambda m: _length(m) if _no_clock(m) else None)
    typed.set_aside(_FROM_NOW)  # "dans 2h" is no duration, nor an hour
    return found


def loose_length_in(typed: Typed) -> timedelta | None:
    """Take a duration out of the text that only its unit tells: to be read between from-to and a single time."""
    return typed.take(_LOOSE, lambda m: _length(m) if _no_clock(m) and _told(m) else None)


def length_beside_a_start(typed: Typed) -> timedelta | None:
    """Take a duration out of the text that would be a time, were the start not known: "pour 6h", "6 heures"."""
    return typed.take(_FOR, _length) or typed.take(_LOOSE, lambda m: _length(m) if _told(m) else None)


def _told(match: re.Match[str]) -> bool:
    """Tell whether more than "2h" says that it is a duration."""
    return match["unit"] != "h" or any(match[name] for name in ("of", "half", "quarter"))


def _no_clock(match: re.Match[str]) -> bool:
    """Tell whether it can hardly be a time of day."""
    return match["hours"] is None or match["unit"] not in _CLOCKLIKE or _number(match["hours"]) <= _NIGHT


def _length(match: re.Match[str]) -> timedelta | None:
    found = timedelta(minutes=_minutes(match))
    return found if timedelta() < found <= LONGEST else None


def _minutes(match: re.Match[str]) -> float:
    if match["fraction"]:
        return next(m for m, words in _FRACTIONS.items() if re.fullmatch(words, match["fraction"]))
    if match["minutes"]:
        return int(match["minutes"])
    more = match["also"] or match["glued"] or match["spaced"] or (match["half"] and 30) or (match["quarter"] and 15)
    return _number(match["few"] or match["hours"]) * 60 + int(more or 0)


def _number(text: str) -> float:
    return _NUMBERS[text] if text in _NUMBERS else float(text.replace(",", "."))
