"""Boxes with their words: the longest wording that fits, never one that is cut."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers.agenda.layout import CLOSING, SIZE, SMALL, SMALLEST, Band, Box, Row
from handlers.agenda.looks import PAINTS, Look
from handlers.drawing.svg import group, line, rect, text
from handlers.drawing.widths import fitting, width

PLATE = "#ffffff"
_STEPS = {SIZE: 19, SMALL: 16, SMALLEST: 14}
_PADS = (6, 3)
_EDGE = 2
_BASE, _BELOW = 0.31, 0.25
"""How far the base line is below the middle of a line, and the lowest letter below that, in font sizes."""


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of words with the left edge and the middle of their place, in pixels."""

    look: Look
    lines: tuple[str, ...]
    size: int
    left: float
    middle: float

    @property
    def apart(self) -> float:
        """How far the last line is below the first."""
        return (len(self.lines) - 1) * _STEPS[self.size]


def available(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the bands of availability: they lie under the lines of the hours."""
    boxes = [box for row in rows for box in row.available]
    paint = PAINTS[Look.AVAILABLE]
    yield group((_whole(b) for b in boxes), Look.AVAILABLE, fill=paint.fill)
    edges = (line(x, b.top, x, b.bottom) for b in boxes for x in (b.left + 1, b.right - 1))
    yield group(edges, f"{Look.AVAILABLE}-edge", stroke=paint.edge, stroke_width=2)


def closing(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what closes a day or a part of it."""
    for look in CLOSING:
        shapes = (_whole(b) for row in rows for b in row.closing if b.mark.look is look)
        yield group(shapes, look, fill=f"url(#{look})")


def occupied(bands: Sequence[Band]) -> Iterator[str]:
    """Yield the boxes of what occupies people, and all words."""
    rows = [row for band in bands for row in band.rows]
    for look in Look:
        yield framed((b for row in rows for b in row.boxes if b.mark.look is look), look)
    words = [found for band in bands for row in band.rows for found in _words(row, band.present)]
    yield group((_plate(w) for w in words if w.look in CLOSING), "plate", fill=PLATE)
    for look in Look:
        for size in _STEPS:
            shown = (drawn for w in words if w.look is look and w.size == size for drawn in _written(w))
            yield group(shown, f"{look}-words", fill=PAINTS[look].ink, font_size=size)


def framed(boxes: Iterable[Box], look: Look) -> str:
    """Return boxes of one look, a pixel inside their place; its pattern has its name."""
    paint = PAINTS[look]
    fill = f"url(#{look})" if paint.strokes else paint.fill
    if paint.dashes:
        shapes = [_inset(b, 2) for b in boxes]
        return group(shapes, look, fill=fill, stroke=paint.edge, stroke_width=2, stroke_dasharray=paint.dashes)
    return group([_inset(b, 1.5, rx=3) for b in boxes], look, fill=fill, stroke=paint.edge)


def _whole(box: Box) -> str:
    return rect(box.left, box.top, box.right - box.left, box.bottom - box.top, box.mark.line)


def _inset(box: Box, by: float, **attributes: float) -> str:
    wide, high = box.right - box.left - 2 * by, box.bottom - box.top - 2 * by
    return rect(box.left + by, box.top + by, wide, high, box.mark.line, **attributes)


def _words(row: Row, present: float | None) -> Iterator[Words]:
    """Yield the words that find a place: of what lies behind, beside what lies over it and the line of the present."""
    over = [(b.left, b.right) for b in row.boxes]
    if present is not None:
        over.append((present - 2, present + 2))
    for box in row.available:
        yield from _beside(box, [*over, *((b.left, b.right) for b in row.closing)])
    for box in row.closing:
        yield from _beside(box, over, centred=True)
    for box in row.boxes:
        yield from _inside(box, box.left + 1, box.right - 1)


def _beside(box: Box, over: Iterable[tuple[float, float]], *, centred: bool = False) -> Iterator[Words]:
    """Yield the words in the widest part of the box that nothing covers and that has room for any."""
    free = [(box.left, box.right)]
    for begins, ends in over:
        free = [
            piece
            for left, right in free
            for piece in ((left, min(right, begins)), (max(left, ends), right))
            if piece[0] < piece[1]
        ]
    for left, right in sorted(free, key=lambda piece: piece[0] - piece[1]):
        found = list(_inside(box, left + 2, right - 2, centred=centred))
        if found:
            yield from found
            return


def _inside(box: Box, left: float, right: float, *, centred: bool = False) -> Iterator[Words]:
    high = box.bottom - box.top - 2 * _EDGE
    for size, step in _STEPS.items():
        most = int((high - 2 * (_BASE + _BELOW) * size) // step) + 1
        for pad in _PADS:
            room = right - left - 2 * pad
            lines = fitting(box.mark.wordings, room, most, size)
            if lines:
                wide = max(width(words, size) for words in lines)
                start = (left + right - wide) / 2 if centred else left + pad
                yield Words(box.mark.look, lines, size, start, (box.top + box.bottom) / 2)
                return


def _written(words: Words) -> Iterator[str]:
    base = words.middle - words.apart / 2 + _BASE * words.size
    for n, said in enumerate(words.lines):
        yield text(words.left, base + n * _STEPS[words.size], said, words.size)


def _plate(words: Words) -> str:
    wide = max(width(said, words.size) for said in words.lines) + 10
    high = words.apart + 1.3 * words.size
    return rect(round(words.left - 5), round(words.middle - high / 2), round(wide), round(high), rx=3)
