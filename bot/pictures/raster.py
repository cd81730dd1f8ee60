"""Draws an SVG of ours as PNG: the shapes of `handlers.drawing.svg` and nothing else.

`svg`, `g` (passes its attributes on), `rect` (square or rounded, filled with a colour or a pattern, its edge whole or
dashed), `line` (level or upright, whole or dashed), `text` on one base line, `pattern` of one `path`; colours as
#rrggbb. Anything else raises, so that no picture is shown without a part of it.
"""

import io
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from itertools import pairwise
from math import floor

from PIL import Image, ImageDraw

from bot.pictures.fonts import font
from bot.pictures.patterns import Pattern, read_pattern
from bot.pictures.reading import Attributes, Unsupported, colour, figure, lengths, pixels

LARGEST = 24_000_000
"""Pixels: more is a mistake, and would take the memory of everyone else."""

_FINE = 2
"""Words are drawn so much larger and made small: letters then stand where they should, not on whole pixels."""

_INHERITED = {"fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight"}
_INHERITED |= {"text-anchor"}
_UNSEEN = {"class", "textLength", "lengthAdjust", "font-family"}
_ROOT = {"width", "height", "viewBox", "font-family"}
_OWN = {
    "g": set[str](),
    "rect": {"x", "y", "width", "height", "rx"},
    "line": {"x1", "y1", "x2", "y2"},
    "text": {"x", "y"},
}
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def png_of(svg: str) -> bytes:
    """Return the picture as PNG. Raises Unsupported."""
    try:
        root = ET.fromstring(svg)  # noqa: S314 - drawn by ourselves: no entities, no document type
    except ET.ParseError as error:
        raise Unsupported(str(error)) from error
    canvas = _Canvas(root)
    canvas.draw(root)
    return _png(canvas.image)


def fitting(png: bytes, side: int) -> bytes:
    """Return the picture so much smaller that it fits a square of `side` pixels, or as it is."""
    with Image.open(io.BytesIO(png)) as image:
        if max(image.size) <= side:
            return png
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


class _Canvas:
    def __init__(self, root: ET.Element) -> None:
        if _name(root) != "svg" or set(root.attrib) - _ROOT:
            raise Unsupported("not a picture of ours")
        wide, high = pixels(root.attrib, "width"), pixels(root.attrib, "height")
        if lengths(root.attrib.get("viewBox", "")) != (0, 0, wide, high) or not 0 < wide * high <= LARGEST:
            raise Unsupported("its size")
        self.image = Image.new("RGB", (wide, high), "white")
        self._pen = ImageDraw.Draw(self.image)
        self._patterns: dict[str, Pattern] = {}
        self._shapes: Mapping[str, Callable[[ET.Element, Attributes], None]] = {
            "rect": self._rect,
            "line": self._line,
            "text": self._text,
        }

    def draw(self, parent: ET.Element, inherited: Attributes | None = None) -> None:
        """Draw what is inside, in its order."""
        for element in parent:
            name = _name(element)
            if name == "pattern":
                found = read_pattern(element)
                self._patterns[found.name] = found
                continue
            if name == "title":
                continue
            if name not in _OWN or set(element.attrib) - _OWN[name] - _INHERITED - _UNSEEN:
                raise Unsupported(f"{name}: {sorted(element.attrib)}")
            given = {**(inherited or {}), **element.attrib}
            if name == "g":
                self.draw(element, {k: v for k, v in given.items() if k in _INHERITED})
            else:
                self._shapes[name](element, given)

    def _rect(self, _: ET.Element, given: Attributes) -> None:
        x, y, wide, high = (figure(given, name) for name in ("x", "y", "width", "height"))
        edge, ink = colour(given, "stroke", "none"), figure(given, "stroke-width", 1)
        half = ink / 2 if edge else 0
        box = (round(x - half), round(y - half), round(x + wide + half) - 1, round(y + high + half) - 1)
        if box[2] < box[0] or box[3] < box[1]:
            return
        dashes = lengths(given.get("stroke-dasharray", ""))
        whole = edge if edge and not dashes else None
        radius, fill = figure(given, "rx", 0), given.get("fill", "#000000")
        if fill.startswith("url(#"):
            self._fill(fill, box)
            fill = "none"
        solid = None if fill == "none" else colour({"fill": fill}, "fill", "")
        if radius:
            self._pen.rounded_rectangle(box, radius + half, solid, whole, round(ink))
        elif solid or whole:
            self._pen.rectangle(box, solid, whole, round(ink))
        if edge and dashes:
            if radius:
                raise Unsupported("a dashed edge with round corners")
            self._perimeter((x, y, wide, high), dashes, ink, edge)

    def _fill(self, fill: str, box: tuple[int, int, int, int]) -> None:
        name = fill.removeprefix("url(#").removesuffix(")")
        if name not in self._patterns:
            raise Unsupported(f"the pattern {name}")
        self._patterns[name].fill(self.image, box)

    def _perimeter(
        self, rect: tuple[float, float, float, float], dashes: tuple[float, ...], ink: float, edge: str
    ) -> None:
        """Dash the edge as SVG does: from the left upper corner, clockwise, in one run (SVG 2, section 10.2)."""
        x, y, wide, high = rect
        corners = [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high), (x, y)]
        at = 0.0
        for start, end in pairwise(corners):
            at = self._dashed(start, end, dashes, ink, edge, at)

    def _line(self, _: ET.Element, given: Attributes) -> None:
        start, end = (figure(given, "x1"), figure(given, "y1")), (figure(given, "x2"), figure(given, "y2"))
        edge, ink = colour(given, "stroke", "none"), figure(given, "stroke-width", 1)
        if not edge:
            return
        dashes = lengths(given.get("stroke-dasharray", ""))
        if dashes:
            self._dashed(start, end, dashes, ink, edge)
        else:
            self._stroke(start, end, ink, edge)

    def _dashed(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        dashes: tuple[float, ...],
        ink: float,
        edge: str,
        at: float = 0,
    ) -> float:
        """Draw dashes on the way, `at` pixels into the run; return how far into it the end is."""
        if len(dashes) != 2 or min(dashes) <= 0:  # noqa: PLR2004 - a dash and a gap
            raise Unsupported("dashes that are not one length and one gap")
        dash, gap = dashes
        long = abs(end[0] - start[0]) + abs(end[1] - start[1])
        first = -(at % (dash + gap))
        while first < long:
            here, there = max(first, 0), min(first + dash, long)
            if here < there:
                self._stroke(_along(start, end, here / long), _along(start, end, there / long), ink, edge)
            first += dash + gap
        return at + long

    def _stroke(self, start: tuple[float, float], end: tuple[float, float], ink: float, edge: str) -> None:
        (x1, x2), (y1, y2) = sorted((start[0], end[0])), sorted((start[1], end[1]))
        if x1 != x2 and y1 != y2:
            raise Unsupported("a line that is neither level nor upright")
        across, along = (ink / 2, 0.0) if x1 == x2 else (0.0, ink / 2)
        box = (round(x1 - across), round(y1 - along), round(x2 + across) - 1, round(y2 + along) - 1)
        if box[0] <= box[2] and box[1] <= box[3]:
            self._pen.rectangle(box, edge)

    def _text(self, element: ET.Element, given: Attributes) -> None:
        anchor = _ANCHORS.get(given.get("text-anchor", "start"))
        fill = colour(given, "fill", "#000000")
        if len(element) or anchor is None or not fill or given.get("stroke", "none") != "none":
            raise Unsupported("text that is more than words")
        words, face = element.text or "", font(given.get("font-weight", "400"), figure(given, "font-size") * _FINE)
        x, y = figure(given, "x"), figure(given, "y")
        left, top, right, bottom = (floor(edge / _FINE) for edge in face.getbbox(words, anchor=anchor))
        corner = floor(x) + left - 1, floor(y) + top - 1
        size = (right - left + 4) * _FINE, (bottom - top + 4) * _FINE
        mask = Image.new("L", size)
        place = (x - corner[0]) * _FINE, (y - corner[1]) * _FINE
        ImageDraw.Draw(mask).text(place, words, 255, face, anchor)
        self.image.paste(fill, corner, mask.reduce(_FINE))


def _along(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
