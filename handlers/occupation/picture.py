"""The figures as bars, one SVG: offered as a frame, booked as its filling, cancelled hatched below; figures beside."""

import zlib
from collections.abc import Iterator
from datetime import timedelta

from core.message import N_
from handlers.drawing.svg import document, group, hatching, rect, text
from handlers.drawing.widths import BOLD, REGULAR, width, wrapped
from handlers.i18n import Texts
from handlers.occupation.bars import Bar, Section, hours_said, in_words
from handlers.ui import Picture

WIDE = 1280
SIZE, TITLE, SMALL = 15, 18, 14
MARGIN, NAMES, FIGURES = 24, 300, 470
LEADING, ROW, BAR, GONE = 19, 46, 22, 8
_LEFT = MARGIN + NAMES + 16
_ROOM = WIDE - MARGIN - FIGURES - 16 - _LEFT
_NONE = timedelta(0)
_LEGEND = (("offered", N_("Offered")), ("booked", N_("Booked")), ("cancelled", N_("Cancelled")))


def occupation_picture(title: str, shown: tuple[Section, ...], texts: Texts) -> Picture:
    """Return the bars, and the same in words."""
    key = f"o{zlib.crc32(repr((title, shown)).encode()):08x}"
    parts, top = list(_legend(key, MARGIN, texts)), float(MARGIN + ROW)
    for section in shown:
        parts.append(_words(MARGIN, top + TITLE, (section.title,), TITLE, BOLD))
        top += ROW - 8
        longest = max(max(b.hours.offered, b.hours.booked, b.hours.cancelled) for b in section.bars)
        for bar in section.bars:
            lines = _lines(bar.label)
            parts += _row(key, bar, lines, top, longest, texts)
            top += max(ROW, len(lines) * LEADING + 12)
        top += LEADING
    high = round(top + MARGIN)
    back = rect(0, 0, WIDE, high, fill="#ffffff")
    pattern = hatching(key, "M-2 2L2 -2M-2 10L10 -2M6 10L10 6", 8, "", "#8b3a5b", "cancelled-strokes")
    svg = document([pattern, group([back], "page"), *parts], WIDE, high)
    return Picture(svg, in_words(title, shown, texts))


def _legend(key: str, top: float, texts: Texts) -> Iterator[str]:
    left = float(MARGIN)
    for kind, name in _LEGEND:
        said = texts.t(name)
        yield _box(kind, key, left, top, 28, BAR)
        yield _words(left + 38, top + 17, (said,), SIZE)
        left += 38 + width(said, SIZE) + 36


def _row(key: str, bar: Bar, lines: tuple[str, ...], top: float, longest: timedelta, texts: Texts) -> Iterator[str]:
    yield _words(MARGIN, top + 16, lines, SIZE)
    yield _words(WIDE - MARGIN - FIGURES, top + 16, (hours_said(bar.hours, texts),), SMALL)
    for kind, lasts, down, high in (
        ("offered", bar.hours.offered, 0, BAR),
        ("booked", bar.hours.booked, 5, BAR - 10),
        ("cancelled", bar.hours.cancelled, BAR + 3, GONE),
    ):
        if lasts > _NONE:
            yield _box(kind, key, _LEFT, top + down, max(lasts / longest * _ROOM, 2), high)


def _words(x: float, y: float, lines: tuple[str, ...], size: int, weight: int = REGULAR) -> str:
    written = [text(x, y + n * LEADING, words, size, weight) for n, words in enumerate(lines)]
    return group(written, "words", fill="#1b2628", font_size=size, font_weight=weight)


def _box(kind: str, key: str, x: float, y: float, wide: float, high: float) -> str:
    match kind:
        case "offered":
            frame = group([rect(x, y, wide, high)], "available-edge", fill="none", stroke="#2f6b45", stroke_width=1.5)
            return group([rect(x, y, wide, high)], "available", fill="#d5efdd") + frame
        case "booked":
            return group([rect(x, y, wide, high)], "appointment", fill="#1d5f73", stroke="#123f4d", stroke_width=1)
        case _:
            return group([rect(x, y, wide, high)], kind, fill=f"url(#{key})", stroke="#8b3a5b", stroke_width=1)


def _lines(label: str) -> tuple[str, ...]:
    """Return the label in as many lines as it takes; a word that no line holds is broken."""
    words = " ".join(piece for word in label.split() for piece in _pieces(word))
    return wrapped(words, NAMES, len(words) + 1, SIZE)


def _pieces(word: str) -> Iterator[str]:
    start = 0
    for end in range(1, len(word) + 1):
        if width(word[start:end], SIZE) > NAMES:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]
