"""The picture of an agenda: it holds what the text holds, in words that are never cut, and needs no colour."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.agenda import Agenda, Away, Entry, Holiday
from core.availability import BusyKind, OpenRange, Shown
from core.times import Interval
from handlers.agenda.layout import HIGH, WIDE
from handlers.agenda.looks import PAINTS, Look
from handlers.agenda.marks import MOST_A_DAY
from handlers.agenda.stacking import MOST_LANES
from handlers.i18n import Texts
from tests.builders import at, between
from tests.handlers.agendas import (
    FRENCH,
    MONDAY,
    WEEK,
    agenda_of,
    colleague,
    drawn,
    five_agendas,
    full_agenda,
    on,
)

SVG = "{http://www.w3.org/2000/svg}"
AGATHE, SEFORME = colleague(1, "Agathe"), colleague(2, "seforme")
_HOURS = re.compile("^(?:\\d\\d:\\d\\d.–.\\d\\d:\\d\\d|Toute la journée).: ")


@dataclass(frozen=True)
class Shape:
    """A shape with its class, where it is, and what is read when one points at it or in it."""

    kind: str
    left: float
    top: float
    right: float
    bottom: float
    said: str


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own


def shapes(svg: str, tag: str) -> list[Shape]:
    """Return the rectangles or texts of a picture."""
    found = []
    for group in parsed(svg).iter(f"{SVG}g"):
        kind = group.get("class", "")
        size = float(group.get("font-size", 0))
        for shape in group.iter(f"{SVG}{tag}"):
            x, y = float(shape.get("x", 0)), float(shape.get("y", 0))
            if tag == "text":
                wide, size = float(shape.get("textLength", 0)), float(shape.get("font-size", size))
                x -= {"start": 0.0, "middle": wide / 2, "end": wide}[shape.get("text-anchor", "start")]
                found.append(Shape(kind, x, y - size * 0.75, x + wide, y + size * 0.25, shape.text or ""))
            else:
                title = shape.findtext(f"{SVG}title", "")
                wide, high = float(shape.get("width", 0)), float(shape.get("height", 0))
                found.append(Shape(kind, x, y, x + wide, y + high, title))
    return found


def told(alt: str) -> list[str]:
    """Return the entries of the text, without days and names."""
    return [line.removeprefix("• ") for line in alt.split("\n") if _HOURS.match(line.removeprefix("• "))]


def entries(svg: str) -> list[str]:
    """Return the entries of the picture, each once, those that were gathered too."""
    return [line for shape in shapes(svg, "rect") for line in shape.said.split("\n") if line]


def size(svg: str) -> tuple[float, float]:
    root = parsed(svg)
    return float(root.get("width", 0)), float(root.get("height", 0))


# --- the same content


@pytest.mark.parametrize("days", [WEEK, WEEK[1:2], WEEK[4:5]])
def test_picture_and_text_hold_the_same(days: list[date]) -> None:
    picture = drawn(five_agendas(), days)
    assert sorted(entries(picture.svg)) == sorted(told(picture.alt))
    assert len(entries(picture.svg)) > 10


_QUARTERS = st.integers(0, 7 * 96 - 1)
_STRETCHES = st.builds(
    lambda start, lasts: Interval.lasting(at("2026-01-26 00:00") + start * timedelta(minutes=15), lasts),
    _QUARTERS,
    st.integers(1, 200).map(lambda n: timedelta(minutes=5 * n)),
)
_KINDS = [BusyKind.APPOINTMENT, BusyKind.ACCEPTED, BusyKind.TENTATIVE, BusyKind.PENDING, BusyKind.EXTERNAL]
_ENTRIES = st.builds(
    Entry,
    _STRETCHES,
    st.sampled_from(
        [
            BusyKind.APPOINTMENT,
            BusyKind.PENDING,
            BusyKind.TENTATIVE,
            BusyKind.EXTERNAL,
            BusyKind.HOLD,
            BusyKind.ACCEPTED,
        ]
    ),
    st.none() | st.integers(1, 9),
    st.none() | st.integers(1, 4),
    st.none() | st.integers(1, 9999),
    title=st.sampled_from(["", "Dentiste", "x" * 300, "<b>&\"' ]]>"]),
)
_AGENDAS = st.builds(
    lambda worker, ranges, absences, holidays, found: agenda_of(
        worker, ranges=tuple(ranges), absences=tuple(absences), holidays=tuple(holidays), entries=tuple(found)
    ),
    st.sampled_from([AGATHE, SEFORME]),
    st.lists(st.builds(OpenRange, _STRETCHES, st.none() | st.integers(1, 3)), max_size=8),
    st.lists(st.builds(Away, _STRETCHES), max_size=6),
    st.lists(st.builds(Holiday, _STRETCHES, st.just("Noël")), max_size=4),
    st.lists(_ENTRIES, max_size=12),
)


@given(st.lists(_AGENDAS, min_size=1, max_size=5), st.booleans())
def test_nothing_is_cut_and_nothing_is_lost(agendas: list[Agenda], week: bool) -> None:
    picture = drawn(agendas, WEEK if week else WEEK[2:3])
    assert sorted(entries(picture.svg)) == sorted(told(picture.alt))
    wide, high = size(picture.svg)
    rects, texts = shapes(picture.svg, "rect"), shapes(picture.svg, "text")
    for shape in (*rects, *texts):
        assert 0 <= shape.left <= shape.right <= wide, shape
        assert 0 <= shape.top <= shape.bottom <= high, shape
    boxes = [r for r in rects if r.said]
    for words in texts:
        look = words.kind.removesuffix("-words")
        if look in set(Look):
            own = [b for b in boxes if b.kind == look and b.left <= words.left and words.right <= b.right]
            assert any(b.top <= words.top and words.bottom <= b.bottom for b in own), words
    over = [b for b in boxes if b.kind not in {Look.AVAILABLE, Look.ABSENCE, Look.HOLIDAY}]
    for one in over:
        for other in over:
            apart = one.right <= other.left or other.right <= one.left or one.bottom <= other.top
            assert one is other or apart or other.bottom <= one.top or _hardly(one, other), (one, other)


def _hardly(one: Shape, other: Shape) -> bool:
    """So short that they are drawn wider than they last."""
    return min(one.right, other.right) - max(one.left, other.left) <= 5


# --- legible


def test_five_people_on_five_days_are_as_large_as_said() -> None:
    people = [replace(a, absences=(), entries=a.entries[:9]) for a in five_agendas()]
    picture = drawn(people)
    assert size(picture.svg) == (WIDE, HIGH)
    assert (WIDE, HIGH) == (1280, 760)
    assert all(text.bottom - text.top >= 12 for text in shapes(picture.svg, "text"))
    tall = sorted({(s.top, s.bottom) for s in shapes(picture.svg, "rect") if s.kind == "closed"})
    assert len(tall) == 25
    assert all(bottom - top >= 25 for top, bottom in tall)
    assert all(one[1] <= other[0] for one, other in pairwise(tall))


def test_each_look_differs_without_colour() -> None:
    seen = {}
    for look, paint in PAINTS.items():
        if look is not Look.MORE:  # has only words
            dark = sum(int(paint.fill[n : n + 2] or "ff", 16) for n in (1, 3, 5)) < 3 * 128 if paint.fill else False
            seen[look] = (paint.strokes, paint.dashes, dark, look is Look.AVAILABLE)
    assert len(set(seen.values())) == len(seen)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", list(PAINTS))
def test_words_stand_out_from_what_is_behind_them(look: Look) -> None:
    paint = PAINTS[look]
    behind = [paint.fill, paint.stroke] if paint.fill else ["#ffffff"]
    assert all(contrast(paint.ink, colour) >= 4.5 for colour in behind if colour)


def test_a_short_box_says_less_and_its_title_says_all() -> None:
    words = {}
    for minutes in (15, 45, 60, 120, 240):
        during = Interval.lasting(at("2026-01-26 10:00"), timedelta(minutes=minutes))
        entry = replace(full_agenda(AGATHE).entries[0], during=during)
        picture = drawn([agenda_of(AGATHE, entries=(entry,)), agenda_of(SEFORME), agenda_of(SEFORME)])
        found = [t.said for t in shapes(picture.svg, "text") if t.kind == "appointment-words"]
        words[minutes] = " ".join(found).replace("\u00a0", " ")
        assert "Rendez-vous n° 1285 – Gisèle LAFRAISE (26 ans) – Gembloux (Implantations)" in " ".join(
            entries(picture.svg)
        ).replace("\u00a0", " ")
    assert words[15] in {"", "RDV"}
    assert words[45].startswith("RDV")
    assert len(words[45]) < len(words[240])
    assert words[240] == "Rendez-vous n° 1285 – Gisèle LAFRAISE (26 ans) – Gembloux (Implantations)"


def test_what_is_not_shown_is_said() -> None:
    hidden = [
        replace(agenda_of(AGATHE), shown=Shown(availability=False, external=False)),
        replace(agenda_of(SEFORME), shown=Shown(external=False)),
    ]
    picture = drawn(hidden)
    notes = ["Disponibilités masquées\u00a0: Agathe.", "Agenda externe masqué\u00a0: Agathe et seforme."]
    assert picture.alt.split("\n")[-2:] == notes
    assert [t.said for t in shapes(picture.svg, "text")][-2:] == notes


# --- days


def test_a_weekend_day_shows_only_when_something_is_on_it() -> None:
    away = Away(between("2026-01-26 00:00", "2026-02-02 00:00"))
    assert "Samedi" not in drawn([agenda_of(AGATHE, absences=(away,))]).alt
    entry = Entry(between(*on(6, "10:00", "11:00")), BusyKind.APPOINTMENT, 1)
    alt = drawn([agenda_of(AGATHE), agenda_of(SEFORME, entries=(entry,))]).alt
    assert "Dimanche" in alt
    assert "Samedi" not in alt
    assert "Samedi" in drawn([agenda_of(AGATHE)], [MONDAY + timedelta(days=5)]).alt


def test_a_night_is_told_on_both_its_days() -> None:
    night = OpenRange(between("2026-01-27 22:00", "2026-01-28 06:30"), 1)
    lines = told(drawn([agenda_of(AGATHE, ranges=(night,))]).alt.replace("\u00a0", " "))
    place = "Disponible – Gembloux (Implantations)"
    assert lines == [f"22:00 – 24:00 : {place}", f"00:00 – 06:30 : {place}"]


def test_days_are_those_of_the_reader() -> None:
    entry = Entry(between(*on(2, "02:00", "03:00")), BusyKind.APPOINTMENT, 1)
    texts = Texts("en", "America/New_York")
    alt = drawn([agenda_of(AGATHE, entries=(entry,))], texts=texts).alt
    tuesday, wednesday = alt.index("Tuesday, 27 January 2026"), alt.index("Wednesday")
    assert tuesday < alt.index("20:00") < wednesday
    assert 'class="today"' in drawn([agenda_of(AGATHE)], texts=texts).svg


@pytest.mark.parametrize(
    ("zone", "day", "start", "minutes"),
    [
        ("Europe/Brussels", "2026-10-25", "2026-10-25 02:30", 45),  # ends at 2:15, the second time
        ("Europe/Brussels", "2026-03-29", "2026-03-29 01:30", 60),
        ("Australia/Lord_Howe", "2026-04-05", "2026-04-05 01:45", 20),
    ],
)
def test_a_clock_change_moves_nothing_out_of_the_picture(zone: str, day: str, start: str, minutes: int) -> None:
    entry = Entry(Interval.lasting(at(start, zone), timedelta(minutes=minutes)), BusyKind.EXTERNAL)
    picture = drawn([agenda_of(AGATHE, entries=(entry,))], [date.fromisoformat(day)], Texts("fr", zone))
    (box,) = [s for s in shapes(picture.svg, "rect") if s.said]
    assert 0 < box.left < box.right <= WIDE
    assert sorted(entries(picture.svg)) == sorted(told(picture.alt))


def test_a_day_that_a_zone_skipped_is_empty() -> None:
    texts = Texts("fr", "Pacific/Apia")
    picture = drawn([agenda_of(AGATHE)], [date(2011, 12, 30)], texts)
    assert "Rien dans cet agenda." in picture.alt


def test_the_present_is_marked_on_its_day_alone() -> None:
    marked = drawn([agenda_of(AGATHE)], [date(2026, 1, 27)]).svg
    assert 'class="now"' in marked
    assert "Maintenant (11:05)" in marked
    assert 'class="now"' not in drawn([agenda_of(AGATHE)], [date(2026, 1, 28)]).svg


def test_an_hour_that_is_not_drawn_is_not_in_the_legend() -> None:
    at_night = drawn([agenda_of(AGATHE)], [date(2026, 1, 27)], now=at("2026-01-27 02:10")).svg
    assert 'class="now"' not in at_night
    assert "Maintenant" not in at_night


# --- too much, and too odd


def test_events_upon_events_are_gathered_and_counted() -> None:
    hours = between(*on(0, "09:00", "17:00"))
    crowd = tuple(Entry(hours, BusyKind.EXTERNAL, title=f"Événement {n}") for n in range(10_000))
    picture = drawn([agenda_of(AGATHE, entries=crowd)])
    lines = [line for line in picture.alt.split("\n") if line.startswith("• ") and "Rien" not in line]
    assert len(lines) == MOST_A_DAY
    assert lines[-1] == f"• et {10_000 - MOST_A_DAY + 1} autres"
    boxes = [s for s in shapes(picture.svg, "rect") if s.said]
    assert len(boxes) == MOST_LANES
    assert len(entries(picture.svg)) == MOST_A_DAY
    assert len(picture.svg) < 20_000


def test_nobodys_words_become_markup() -> None:
    entry = Entry(
        between(*on(0, "09:00", "17:00")), BusyKind.EXTERNAL, title="</text><script>alert(1)</script>\x00\u202e"
    )
    name = '"><script>'
    picture = drawn([agenda_of(colleague(1, name), entries=(entry,)), agenda_of(SEFORME)])
    assert not [e for e in parsed(picture.svg).iter() if e.tag.endswith("script")]
    assert "<script" not in picture.svg
    assert "\u202e" not in picture.svg


def test_it_styles_nothing_that_a_page_forbids() -> None:
    svg = drawn(five_agendas()).svg
    assert "style" not in svg
    assert "http" not in svg.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_a_person_whose_name_is_long_is_named_as_far_as_there_is_room() -> None:
    names = ["Marie-Christine van den Broeck de la Tour", "W" * 200]
    svg = drawn([agenda_of(colleague(n, name)) for n, name in enumerate(names, 1)]).svg
    assert [t.said for t in shapes(svg, "text") if t.kind == "words"][:1] != []
    assert "Marie-Christine" in svg
    assert "W" * 200 not in svg


def test_two_unchanged_agendas_are_the_same_picture() -> None:
    assert drawn(five_agendas()) == drawn(five_agendas())
    assert drawn(five_agendas(), texts=FRENCH) == drawn(five_agendas(), texts=Texts("fr", "Europe/Brussels"))
