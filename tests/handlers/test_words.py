"""What people type after a command, French and English: days, hours, repetition, places, absences."""

from datetime import date, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.availability import AbsenceKind
from core.cases import Place
from handlers.words import Absent, Days, Every, Hours, Repeats, Said, read_words
from handlers.words.repeating import nths

TODAY = date(2026, 1, 20)
"""A Tuesday."""

GEMBLOUX = Place(1, "Gembloux", "Implantations")
GEMBLOUX_NORTH = Place(2, "Gembloux-Nord")
NAMUR, NAMUR_TOO = Place(3, "Namur", "CPAS"), Place(4, "Namur", "Antenne")
SCHOOL = Place(5, "Centre de formation")
WELL = Place(6, "L’Étang d’en haut")
PLACES = (GEMBLOUX, GEMBLOUX_NORTH, NAMUR, NAMUR_TOO, SCHOOL, WELL)


def read(text: str) -> Said:
    return read_words(text, TODAY, PLACES)


def day(text: str, until: str = "", **said: bool) -> Days:
    return Days(date.fromisoformat(text), date.fromisoformat(until or text), **said)


def hours(starts: str = "", ends: str = "") -> Hours:
    return Hours(time.fromisoformat(starts) if starts else None, time.fromisoformat(ends) if ends else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aujourd'hui", "2026-01-20"),
        ("Aujourd’hui", "2026-01-20"),
        ("today", "2026-01-20"),
        ("DEMAIN", "2026-01-21"),
        ("tomorrow", "2026-01-21"),
        ("après-demain", "2026-01-22"),
        ("apres demain", "2026-01-22"),
        ("the day after tomorrow", "2026-01-22"),
        ("dans 3 jours", "2026-01-23"),
        ("in 2 weeks", "2026-02-03"),
        ("lundi", "2026-01-26"),
        ("lundi prochain", "2026-01-26"),
        ("ce vendredi", "2026-01-23"),
        ("next Monday", "2026-01-26"),
        ("mardi", "2026-01-27"),  # said on a Tuesday
        ("30/06", "2026-06-30"),
        ("le 30.06", "2026-06-30"),
        ("30/06/27", "2027-06-30"),
        ("30/06/2027", "2027-06-30"),
        ("20/01", "2026-01-20"),
        ("19/01", "2027-01-19"),
        ("2026-12-01", "2026-12-01"),
        ("30 juin", "2026-06-30"),
        ("le 1er février", "2026-02-01"),
        ("3 août 2027", "2027-08-03"),
        ("24 déc.", "2026-12-24"),
        ("June 30", "2026-06-30"),
        ("30th of June, 2027", "2027-06-30"),
        ("mardi 27 janvier", "2026-01-27"),
        ("lundi 30/11", "2026-11-30"),
        ("mardi 27", "2026-01-27"),
        ("le 15", "2026-02-15"),
        ("29/02", "2028-02-29"),
    ],
)
def test_one_day(text: str, expected: str) -> None:
    assert read(text) == Said(days=day(expected))


@pytest.mark.parametrize(
    "text",
    [
        "30/02",
        "29/02/2027",
        "2026-13-01",
        "99/99",
        "01/01/0001",
        "31/12/9999",
        "lundi 27",
        "lundi 3 mars",
        "avril",
        "24-12",
    ],
)
def test_a_day_that_is_none_or_another_is_not_guessed(text: str) -> None:
    assert read(text) == Said(unclear=(text,))


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("cette semaine", "2026-01-19"),
        ("this week", "2026-01-19"),
        ("la semaine prochaine", "2026-01-26"),
        ("next week", "2026-01-26"),
        ("la semaine du 30/11", "2026-11-30"),
        ("semaine du 2 décembre", "2026-11-30"),
        ("the week of December 2", "2026-11-30"),
    ],
)
def test_a_week_goes_from_monday_to_sunday(text: str, monday: str) -> None:
    first = date.fromisoformat(monday)
    assert read(text) == Said(days=Days(first, first + timedelta(days=6), week=True))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("du 24/12 au 31/12", "2026-12-24", "2026-12-31"),
        ("24/12-31/12", "2026-12-24", "2026-12-31"),
        ("24/12 – 31/12", "2026-12-24", "2026-12-31"),
        ("du 24 au 31 décembre", "2026-12-24", "2026-12-31"),
        ("du 28 au 3 janvier", "2026-12-28", "2027-01-03"),
        ("24–31 December", "2026-12-24", "2026-12-31"),
        ("from December 24 to December 31", "2026-12-24", "2026-12-31"),
        ("from December 24 to 31", "2026-12-24", "2026-12-31"),
        ("du 24/12 au 02/01", "2026-12-24", "2027-01-02"),
        ("du 15/01 au 25/01", "2026-01-15", "2026-01-25"),  # it has begun
        ("du 15/01/2027 au 25/01/2027", "2027-01-15", "2027-01-25"),
        ("du lundi au vendredi", "2026-01-26", "2026-01-30"),
        ("from tomorrow to Friday", "2026-01-21", "2026-01-23"),
        ("09.10-11.10", "2026-10-09", "2026-10-11"),
    ],
)
def test_from_one_day_to_another(text: str, first: str, last: str) -> None:
    assert read(text) == Said(days=day(first, last))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9h-12h", hours("09:00", "12:00")),
        ("9h – 12h", hours("09:00", "12:00")),
        ("9h30 à 12h", hours("09:30", "12:00")),
        ("de 9 h 30 à 12 h", hours("09:30", "12:00")),
        ("14:15-16:30", hours("14:15", "16:30")),
        ("de 9 à 12", hours("09:00", "12:00")),
        ("9-12", hours("09:00", "12:00")),
        ("entre 9 et 12 heures", hours("09:00", "12:00")),
        ("de 9h à midi", hours("09:00", "12:00")),
        ("20h-24h", hours("20:00", "00:00")),
        ("from 9 to 12", hours("09:00", "12:00")),
        ("between 9 and 12", hours("09:00", "12:00")),
        ("9am-12pm", hours("09:00", "12:00")),
        ("9:30 a.m. to 12:15 p.m.", hours("09:30", "12:15")),
        ("1-3pm", hours("13:00", "15:00")),
        ("11-1pm", hours("11:00", "13:00")),
        ("9am-5", hours("09:00", "17:00")),
        ("9am-11", hours("09:00", "11:00")),
        ("12am-6am", hours("00:00", "06:00")),
        ("9h", hours("09:00")),
        ("à partir de 9h30", hours("09:30")),
        ("at 2pm", hours("14:00")),
        ("jusqu'à 12h", hours("", "12:00")),
        ("until noon", hours("", "12:00")),
    ],
)
def test_hours(text: str, expected: Hours) -> None:
    assert read(text) == Said(hours=expected)


@pytest.mark.parametrize("text", ["25h-26h", "9h60", "13pm", "9", "12-9", "0am"])
def test_hours_that_are_none_are_not_guessed(text: str) -> None:
    assert read(text) == Said(unclear=(text,))


def test_a_second_time_is_said_to_be_left_over() -> None:
    assert read("9h-12h et 13h-17h") == Said(hours=hours("09:00", "12:00"), unclear=("13h-17h",))


@pytest.mark.parametrize(
    ("text", "repeats", "first"),
    [
        ("chaque semaine", Repeats(Every.WEEK), ""),
        ("toutes les semaines", Repeats(Every.WEEK), ""),
        ("every week", Repeats(Every.WEEK), ""),
        ("chaque lundi", Repeats(Every.WEEK, 0), "2026-01-26"),
        ("tous les mardis", Repeats(Every.WEEK, 1), "2026-01-20"),
        ("on Mondays", Repeats(Every.WEEK, 0), "2026-01-26"),
        ("every Monday", Repeats(Every.WEEK, 0), "2026-01-26"),
        ("toutes les deux semaines", Repeats(Every.SECOND_WEEK), ""),
        ("une semaine sur deux", Repeats(Every.SECOND_WEEK), ""),
        ("tous les quinze jours", Repeats(Every.SECOND_WEEK), ""),
        ("every second week", Repeats(Every.SECOND_WEEK), ""),
        ("every two weeks", Repeats(Every.SECOND_WEEK), ""),
        ("un lundi sur deux", Repeats(Every.SECOND_WEEK, 0), "2026-01-26"),
        ("every other Monday", Repeats(Every.SECOND_WEEK, 0), "2026-01-26"),
        ("tous les jours", Repeats(Every.DAY), ""),
        ("every day", Repeats(Every.DAY), ""),
        ("le premier lundi du mois", Repeats(Every.MONTH, 0, 1), "2026-02-02"),
        ("chaque 2e mardi du mois", Repeats(Every.MONTH, 1, 2), "2026-02-10"),
        ("the first Monday of the month", Repeats(Every.MONTH, 0, 1), "2026-02-02"),
        ("the 3rd Thursday of every month", Repeats(Every.MONTH, 3, 3), "2026-02-19"),
        ("chaque premier lundi", Repeats(Every.MONTH, 0, 1), "2026-02-02"),
        ("tous les derniers vendredis", Repeats(Every.MONTH, 4, -1), "2026-01-30"),
        ("every first Monday", Repeats(Every.MONTH, 0, 1), "2026-02-02"),
        ("le dernier vendredi de chaque mois", Repeats(Every.MONTH, 4, -1), "2026-01-30"),
    ],
)
def test_repetition_and_its_first_day(text: str, repeats: Repeats, first: str) -> None:
    assert read(text) == Said(repeats=repeats, days=day(first) if first else None)


@pytest.mark.parametrize("text", ["chaque jour ouvrable", "tous les 3 mois", "jusqu’à fin juin", "le 5e lundi du mois"])
def test_a_repetition_that_is_not_known_is_said(text: str) -> None:
    found = read(text)
    assert found.repeats is None
    assert found.unclear


@pytest.mark.parametrize(
    "text",
    [
        "lundi 9h-12h Gembloux chaque semaine jusqu'au 30/06",
        "LUNDI, 9H – 12H, GEMBLOUX, CHAQUE SEMAINE, JUSQU’AU 30 JUIN.",
        "Gembloux (Implantations) jusqu'au 30/06/2026 chaque semaine de 9h à 12h lundi",
        "Monday 9am-12pm in Gembloux every week until June 30",
        "monday 26/01 from 9 to 12 gembloux weekly until 30 June",
    ],
)
def test_a_range_in_words(text: str) -> None:
    expected = Said(day("2026-01-26"), hours("09:00", "12:00"), Repeats(Every.WEEK), date(2026, 6, 30), GEMBLOUX)
    assert read(text) == expected


def test_an_end_comes_after_the_first_day() -> None:
    assert read("lundi 30/11 chaque semaine jusqu'au 15/02").until == date(2027, 2, 15)


def test_a_beginning_need_not_be_a_day_of_the_series() -> None:
    found = read("tous les lundis à partir du 03/02")
    assert (found.days, found.repeats, found.unclear) == (
        day("2026-02-09", onwards=True),
        Repeats(Every.WEEK, 0),
        (),
    )


def test_a_day_that_contradicts_the_repetition_is_not_guessed() -> None:
    assert read("lundi tous les mardis") == Said(repeats=Repeats(Every.WEEK, 1), unclear=("lundi",))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("absence du 24/12 au 31/12", None),
        ("absent du 24 au 31 décembre", None),
        ("je suis en congé du 24/12 au 31/12", AbsenceKind.LEAVE),
        ("holiday from December 24 to 31", AbsenceKind.LEAVE),
        ("absence maladie du 24/12 au 31/12", AbsenceKind.SICKNESS),
        ("sick leave 24/12-31/12", AbsenceKind.SICKNESS),
        ("formation du 24/12 au 31/12", AbsenceKind.TRAINING),
        ("training 24/12 to 31/12", AbsenceKind.TRAINING),
    ],
)
def test_an_absence_in_words(text: str, kind: AbsenceKind | None) -> None:
    assert read(text) == Said(days=day("2026-12-24", "2026-12-31"), absent=Absent(kind))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("gembloux", GEMBLOUX),
        ("à Gembloux-Nord :", GEMBLOUX_NORTH),
        ("GEMBLOUX (implantations)", GEMBLOUX),
        ("Namur (CPAS)", NAMUR),
        ("centre de Formation", SCHOOL),
        ("l'etang d'en haut", WELL),
    ],
)
def test_the_longest_known_place(text: str, place: Place) -> None:
    assert read(text) == Said(place=place)


@pytest.mark.parametrize("text", ["Namur", "Gemblouxois", "Liège"])
def test_a_place_of_two_names_or_none_is_not_guessed(text: str) -> None:
    assert read(text) == Said(unclear=(text,))


def test_what_is_not_understood_is_given_back_as_it_was_typed() -> None:
    assert read("Quel temps fait-il demain, S.V.P. ?").unclear == ("Quel temps fait-il", "S.V.P.")
    assert read("") == Said()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05", (1,)),
        ("2026-01-12", (2,)),
        ("2026-01-26", (4, -1)),
        ("2026-06-29", (5, -1)),
        ("2026-02-23", (4, -1)),
    ],
)
def test_which_of_its_month_a_day_is(text: str, expected: tuple[int, ...]) -> None:
    assert nths(date.fromisoformat(text)) == expected


PIECES = st.sampled_from(
    [
        *(
            "lundi",
            "le",
            "1er",
            "30/06",
            "31",
            "02",
            "9h",
            "-",
            "12",
            ":",
            "à",
            "am",
            "pm",
            "de",
            "du",
            "au",
            "jusqu'au",
        ),
        *(
            "chaque",
            "semaine",
            "sur",
            "deux",
            "premier",
            "mois",
            "juin",
            "2026-12-01",
            "next",
            "week",
            "every",
            "Monday",
        ),
        *(
            "of",
            "the",
            "Gembloux",
            "(",
            ")",
            ".",
            ",",
            "’",
            "–",
            "h",
            "/",
            "99999",
            "until",
            "from",
            "to",
            "dans",
            "999",
        ),
        *("jours", "29/02/2027"),
    ]
)


@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES).map("".join)))
@example("30/02 " * 2_000)
@example("9" * 10_000)
@example("lundi " * 2_000)
@example("\0le 3\u202e ﬁ ß İ")
def test_any_text_is_read(text: str) -> None:
    found = read(text)
    assert all(phrase in " ".join(text.split()) for phrase in found.unclear)
    if found.days:
        assert found.days.first <= found.days.last


@given(
    st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.sampled_from(["lundi", "le 31", "29/02", "du 28 au 3 mars", "demain"]),
)
def test_days_are_still_to_come(today: date, text: str) -> None:
    found = read_words(text, today)
    assert found.days is not None
    assert found.days.last >= today
