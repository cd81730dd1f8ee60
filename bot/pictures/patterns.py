"""Patterns to fill with: a small tile, drawn large and made small so that slanted strokes are smooth."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from bot.pictures.reading import Unsupported, colour, figure, pixels

_FINE = 8
_PIECE = re.compile(r"M(-?[\d.]+)[ ,](-?[\d.]+)L(-?[\d.]+)[ ,](-?[\d.]+)")
_OWN = {"id", "width", "height", "patternUnits", "class"}
Piece = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Strokes on a ground ("" for none), repeated every `every` pixels from the picture's corner on."""

    name: str
    every: int
    back: str
    ink: str
    wide: float
    pieces: tuple[Piece, ...]

    def fill(self, image: Image.Image, box: tuple[int, int, int, int]) -> None:
        """Fill a box of the picture, its last pixels included."""
        left, top, right, bottom = box[0], box[1], box[2] + 1, box[3] + 1
        across, down = left % self.every, top % self.every
        sheet = _sheet(self, image.width + self.every)
        for y in range(top, bottom, sheet.height - self.every):
            high = min(sheet.height - self.every, bottom - y)
            piece = sheet.crop((across, down, across + right - left, down + high))
            image.paste(piece, (left, y), piece)


def read_pattern(element: ET.Element) -> Pattern:
    """Return the pattern. Raises Unsupported."""
    given = element.attrib
    every = pixels(given, "width")
    if set(given) - _OWN or given.get("patternUnits") != "userSpaceOnUse" or pixels(given, "height") != every:
        raise Unsupported("a pattern that is not square")
    grounds = [shape for shape in element if shape.tag.endswith("rect")]
    strokes = [shape for shape in element if shape.tag.endswith("path")]
    if len(strokes) != 1 or len(grounds) > 1 or len(element) != len(grounds) + 1:
        raise Unsupported("a pattern that is not one path on one ground")
    drawn = strokes[0].get("d", "")
    pieces = tuple(tuple(float(part) for part in piece) for piece in _PIECE.findall(drawn))
    if not pieces or _PIECE.sub("", drawn):
        raise Unsupported(f"the path {drawn}")
    back = colour(grounds[0].attrib, "fill", "#000000") if grounds else ""
    ink, wide = colour(strokes[0].attrib, "stroke", "none"), figure(strokes[0].attrib, "stroke-width", 1)
    return Pattern(given.get("id", ""), every, back, ink, wide, pieces)  # type: ignore[arg-type]


@lru_cache(maxsize=16)
def _sheet(pattern: Pattern, wide: int) -> Image.Image:
    """Return a sheet of the pattern, to cut boxes from."""
    tile = _tile(pattern)
    every = pattern.every
    sheet = Image.new("RGBA", (-(-wide // every) * every, every * 16))
    for x in range(0, sheet.width, every):
        for y in range(0, sheet.height, every):
            sheet.paste(tile, (x, y))
    return sheet


def _tile(pattern: Pattern) -> Image.Image:
    large = pattern.every * _FINE
    mask = Image.new("L", (large, large))
    pen = ImageDraw.Draw(mask)
    for x1, y1, x2, y2 in pattern.pieces:
        _thick(pen, (x1 * _FINE, y1 * _FINE, x2 * _FINE, y2 * _FINE), pattern.wide * _FINE)
    mask = mask.resize((pattern.every, pattern.every), Image.Resampling.BOX)
    ground = Image.new("RGBA", mask.size, pattern.back or f"{pattern.ink}00")
    ink = Image.new("RGBA", mask.size, pattern.ink)
    if pattern.back:
        ground.paste(ink, (0, 0), mask)
    else:
        ink.putalpha(mask)
        ground = ink
    return ground


def _thick(pen: ImageDraw.ImageDraw, piece: Piece, wide: float) -> None:
    x1, y1, x2, y2 = piece
    long = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    across, down = (y2 - y1) / long * wide / 2, (x1 - x2) / long * wide / 2
    corners = [(x1 + across, y1 + down), (x2 + across, y2 + down), (x2 - across, y2 - down), (x1 - across, y1 - down)]
    pen.polygon(corners, fill=255)
