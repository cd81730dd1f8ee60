"""An appointment in words, French and English: what is understood, and what is handed back to be asked."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.cases import Place
from handlers.words import Days, Hours, Part, Spoken, read_booking

TODAY = date(2026, 1, 20)
"""A Tuesday."""
TOMORROW, NEXT_TUESDAY = Days(date(2026, 1, 21), date(2026, 1, 21)), Days(date(2026, 1, 27), date(2026, 1, 27))
GEMBLOUX, NAMUR, NAMUR_TOO = Place(1, "Gembloux", "Implantations"), Place(2, "Namur", "CPAS"), Place(3, "Namur")


def read(text: str) -> Spoken:
    return read_booking(text, TODAY, (GEMBLOUX, NAMUR, NAMUR_TOO), lambda number: number == 1285)


def hours(starts: str = "", ends: str = "") -> Hours:
    return Hours(time.fromisoformat(starts) if starts else None, time.fromisoformat(ends) if ends else None)


def length(text: str) -> timedelta:
    at = time.fromisoformat(text)
    return timedelta(hours=at.hour, minutes=at.minute)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "demain 14h15-16h30 pour 1285 à Gembloux",
            Spoken(TOMORROW, hours=hours("14:15", "16:30"), cases=(1285,), place=GEMBLOUX),
        ),
        (
            "next tuesday 10am for 2h with case 1285",
            Spoken(NEXT_TUESDAY, hours=hours("10:00"), length=length("02:00"), cases=(1285,)),
        ),
        (
            "Mardi 27 janvier, de 9h à 10h30, à gembloux (implantations), parcours n° 1285",
            Spoken(NEXT_TUESDAY, hours=hours("09:00", "10:30"), cases=(1285,), place=GEMBLOUX),
        ),
        (
            "14h 27 janvier pendant 1h30",
            Spoken(NEXT_TUESDAY, hours=hours("14:00"), length=length("01:30")),
        ),
        (
            "Jan 27 from 2:15pm to 4:30pm at Gembloux",
            Spoken(NEXT_TUESDAY, hours=hours("14:15", "16:30"), place=GEMBLOUX),
        ),
        (
            "rendez-vous d’une heure et demie demain à 10 heures",
            Spoken(TOMORROW, hours=hours("10:00"), length=length("01:30")),
        ),
        ("tomorrow, half an hour at 10 o’clock", Spoken(TOMORROW, hours=hours("10:00"), length=length("00:30"))),
        ("demain pour 2h à 14h", Spoken(TOMORROW, hours=hours("14:00"), length=length("02:00"))),
        ("demain pour 14h", Spoken(TOMORROW, hours=hours("14:00"))),
        ("demain 10h pour 6h", Spoken(TOMORROW, hours=hours("10:00"), length=length("06:00"))),
        ("demain 10h 45 min", Spoken(TOMORROW, hours=hours("10:00"), length=length("00:45"))),
        ("jusqu’à 16h demain pendant 1h", Spoken(TOMORROW, hours=hours("", "16:00"), length=length("01:00"))),
        ("demain à 3h de l’après-midi", Spoken(TOMORROW, hours=hours("15:00"))),
        ("tomorrow morning 9:30-11:00", Spoken(TOMORROW, hours=hours("09:30", "11:00"))),
        ("ce soir 8h", Spoken(Days(TODAY, TODAY), hours=hours("20:00"))),
        ("demain matin", Spoken(TOMORROW, part=Part.MORNING)),
        ("demain après midi", Spoken(TOMORROW, part=Part.AFTERNOON)),
        ("demain dans l’après-midi", Spoken(TOMORROW, part=Part.AFTERNOON)),
        ("tonight", Spoken(Days(TODAY, TODAY), part=Part.EVENING)),
        ("this afternoon", Spoken(Days(TODAY, TODAY), part=Part.AFTERNOON)),
        ("le matin", Spoken(part=Part.MORNING)),
        ("semaine prochaine", Spoken(Days(date(2026, 1, 26), date(2026, 2, 1), week=True))),
        ("1285 demain", Spoken(TOMORROW, cases=(1285,))),
        ("le 21 à 14h", Spoken(TOMORROW, hours=hours("14:00"))),
        ("le 3 à 14h", Spoken(Days(date(2026, 2, 3), date(2026, 2, 3)), hours=hours("14:00"))),
        ("vendredi le 6 à 14h30", Spoken(Days(date(2026, 2, 6), date(2026, 2, 6)), hours=hours("14:30"))),
        ("jeudi 19 à 14h", Spoken(Days(date(2026, 2, 19), date(2026, 2, 19)), hours=hours("14:00"))),
        ("vendredi 9 à 12h", Spoken(Days(date(2026, 1, 23), date(2026, 1, 23)), hours=hours("09:00", "12:00"))),
    ],
)
def test_what_is_understood(text: str, expected: Spoken) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pendant 1h30", "01:30"),
        ("durant 1 h 30", "01:30"),
        ("pendant deux heures", "02:00"),
        ("durée 45 min", "00:45"),
        ("durée de 1h", "01:00"),
        ("durée : 1h", "01:00"),
        ("qui dure 20 minutes", "00:20"),
        ("2 heures", "02:00"),
        ("90 minutes", "01:30"),
        ("de 2h", "02:00"),
        ("une heure", "01:00"),
        ("1 h 30 min", "01:30"),
        ("1h30min", "01:30"),
        ("1,5 heures", "01:30"),
        ("une demi‑heure", "00:30"),
        ("une demie heure", "00:30"),
        ("trois quarts d’heure", "00:45"),
        ("un quart d’heure", "00:15"),
        ("une heure et quart", "01:15"),
        ("for 2h", "02:00"),
        ("for 2 hours and 15 minutes", "02:15"),
        ("for 90 min", "01:30"),
        ("an hour and a half", "01:30"),
        ("one and a half hours", "01:30"),
        ("two hrs", "02:00"),
        ("8 hours", "08:00"),
        ("lasting half an hour", "00:30"),
    ],
)
def test_how_long(text: str, expected: str) -> None:
    assert read(text) == Spoken(length=length(expected))
    assert read(f"demain 10h {text}") == Spoken(TOMORROW, hours=hours("10:00"), length=length(expected))


@pytest.mark.parametrize(
    "text",
    [
        "pour 1285",
        "for 1285",
        "case 1285",
        "for case 1285",
        "case no. 1285",
        "case number 1285",
        "parcours 1285",
        "Parcours n°1285",
        "pour le parcours d’accompagnement n° 1285",
        "dossier : 1285",
        "n° 1285",
        "nº 1285",
        "№ 1285",
        "#1285",
        "pour #1285",
        "1285",
        "1285 1285",
    ],
)
def test_the_number_of_a_case(text: str) -> None:
    assert read(text) == Spoken(cases=(1285,))
    assert read(f"demain 10h-12h {text}.") == Spoken(TOMORROW, hours=hours("10:00", "12:00"), cases=(1285,))


@pytest.mark.parametrize(
    ("text", "cases", "unclear"),
    [
        ("pour 9999", (9999,), ()),  # said to be one: there it is not found
        ("parcours 7", (7,), ()),
        ("parcours 7 et 1285", (7, 1285), ()),
        ("9999", (), ("9999",)),
        ("pour 4", (), ("4",)),
        ("12", (), ("12",)),
        ("1285m", (), ("1285m",)),
    ],
)
def test_a_bare_number_is_no_case_unless_there_is_one(
    text: str, cases: tuple[int, ...], unclear: tuple[str, ...]
) -> None:
    found = read(text)
    assert (found.cases, found.unclear) == (cases, unclear)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("dimanche prochain", "2026-02-01"),
        ("next friday", "2026-01-30"),
        ("mardi", "2026-01-20"),
        ("this Tuesday", "2026-01-20"),
        ("mardi prochain", ""),
        ("next monday", ""),
        ("lundi", ""),
        ("vendredi", ""),
        ("mardi 27 janvier", ""),
        ("demain", ""),
    ],
)
def test_the_other_day_that_a_weekday_may_mean(text: str, other: str) -> None:
    assert read(f"{text} 10h").other_day == (date.fromisoformat(other) if other else None)


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("demain 25h", ("25h",)),
        ("demain vers 10h", ("vers 10h",)),
        ("tomorrow after 2pm", ("after 2pm",)),
        ("demain à partir de 14h30", ("à partir de 14h30",)),
        ("demain avant midi", ("avant midi",)),
        ("dans 2h demain", ("dans 2h",)),
        ("tomorrow 2 hours ago", ("2 hours ago",)),
        ("demain 10h 2h", ("2h",)),
        ("demain 10h-12h ou 14h-16h", ("10h-12h ou 14h-16h",)),
        ("tomorrow 10am or 2pm", ("10am or 2pm",)),
        ("demain sauf 14h", ("sauf 14h",)),
        ("demain 10h et quart", ("10h et quart",)),
        ("demain 11h moins le quart", ("11h moins le quart",)),
        ("demain lundi", ("lundi",)),
        ("demain chaque lundi", ("chaque lundi",)),
        ("tomorrow every second Monday", ("every second Monday",)),
        ("demain à Namur", ("Namur",)),  # there are two
        ("demain à Liège", ("Liège",)),
        ("demain pendant 13h30", ("pendant",)),
        ("demain pour Gisèle Verkest", ("Gisèle Verkest",)),
        ("demain, Bilan trimestriel !", ("Bilan trimestriel",)),
    ],
)
def test_what_is_not_exact_or_not_known_is_handed_back(text: str, unclear: tuple[str, ...]) -> None:
    found = read(text)
    assert found.days == TOMORROW
    assert found.unclear == unclear


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pas lundi",
            "not Monday",
            "avant vendredi",
            "after 27 January",
            "d’ici mardi",
            "lundi ou mardi",
            "mon or tue",
        ),
        *("lundi dernier", "last Monday", "lundi en huit", "monday week", "chaque lundi", "tous les 15 jours", "hier"),
        *("weekend", "avant demain", "lundi 10h ou mardi 11h"),
        *("vendredi 6 à 14h", "vendredi 6 à 14 h 30", "vendredi 6 à 14 heures", "vendredi 6 à midi"),
    ],
)
def test_a_day_that_is_not_the_one_is_handed_back_whole(text: str) -> None:
    assert replace(read(text), vague=False) == Spoken(unclear=(text,))


def test_the_day_after_tomorrow_is_a_day() -> None:
    assert read("après demain") == read("the day after tomorrow") == Spoken(Days(date(2026, 1, 22), date(2026, 1, 22)))


@pytest.mark.parametrize("text", ["mardi 28 janvier 10h", "30 février 10h", "lundi 31/06"])
def test_a_day_that_there_is_not_is_not_guessed(text: str) -> None:
    assert read(text).days is None
    assert read(text).unclear


@pytest.mark.parametrize("text", ["demain matin 14h", "tomorrow evening at 2pm", "demain après-midi 9h-10h"])
def test_hours_in_another_part_of_the_day_are_not_guessed(text: str) -> None:
    found = read(text)
    assert (found.hours, found.part, found.contradicted) == (None, None, True)


def test_a_duration_and_an_end_are_both_told() -> None:
    assert read("demain 14h-16h pendant 1h") == Spoken(TOMORROW, hours=hours("14:00", "16:00"), length=length("01:00"))


DAYS = st.sampled_from(
    [
        *(("demain", TOMORROW), ("DEMAIN", TOMORROW), ("tomorrow", TOMORROW), ("le 21/01", TOMORROW)),
        *(("mardi prochain", NEXT_TUESDAY), ("next Tuesday", NEXT_TUESDAY), ("le mardi 27 janvier", NEXT_TUESDAY)),
        *(("27 janvier 2026", NEXT_TUESDAY), ("January 27th", NEXT_TUESDAY), ("2026-01-27", NEXT_TUESDAY)),
    ]
)
_TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
_WRITTEN = ("{0.hour}h{0.minute:02}", "{0.hour}:{0.minute:02}", "{0:%H}h{0.minute:02}", "{0.hour} h {0.minute:02}")
FROM_TO = st.sampled_from(["{0}-{1}", "de {0} à {1}", "from {0} to {1}", "{0} – {1}", "entre {0} et {1}"])
LENGTHS = st.integers(1, 12 * 60).map(lambda minutes: timedelta(minutes=minutes))
LASTING = st.sampled_from(["pendant {0} minutes", "for {0} min", "durée {0} mn", "duration {0} minutes"])
CASES = st.sampled_from(["pour {0}", "for case {0}", "parcours n° {0}", "dossier {0}", "#{0}"])
PLACES = st.sampled_from(["à Gembloux", "at GEMBLOUX", "à Gembloux (Implantations)"])


@st.composite
def well_formed(draw: st.DrawFn) -> tuple[str, Spoken]:
    """An appointment that says everything once, in any order, and what it means."""
    said_day, days = draw(DAYS)
    first, last = draw(_TIMES), draw(_TIMES)
    written = draw(st.sampled_from(_WRITTEN))
    if draw(st.booleans()):
        minutes = draw(LENGTHS)
        count = int(minutes / timedelta(minutes=1))
        when = [written.format(first), draw(LASTING).format(count)]
        expected, lasting = Hours(first, None), minutes
    else:
        when = [draw(FROM_TO).format(written.format(first), written.format(last))]
        expected, lasting = Hours(first, last), None
    number = draw(st.integers(100, 999_999))
    pieces = draw(st.permutations([said_day, *when, draw(CASES).format(number), draw(PLACES)]))
    return ", ".join(pieces), Spoken(days, hours=expected, length=lasting, cases=(number,), place=GEMBLOUX)


@given(well_formed())
def test_a_well_formed_wish_is_understood_whole(made: tuple[str, Spoken]) -> None:
    text, expected = made
    assert read(text) == expected


SAID = (
    "demain mardi prochain next tuesday 27 janvier 14h 14h-16h 2h pour for pendant 45 min 1285 case à Gembloux matin "
    "après-midi ce soir dans vers chaque 99h 25:61 d’une heure et demie – . #"
)
WORDS = SAID.split()
STRANGE = st.from_regex(r"\Ax[b-df-hj-np-tv-z]{4,8}\Z")


@given(st.lists(st.sampled_from(WORDS) | STRANGE, max_size=12))
@example(["vers", "14h", "xbcdf", "14h-16h"])
def test_a_word_that_means_nothing_is_handed_back(words: list[str]) -> None:
    handed_back = " ".join(read(" ".join(words)).unclear).split()
    strange = [word for word in words if word.startswith("x")]
    assert [word for word in handed_back if word.startswith("x")] == strange


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=12).map(" ".join))
@example("1285 " * 300)
@example("pendant pour \x00 \x01 14h\x01")
def test_any_text_is_read(text: str) -> None:
    found = read(text)
    given_words = text.split()
    assert all(word in given_words for phrase in found.unclear for word in phrase.split())
    if not found.anything:
        said = {word for phrase in found.unclear for word in phrase.split()}
        assert all(word in said for word in given_words if any(sign.isdigit() for sign in word))
