"""Case numbers: "pour 1285", "parcours n° 1285", "case 1285", "#1285", or the bare number of a known case."""

import re
from collections.abc import Callable, Iterator

from handlers.words.typed import Typed, pattern

_SIGN = r"(?:n°|no\.?|nr\.?|numero|number|#)"
_CASE = r"(?:parcours(?: d'accompagnement)?|dossier|case|file)"
_FOR = r"(?:(?:pour|for) )?(?:le |the )?"
_MARKED = pattern(rf"{_FOR}(?:{_CASE}(?: ?:)?(?: ?{_SIGN})?|{_SIGN}) ?([0-9]{{1,9}})")
_FOR_A_NUMBER = pattern(r"(?:pour|for) (?:le |the )?([0-9]{1,9})")
_BARE = pattern(r"([0-9]{3,9})")
_FEW_DIGITS = 3


def marked_numbers(typed: Typed) -> Iterator[int]:
    """Take the numbers out of the text that are said to be a case's."""
    return _all(typed, _MARKED, lambda _: True)


def other_numbers(typed: Typed, known: Callable[[int], bool]) -> Iterator[int]:
    """Take those that nothing else explains: "pour 1285", and a bare one that is a `known` case."""
    yield from _all(typed, _FOR_A_NUMBER, lambda digits: len(digits) >= _FEW_DIGITS or known(int(digits)))
    yield from _all(typed, _BARE, lambda digits: known(int(digits)))


def _all(typed: Typed, where: re.Pattern[str], taken: Callable[[str], bool]) -> Iterator[int]:
    def read(match: re.Match[str]) -> int | None:
        return int(match[1]) if taken(match[1]) else None

    while (found := typed.take(where, read)) is not None:
        yield found
