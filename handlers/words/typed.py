"""A typed text that is read piece by piece: what was understood is crossed out, the rest can be said."""

import re
from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from core.text import fold

T = TypeVar("T")

_SIGNS = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-"})
_GONE, _ASIDE = "\0", "\1"
_TRIED = 20
_SAYING = re.compile(r"[^\W_]")
_FILLERS = {
    *(
        "a",
        "ai",
        "au",
        "aux",
        "avec",
        "ce",
        "cet",
        "cette",
        "chez",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "en",
        "et",
        "je",
        "l",
    ),
    *("la", "le", "les", "par", "pour", "suis", "sur", "un", "une", "j"),
    *("am", "and", "at", "for", "from", "i", "in", "of", "on", "the", "this", "to", "with"),
    *("rdv", "rendez", "vous", "appointment", "svp", "stp", "please"),
    *("dispo", "dispos", "disponible", "disponibilite", "available", "availability"),
}


class Typed:
    """Patterns see it folded (no accents, no capitals, single spaces); what is left is given back as it was typed."""

    def __init__(self, text: str) -> None:
        self._words = text.split()
        self._left = ""
        self._owners: list[int] = []
        for n, word in enumerate(self._words):
            folded = (" " if n else "") + plain(word).replace(_GONE, "").replace(_ASIDE, "")
            self._left += folded
            self._owners += [n] * len(folded)

    def take(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], T | None]) -> T | None:
        """Cross out the first match that `read` makes something of, and return that; None if there is no such match."""
        for match in islice(pattern.finditer(self._left), _TRIED):
            found = read(match)
            if found is not None:
                start, end = match.span()
                self._left = self._left[:start] + _GONE * (end - start) + self._left[end:]
                return found
        return None

    def set_aside(self, pattern: re.Pattern[str], where: Callable[[re.Match[str]], bool] = lambda _: True) -> None:
        """Let nothing else be made of what matches, `where` that is true: it is unclear as a whole."""
        self._left = pattern.sub(lambda match: _ASIDE * len(match[0]) if where(match) else match[0], self._left)

    @property
    def aside(self) -> bool:
        """Whether something was set aside."""
        return _ASIDE in self._left

    def holds(self, folded: str) -> bool:
        """Tell whether `folded` stands somewhere in what is left."""
        return folded in self._left

    def unclear(self) -> tuple[str, ...]:
        """Return what is left of the text and says something, neighbouring words together."""
        left: dict[int, str] = {}
        for owner, sign in zip(self._owners, self._left, strict=True):
            left[owner] = left.get(owner, "") + sign.replace(_GONE, " ")
        phrases: list[list[str]] = [[]]
        for n, word in enumerate(self._words):
            if _says_something(left.get(n, "")):
                phrases[-1].append(word)
            elif phrases[-1]:
                phrases.append([])
        return tuple(" ".join(words) for words in phrases if words)


def plain(text: str) -> str:
    """Return the text as patterns see it: folded, with the keyboard's apostrophes and hyphens."""
    return fold(text).translate(_SIGNS)


def pattern(body: str) -> re.Pattern[str]:
    """Return the pattern for whole words of a folded text, never a part of a longer date or time."""
    return re.compile(rf"(?<!\w)(?<![0-9][/:.-])(?:{body})(?!\w|[/:.-][0-9])")


def _says_something(left: str) -> bool:
    words = re.split(r"[\s'.,;:!?()-]+", left)
    return _ASIDE in left or any(_SAYING.search(word) and word not in _FILLERS for word in words)
