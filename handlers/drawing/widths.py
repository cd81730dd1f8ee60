"""How wide words are in Source Sans Pro, so that none is ever cut by its box."""

import unicodedata
from collections.abc import Iterable

REGULAR, BOLD = 400, 600

# Thousandths of the font size, measured from the font; a letter with an accent is as wide as without.
_ADVANCES: dict[int, dict[int, str]] = {
    REGULAR: {
        125: "\u202f",
        202: " \u00a0",
        241: "|",
        247: "iıj",
        249: "',.:;’‘·",
        255: "l",
        263: "łI",
        270: "ľ",
        292: "!f",
        304: "()[]{}•",
        311: "-",
        331: "°",
        338: "t",
        350: "r/\\",
        419: "*s",
        429: '"?z“”«»',
        446: "x",
        456: "c",
        467: "vy",
        480: "YJ–",
        489: "LŁ",
        497: "Fke#$+0123456789<=>^~×€",
        504: "_ag",
        515: "XV",
        527: "E",
        542: "STZ`oø",
        547: "AhuðAn",
        555: "bdpqđþ",
        576: "PRCßď",
        588: "KÞB",
        619: "&DG→←",
        647: "ÐUN",
        664: "HOQØ",
        727: "wM",
        786: "æW",
        829: "—Æ%m",
        847: "œ@Œ",
        948: "…",
    },
    BOLD: {
        125: "\u202f",
        205: " \u00a0",
        263: "|iıj",
        275: "l',.:;’‘·",
        283: "Ił",
        317: "!fľ",
        325: "-()[]{}•",
        348: "/\\°",
        361: "t",
        373: "r",
        444: "s*z?",
        462: "«»c",
        482: '–x"“”',
        501: "Jvy_YL",
        513: "eŁF#$+0123456789<=>^~×€",
        522: "agk",
        546: "VEZXST",
        552: "`oøð",
        564: "uAhnbdpqđþ",
        604: "CPRBKÞďß",
        628: "→←DG",
        656: "&ÐUN",
        674: "HOQØ",
        748: "Mw",
        800: "æW—",
        843: "œÆ%m",
        875: "Œ@",
        963: "…",
    },
}
_WIDTHS = {weight: {c: w for w, chars in table.items() for c in chars} for weight, table in _ADVANCES.items()}
_WIDEST = 1000


def width(text: str, size: float, weight: int = REGULAR) -> float:
    """Return how wide `text` is at most, in pixels, at a font size in pixels."""
    known = _WIDTHS[weight]
    return sum(known.get(c) or _unaccented(c, known) for c in text) * size / 1000


def wrapped(text: str, room: float, lines: int, size: float, weight: int = REGULAR) -> tuple[str, ...]:
    """Return the text in at most `lines` lines, none wider than `room` pixels; nothing if it does not fit."""
    found: list[str] = []
    for word in text.split(" "):
        longer = f"{found[-1]} {word}" if found else word
        if found and width(longer, size, weight) <= room:
            found[-1] = longer
        elif width(word, size, weight) <= room and len(found) < lines:
            found.append(word)
        else:
            return ()
    return tuple(found)


def fitting(wordings: Iterable[str], room: float, lines: int, size: float, weight: int = REGULAR) -> tuple[str, ...]:
    """Return the lines of the first wording that fits; nothing if none does."""
    return next((fit for text in wordings if (fit := wrapped(text, room, lines, size, weight))), ())


def _unaccented(character: str, known: dict[str, int]) -> int:
    return known.get(unicodedata.normalize("NFD", character)[0], _WIDEST)
