"""Places by their names, as people type them in a sentence."""

import re
from collections.abc import Iterable

from core.cases import Place
from handlers.words.typed import Typed, pattern, plain


def place_in(typed: Typed, places: Iterable[Place]) -> Place | None:
    """Take the longest known name out of the text, with its kind or without; a name of several places is not taken."""
    named: dict[str, set[Place]] = {}
    for place in places:
        for name in {plain(place.label), plain(place.name)}:
            named.setdefault(name, set()).add(place)
    for name in sorted(named, key=len, reverse=True):
        if name and len(named[name]) == 1 and typed.holds(name):
            (place,) = named[name]
            if typed.take(pattern(re.escape(name)), lambda match: match):
                return place
    return None
