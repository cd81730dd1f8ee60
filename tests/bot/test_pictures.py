"""Pillow's PNG shows what resvg's shows of the same SVG, and refuses the rest; it draws once, off the loop."""

import asyncio
import io
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
import resvg_py
from PIL import Image, ImageChops, ImageStat

from bot import pictures
from bot.pictures import Pictures
from bot.pictures.fonts import FONT_FILES, font, font_path
from bot.pictures.raster import png_of
from bot.pictures.reading import Unsupported
from handlers.drawing import svg
from handlers.drawing.widths import BOLD, REGULAR, fitting, width, wrapped
from handlers.i18n import Texts
from tests.handlers.agendas import WEEK, agenda_of, colleague, drawn, five_agendas
from tests.handlers.test_agenda_picture import Shape, shapes

WEEK_VIEW = drawn(five_agendas()).svg
DAY_VIEW = drawn(five_agendas(), WEEK[1:2]).svg
ONE_VIEW = drawn([replace(five_agendas()[0], holidays=five_agendas()[4].holidays)]).svg
ENGLISH_VIEW = drawn(five_agendas()[1:3], WEEK[4:5], Texts("en", "America/New_York")).svg
VIEWS = {"week": WEEK_VIEW, "day": DAY_VIEW, "one": ONE_VIEW, "english": ENGLISH_VIEW}


@cache
def ours(drawing: str) -> Image.Image:
    return Image.open(io.BytesIO(png_of(drawing))).convert("RGB")


@cache
def theirs(drawing: str) -> Image.Image:
    """Return what resvg makes of it, with the same two fonts."""
    files = [font_path(weight) for weight in FONT_FILES]
    png = resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=True, font_files=files)
    return Image.open(io.BytesIO(bytes(png))).convert("RGB")


def inside(image: Image.Image, shape: Shape) -> Image.Image:
    return image.crop((int(shape.left), int(shape.top), int(shape.right) + 1, int(shape.bottom) + 1))


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two pictures, of 255."""
    means = ImageStat.Stat(ImageChops.difference(one, other)).mean
    return sum(means) / len(means)


def ink(image: Image.Image) -> Image.Image:
    """Return where something stands out from the commonest colour."""
    colours = image.getcolors(image.width * image.height) or []
    ground = Image.new("RGB", image.size, max(colours)[1])  # type: ignore[arg-type]
    return ImageChops.difference(image, ground).convert("L").point(lambda value: 255 if value > 64 else 0)


# --- the same content


@pytest.mark.parametrize("view", VIEWS)
def test_both_have_the_same_size_and_nearly_the_same_points(view: str) -> None:
    one, other = ours(VIEWS[view]), theirs(VIEWS[view])
    assert one.size == other.size
    assert apart(one, other) < 6
    assert apart(one.reduce(8), other.reduce(8)) < 1.5  # letters are smoothed differently, and weigh the same


@pytest.mark.parametrize("view", VIEWS)
def test_each_box_has_the_same_colour(view: str) -> None:
    one, other = ours(VIEWS[view]), theirs(VIEWS[view])
    boxes = shapes(VIEWS[view], "rect")
    assert len(boxes) > 10
    for box in boxes:
        assert apart(inside(one, box), inside(other, box)) < 30, box
        corner = (round(box.left) + 4, round(box.top) + 4, round(box.left) + 8, round(box.top) + 8)
        if box.right - box.left > 12 and box.bottom - box.top > 12:
            assert apart(one.crop(corner), other.crop(corner)) < 24, box


@pytest.mark.parametrize("view", VIEWS)
def test_words_are_at_the_same_places(view: str) -> None:
    one, other = ours(VIEWS[view]), theirs(VIEWS[view])
    words = shapes(VIEWS[view], "text")
    assert len(words) > 10
    for text in words:
        found = [ink(inside(image, text)) for image in (one, other)]
        boxes = [image.getbbox() for image in found]
        assert boxes[0] is not None, text
        assert boxes[1] is not None, text
        assert all(abs(a - b) <= 3 for a, b in zip(boxes[0], boxes[1], strict=True)), (text, boxes)
        amounts = [ImageStat.Stat(image).sum[0] for image in found]
        assert 0.6 < amounts[0] / amounts[1] < 1.6, (text, amounts)


def test_a_missing_word_or_box_would_be_seen() -> None:
    part = next(piece for piece in WEEK_VIEW.split("<text ") if ">Dentiste</text>" in piece)
    shape = next(s for s in shapes(WEEK_VIEW, "text") if s.said == "Dentiste")
    without = WEEK_VIEW.replace(f"<text {part}".partition("</text>")[0] + "</text>", "")
    assert without != WEEK_VIEW
    assert apart(inside(ours(WEEK_VIEW), shape), inside(ours(without), shape)) > 15


# --- what is drawn, and what is refused


def picture(*parts: str) -> str:
    return svg.document(parts, 40, 30)


def test_each_shape_is_where_it_says() -> None:
    image = ours(
        picture(
            svg.rect(2, 3, 10, 5, fill="#ff0000"),
            svg.group([svg.line(20.5, 2, 20.5, 12)], "x", stroke="#00ff00", stroke_width=1),
            svg.rect(2.5, 14.5, 30, 10, fill="none", stroke="#0000ff", stroke_dasharray="4 4"),
        )
    )
    red, green, blue, white = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
    assert [image.getpixel(at) for at in ((2, 3), (11, 7), (12, 8), (1, 3))] == [red, red, white, white]
    assert [image.getpixel(at) for at in ((20, 2), (20, 11), (20, 12), (21, 5))] == [green, green, white, white]
    assert [image.getpixel((x, 14)) for x in (4, 8, 12)] == [blue, white, blue]
    assert image.getpixel((10, 20)) == white


@pytest.mark.parametrize(
    "drawing",
    [
        picture('<circle r="3"/>'),
        picture('<rect x="1" y="1" width="3" height="3" opacity="0.5"/>'),
        picture('<rect x="1" y="1" width="3" height="3" style="fill:red"/>'),
        picture(svg.rect(1, 1, 3, 3, fill="red")),
        picture(svg.rect(1, 1, 3, 3, fill="url(#nothing)")),
        picture(svg.rect(1, 1, 3, 3, rx=2, stroke="#000000", stroke_dasharray="2 2")),
        picture('<rect y="1" width="3" height="3"/>'),
        picture(svg.line(1, 1, 3, 4, stroke="#000000")),
        picture(svg.line(1, 1, 3, 1, stroke="#000000", stroke_dasharray="1 2 3")),
        picture(svg.text(1, 9, "x", 12, fill="#000000")),
        picture(svg.text(1, 9, "x", 12, font_size=12, font_weight=300)),
        picture(svg.text(1, 9, "x", 12, font_size=12, text_anchor="centre")),
        picture('<text x="1" y="9" font-size="12"><tspan>x</tspan></text>'),
        picture('<pattern id="p" width="8" height="8"><path d="M0 0L8 8" stroke="#000000"/></pattern>'),
        picture(svg.hatching("p", "M0 0C1 1 2 2 3 3", 8, "", "#000000", "x")),
        picture('<g transform="scale(2)"><rect x="1" y="1" width="3" height="3"/></g>'),
        picture("<style>rect { fill: red }</style>"),
        svg.document([], 40, 30).replace("viewBox", "viewbox"),
        svg.document([], 40, 30).replace("0 0 40 30", "0 0 80 60"),
        svg.document([], 100_000, 100_000),
        svg.document([], 0, 30),
        "<svg",
        "",
        "<html/>",
    ],
)
def test_what_it_does_not_draw_it_refuses(drawing: str) -> None:
    with pytest.raises(Unsupported):
        png_of(drawing)


# --- widths


_WORDS = "Rendez-vous n° 1285 – Gisèle LAFRAISE (26 ans), Gembloux: « œuvre » ÀÉÎÕÜ çñß ŁŚŽ ďľ “x” 10:00 & 50 % <@>|…"


@pytest.mark.parametrize("weight", [REGULAR, BOLD])
def test_widths_are_those_of_the_font(weight: int) -> None:
    measured = font(str(weight), 1000)
    for character in set(_WORDS) | set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"):
        reckoned = width(character, 1000, weight)
        assert measured.getlength(character) <= reckoned + 1, character
        assert reckoned <= measured.getlength(character) + 30, character
    assert font(str(weight), 16).getlength(_WORDS) <= width(_WORDS, 16, weight)


def test_words_of_other_scripts_get_room_enough() -> None:
    for words in ("Ωμέγα", "Привет", "漢字", "🙂", "مرحبا"):
        assert width(words, 16) >= font("400", 16).getlength(words)


def test_lines_break_between_words_only() -> None:
    room = width("Rendez-vous", 16) + 1
    assert wrapped("Rendez-vous à Namur", room, 2, 16) == ("Rendez-vous", "à Namur")
    assert wrapped("Rendez-vous à Namur", room, 1, 16) == ()
    assert wrapped("Rendez-vous\u00a0à Namur", room, 3, 16) == ()
    assert fitting(["Rendez-vous à Namur", "RDV Namur", "RDV"], room, 1, 16) == ("RDV Namur",)
    assert fitting(["Rendez-vous"], 5, 9, 16) == ()


# --- kept, and off the loop


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was drawn, by which thread."""
    found: list[str] = []

    def draw(drawing: str) -> bytes:
        found.append(threading.current_thread().name)
        return drawing.encode()

    monkeypatch.setattr(pictures, "png_of", draw)
    return found


async def test_it_draws_beside_the_event_loop() -> None:
    png = await Pictures().png(ONE_VIEW)
    assert png == png_of(ONE_VIEW)


async def test_what_is_unchanged_is_drawn_once(drawings: list[str]) -> None:
    kept = Pictures(kept=2)
    assert [await kept.png(name) for name in ("a", "b", "a", "b")] == [b"a", b"b", b"a", b"b"]
    assert len(drawings) == 2
    assert threading.current_thread().name not in drawings
    await kept.png("a")
    await kept.png("c")
    await kept.png("a")
    assert len(drawings) == 3
    await kept.png("b")
    assert len(drawings) == 4


async def test_many_who_ask_at_once_wait_for_one(drawings: list[str]) -> None:
    kept = Pictures()
    asked = [asyncio.ensure_future(kept.png("a")) for _ in range(5)]
    await asyncio.sleep(0)
    asked[0].cancel()
    found = await asyncio.gather(*asked, return_exceptions=True)
    assert found[1:] == [b"a"] * 4
    assert len(drawings) == 1


async def test_a_picture_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Pictures()
    with pytest.raises(Unsupported):
        await kept.png("<html/>")
    answers: Callable[[str], bytes] = str.encode
    monkeypatch.setattr(pictures, "png_of", answers)
    assert await kept.png("<html/>") == b"<html/>"


def test_an_agenda_is_drawn_whatever_it_is_called() -> None:
    odd = [agenda_of(colleague(1, "مرحبا 漢字 🙂")), agenda_of(colleague(2, "\x07\u202e<b>"))]
    assert ours(drawn(odd).svg).width == 1280
