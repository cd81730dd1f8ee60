"""The few shapes of which every picture is made: `bot/pictures` draws exactly these, and nothing else."""

import re
from collections.abc import Iterable
from html import escape

from handlers.drawing.widths import REGULAR, width

FONTS = "'Source Sans Pro', 'Source Sans 3', 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
Attribute = str | float
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def document(parts: Iterable[str], wide: int, high: int) -> str:
    """Return the whole picture, in pixels; it takes any width that a page gives it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
        f'font-family="{FONTS}">{"".join(parts)}</svg>'
    )


def group(parts: Iterable[str], kind: str, **attributes: Attribute) -> str:
    """Return shapes that share attributes; `kind` is the class by which a page may colour them. Nothing if empty."""
    inside = "".join(parts)
    return f'<g class="{kind}"{_attributes(attributes)}>{inside}</g>' if inside else ""


def rect(x: float, y: float, wide: float, high: float, title: str = "", **attributes: Attribute) -> str:
    """Return a rectangle; `title` is what is read when one points at it."""
    shape = f'<rect x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}"'
    shape += _attributes(attributes)
    return f"{shape}><title>{plain(title)}</title></rect>" if title else f"{shape}/>"


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Attribute) -> str:
    """Return a line, level or upright."""
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f"<line {ends}{_attributes(attributes)}/>"


def text(x: float, y: float, words: str, size: float, weight: int = REGULAR, **attributes: Attribute) -> str:
    """Return words on the base line nearest to `y`, a whole pixel: there they are sharp.

    In any other font they are fitted to the width that was reckoned with.
    """
    wide = number(width(words, size, weight))
    fitted = f'textLength="{wide}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{number(x)}" y="{round(y)}"{_attributes(attributes)} {fitted}>{plain(words)}</text>'


def hatching(name: str, paths: str, every: int, back: str, ink: str, kind: str) -> str:
    """Return a pattern to fill with (`url(#name)`): strokes on a ground, repeated every so many pixels."""
    return (
        f'<pattern id="{name}" width="{every}" height="{every}" patternUnits="userSpaceOnUse" class="{kind}">'
        f'{rect(0, 0, every, every, fill=back) if back else ""}<path d="{paths}" stroke="{ink}" stroke-width="1"/>'
        "</pattern>"
    )


def number(value: float) -> str:
    """Return the number in as few characters as a tenth of a pixel needs."""
    return f"{value:.1f}".removesuffix(".0")


def plain(words: str) -> str:
    """Return words as they are read; what XML cannot hold, and what would turn their direction, is left out."""
    return escape(_HIDDEN.sub("", words))


def _attributes(attributes: dict[str, Attribute]) -> str:
    return "".join(
        f' {name.replace("_", "-")}="{number(value) if isinstance(value, int | float) else value}"'
        for name, value in attributes.items()
    )
