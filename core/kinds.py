"""The kinds of appointment that a range is for: free labels, which an organisation makes up as it goes."""

from collections.abc import Iterable

from core.errors import TooManyKinds
from core.rules import KIND_LIMIT, MOST_KINDS
from core.text import clean, fold


def read_kinds(texts: Iterable[str]) -> frozenset[str]:
    """Return the kinds that somebody wrote, of those that differ by case, accents or spaces only the first.

    Raises BadText, TextTooLong, TooManyKinds.
    """
    kinds: dict[str, str] = {}
    for text in texts:
        kind = clean(" ".join(text.split()), limit=KIND_LIMIT)
        if fold(kind):
            kinds.setdefault(fold(kind), kind)
        if len(kinds) > MOST_KINDS:
            raise TooManyKinds(MOST_KINDS)
    return frozenset(kinds.values())


def takes(kinds: frozenset[str], kind: str) -> bool:
    """Tell whether a range for `kinds` is open for an appointment of `kind`; one without kinds takes any."""
    return not kinds or fold(kind) in {fold(each) for each in kinds}
