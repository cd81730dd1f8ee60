"""What stands below the picture of an agenda: what each look means, and notes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from handlers.agenda.boxes import framed
from handlers.agenda.layout import CLOSING, MARGIN, SMALL, WIDE, Box
from handlers.agenda.looks import INK, NAMES, NOW, PAINTS, Look
from handlers.agenda.marks import Day, Mark
from handlers.drawing.svg import group, line, rect, text
from handlers.drawing.widths import width, wrapped
from handlers.i18n import Texts

_SAMPLE, _HIGH, _LINE, _BETWEEN, _ABOVE = 24, 18, 23, 15, 8
_BESIDE = _SAMPLE + 5


@dataclass(frozen=True, slots=True)
class Legend:
    """Names with their left edges, by line; None stands for the present. `blank` is what the samples show."""

    lines: tuple[tuple[tuple[Look | None, str, float], ...], ...]
    notes: tuple[str, ...]
    blank: Mark

    @property
    def high(self) -> float:
        """How high it is, in pixels."""
        return _ABOVE + (len(self.lines) + len(self.notes)) * _LINE

    def drawn(self, top: float) -> Iterator[str]:
        """Yield it, from `top` down."""
        words = []
        for n, entries in enumerate(self.lines):
            middle = top + _ABOVE + (n + 0.5) * _LINE
            for look, name, left in entries:
                yield self._sample(look, left, middle)
                words.append(text(left + _BESIDE, middle + 4.5, name, SMALL))
        for n, note in enumerate(self.notes, len(self.lines)):
            words.append(text(MARGIN, top + _ABOVE + (n + 0.5) * _LINE + 4.5, note, SMALL))
        yield group(words, "words", fill=INK, font_size=SMALL)

    def _sample(self, look: Look | None, left: float, middle: float) -> str:
        box = Box(self.blank, left, middle - _HIGH / 2, left + _SAMPLE, middle + _HIGH / 2)
        if look is None:
            upright = line(left + _SAMPLE - 8, box.top, left + _SAMPLE - 8, box.bottom)
            return group([upright], "now", stroke=NOW, stroke_width=2)
        if look is Look.AVAILABLE or look in CLOSING:
            fill = f"url(#{look})" if look in CLOSING else PAINTS[look].fill
            return group([rect(left, box.top + 1, _SAMPLE, _HIGH - 2)], look, fill=fill)
        return framed([box], look)


def legend_of(days: Sequence[Day], notes: Iterable[str], now: str, texts: Texts) -> Legend:
    """Return the legend of what is in these days; `now` is the name of the present, "" if it is not in them."""
    present = {m.look for day in days for cell in day.cells for m in cell.marks}
    names: list[tuple[Look | None, str]] = [(look, texts.t(name)) for look, name in NAMES.items() if look in present]
    if now:
        names.append((None, now))
    lines: list[list[tuple[Look | None, str, float]]] = []
    left = float(WIDE)
    for look, name in names:
        wide = _BESIDE + width(name, SMALL)
        if left + wide > WIDE - MARGIN:
            lines.append([])
            left = MARGIN
        lines[-1].append((look, name, left))
        left += wide + _BETWEEN
    said = tuple(part for note in notes for part in wrapped(note, WIDE - 2 * MARGIN, len(note), SMALL))
    blank = Mark(Look.MORE, days[0].whole, "", ())
    return Legend(tuple(tuple(entries) for entries in lines), said, blank)
