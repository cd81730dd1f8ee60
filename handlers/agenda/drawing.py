"""The picture of an agenda as SVG: a band for each day, in it a row for each person, hours from left to right."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from handlers.agenda.boxes import available, closing, occupied
from handlers.agenda.layout import AXIS, DAYS_WIDE, MARGIN, NAMES_WIDE, SIZE, SMALL, WIDE, Layout, lay_out
from handlers.agenda.legend import legend_of
from handlers.agenda.looks import INK, NOW, PAINTS, SOFT, Look
from handlers.agenda.marks import Day
from handlers.drawing.svg import document, group, hatching, line, rect, text
from handlers.drawing.widths import BOLD, fitting, width
from handlers.i18n import Texts

_PAGE, _CLOSED, _GRID, _FRAME = "#ffffff", "#f1f4f3", "#c3cecc", "#8d9b99"
_EVERY = timedelta(minutes=5)
_LABEL = 19


def draw(days: Sequence[Day], notes: Sequence[str], texts: Texts, now: datetime) -> str:
    """Return the picture of these days; `notes` stand below it. It changes every five minutes at most."""
    now -= (now - datetime.min.replace(tzinfo=now.tzinfo)) % _EVERY
    today = next((day for day in days if day.whole.start <= now < day.whole.end), None)
    present = texts.t("Now ({time})", time=texts.clock(now)) if today else ""
    legend = legend_of(days, notes, present, texts)
    layout = lay_out(days, texts, now, legend.high)
    if present and all(band.present is None for band in layout.bands):  # today is there, this hour of it is not
        legend = legend_of(days, notes, "", texts)
        layout = lay_out(days, texts, now, legend.high)
    rows = layout.rows
    high = round(layout.bottom + legend.high)
    plain = (rect(layout.axis.left, r.top, layout.axis.right - layout.axis.left, r.bottom - r.top) for r in rows)
    parts = [
        *(_pattern(look) for look in Look if PAINTS[look].strokes),
        group([rect(0, 0, WIDE, high)], "page", fill=_PAGE),
        group(plain, "closed", fill=_CLOSED),
        *available(rows),
        *_grid(layout),
        *closing(rows),
        *_present(layout),
        *occupied(layout.bands),
        *_names(layout),
        *_labels(layout, texts, today),
        *legend.drawn(layout.bottom),
    ]
    return document(parts, WIDE, high)


def _pattern(look: Look) -> str:
    paint = PAINTS[look]
    return hatching(look, paint.strokes, paint.every, paint.fill, paint.stroke, f"{look}-strokes")


def _grid(layout: Layout) -> Iterator[str]:
    axis = layout.axis
    upright = [line(axis.at(h) + 0.5, b.top, axis.at(h) + 0.5, b.bottom) for b in layout.bands for h in axis.hours]
    yield group(upright, "grid", stroke=_GRID)
    edges = {row.top for band in layout.bands for row in band.rows} | {band.bottom for band in layout.bands}
    inner = [line(axis.left, y + 0.5, axis.right, y + 0.5) for y in sorted(edges)]
    yield group(inner, "grid", stroke=_GRID)
    outer = [line(MARGIN, y + 0.5, axis.right, y + 0.5) for b in layout.bands for y in (b.top - 1, b.bottom)]
    yield group(outer, "frame", stroke=_FRAME)
    hours = [text(axis.at(h), AXIS - 9, f"{h:02}:00", SMALL, text_anchor=_anchor(h, layout)) for h in axis.hours]
    yield group(hours, "soft", fill=SOFT, font_size=SMALL)


def _anchor(hour: int, layout: Layout) -> str:
    return "end" if layout.axis.at(hour) >= layout.axis.right else "middle"


def _names(layout: Layout) -> Iterator[str]:
    people = [row.cell.agenda.worker.name for row in layout.bands[0].rows]
    if len(people) == 1:  # in the corner, once
        yield group(
            [text(MARGIN, AXIS - 9, _name(people[0], DAYS_WIDE - 22, SMALL), SMALL)], "words", fill=INK, font_size=SMALL
        )
        return
    short = [_name(name, NAMES_WIDE - 10, SIZE) for name in people]
    left = MARGIN + DAYS_WIDE
    words = (
        text(left, (row.top + row.bottom) / 2 + SIZE * 0.33, name, SIZE)
        for band in layout.bands
        for row, name in zip(band.rows, short, strict=True)
        if name
    )
    yield group(words, "words", fill=INK, font_size=SIZE)


def _name(name: str, room: float, size: int) -> str:
    """Return as much of a name as has room: all of it, the first word, the initials."""
    words = name.split()
    initials = ". ".join([*(word[:1] for word in words), ""]).strip()
    first = " ".join([words[0], *(f"{word[:1]}." for word in words[1:])])
    return next((short for short in (name, first, words[0], initials) if width(short, size) <= room), "")


def _labels(layout: Layout, texts: Texts, today: Day | None) -> Iterator[str]:
    """Yield each day's label; today's stands in a frame."""
    words, frames = [], []
    for band in layout.bands:
        day, middle = band.day.day, (band.top + band.bottom) / 2
        date, brief = texts.short_day(day)[:5], texts.day_and_month(day).split()[0]
        lines = fitting([f"{texts.weekday(day)} {date}", f"{brief} {date}"], DAYS_WIDE - 10, 2, SIZE, BOLD)
        size, step = SIZE, _LABEL
        if band.bottom - band.top < len(lines) * _LABEL + 4:
            lines, size, step = (f"{brief} {date}",), SMALL, SMALL
        top = middle - len(lines) * step / 2
        for n, said in enumerate(lines):
            words.append(text(MARGIN, top + (n + 0.5) * step + size * 0.33, said, size, BOLD, font_size=size))
        if band.day is today:
            wide = max(width(said, size, BOLD) for said in lines)
            frames.append(rect(MARGIN - 4.5, round(top - 2) + 0.5, round(wide + 8), len(lines) * step + 3, rx=3))
    yield group(frames, "today", fill="none", stroke=NOW, stroke_width=1)
    yield group(words, "words", fill=INK, font_weight=BOLD)


def _present(layout: Layout) -> Iterator[str]:
    """Yield the line of the present; it lies under the boxes, whose words it would cross."""
    for band in layout.bands:
        if band.present is not None:
            upright = line(band.present, band.top - 4, band.present, band.bottom + 4)
            yield group([upright], "now", stroke=NOW, stroke_width=2)
