"""Rows `agenda_picture` and `agenda_picture_kept`.

The fonts are read once a process on our side; resvg-py reads them at each call, which is taken off its time. Patterns
are drawn anew each time.
"""

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import resvg_py

from bot.pictures import Pictures
from bot.pictures.fonts import FONT_FILES, font_path
from bot.pictures.patterns import _sheet
from bot.pictures.raster import png_of
from handlers.agenda import agenda_picture
from handlers.drawing.svg import document
from tests.bench.row import emit
from tests.handlers.agendas import FRENCH, NOW, PLACES, WEEK, five_agendas

RUNS = 25


def main() -> None:
    """Print the rows."""
    asyncio.run(_pictures())


async def _pictures() -> None:
    agendas = [replace(a, entries=a.entries[:10]) for a in five_agendas()]
    svg = agenda_picture(agendas, WEEK, PLACES, FRENCH, NOW).svg
    files = [font_path(weight) for weight in FONT_FILES]

    def ours() -> None:
        _sheet.cache_clear()
        png_of(agenda_picture(agendas, WEEK, PLACES, FRENCH, NOW).svg)

    def resvg(drawing: str) -> None:
        resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=True, font_files=files)

    kept = Pictures()
    await kept.png(svg)
    first, second, third, fourth = [], [], [], []
    for _ in range(RUNS):
        first.append(_timed(ours))
        second.append(_timed(lambda: resvg(svg)))
        third.append(_timed(lambda: resvg(document([], 8, 8))))
        begin = time.perf_counter()
        await kept.png(svg)
        fourth.append(time.perf_counter() - begin)
    cold, alone, fonts, again = (statistics.median(found) * 1000 for found in (first, second, third, fourth))
    emit("agenda_picture", cold, "ms", "resvg on the same SVG alone, its fonts loaded", alone - fonts)
    emit("agenda_picture_kept", again, "ms", "the same picture, drawn cold", cold)


def _timed(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
