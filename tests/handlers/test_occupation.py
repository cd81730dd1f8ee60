"""The figures of occupation as a manager asks for them: words, picture, table; nothing for anybody else."""

import csv
import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.cases import Place
from core.endings import cancel
from core.errors import ForManagers, NotFound
from core.occupation import Hours, Occupation, Row
from core.people import Worker
from core.ports import Transaction
from handlers import actions, occupation, ui
from handlers.codec import decode, encode
from handlers.context import Context
from handlers.i18n import Texts
from handlers.occupation.bars import sections
from handlers.occupation.periods import Period, read_period
from handlers.occupation.picture import occupation_picture
from handlers.occupation.table import table
from tests.builders import Guide, make_worker
from tests.handlers.desk import Desk, facts, replied, text_of
from tests.handlers.office import booked, click

FRENCH, ENGLISH = Texts("fr", "Europe/Brussels"), Texts("en", "Europe/Brussels")
TODAY = date(2026, 12, 3)


@pytest.fixture
async def manager(agathe: Desk, guide: Guide) -> Desk:
    """Agathe, who is a manager; seforme has an appointment of two hours on 27 January."""
    promoted = replace(guide.agathe, manager=True)
    await agathe.db.write(lambda tx: tx.people.save_worker(promoted))
    desk = agathe.as_(promoted)
    await booked(desk, guide)
    return desk


async def shown(desk: Desk, period: str = "") -> ui.Card:
    """Return the figures that are shown to whoever sits there."""
    context = Context(desk.worker, desk.db, desk.clock, desk.texts, desk.rules)
    return replied(await occupation.command(context, period))


@pytest.mark.parametrize(
    ("typed", "rest"),
    [
        ("occupation", ""),
        ("Chiffres du 01/11 au 30/11", "du 01/11 au 30/11"),
        ("figures  last month", "last month"),
        ("STATISTIQUES", ""),
        ("", None),
        ("@seforme demain", None),
        ("occupations", None),
    ],
)
def test_the_word_for_the_figures(typed: str, rest: str | None) -> None:
    assert occupation.asked(typed) == rest


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("", "2026-12-01", "2026-12-31"),
        ("Ce mois", "2026-12-01", "2026-12-31"),
        ("le mois dernier", "2026-11-01", "2026-11-30"),
        ("last month", "2026-11-01", "2026-11-30"),
        ("ce trimestre", "2026-10-01", "2026-12-31"),
        ("trimestre passé", "2026-07-01", "2026-09-30"),
        ("du 01/11 au 15/11", "2026-11-01", "2026-11-15"),
        ("du 15/12 au 15/01", "2025-12-15", "2026-01-15"),
        ("du 1er janvier au 31 mars", "2026-01-01", "2026-03-31"),
        ("from 2025-11-01 to 2025-11-30", "2025-11-01", "2025-11-30"),
        ("24/11", "2026-11-24", "2026-11-24"),
        ("novembre", "2026-11-01", "2026-11-30"),
        ("décembre", "2026-12-01", "2026-12-31"),
        ("February 2024", "2024-02-01", "2024-02-29"),
    ],
)
def test_a_period_in_words(said: str, first: str, last: str) -> None:
    assert read_period(said, TODAY) == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("said", ["bientôt", "du 30/11/2026 au 01/11/2026", "31/02/2026", "0000-00-00", "x" * 5_000])
def test_words_that_name_no_period(said: str) -> None:
    assert read_period(said, TODAY) is None


@pytest.mark.parametrize("month", range(1, 13))
def test_periods_of_every_month_follow_each_other(month: int) -> None:
    day = date(2026, month, 15)
    for this, before in (("ce mois", "mois dernier"), ("ce trimestre", "trimestre dernier")):
        now, then = read_period(this, day), read_period(before, day)
        assert now is not None
        assert then is not None
        assert now.first <= day <= now.last
        assert then.last + timedelta(days=1) == now.first


async def test_a_manager_reads_the_figures(manager: Desk, guide: Guide) -> None:
    card = await shown(manager, "janvier 2026")
    picture = next(part for part in card.body if isinstance(part, ui.Picture))
    said = text_of(card)

    assert card.title == "Occupation du 01/01/2026 au 31/01/2026"
    assert facts(card) == {"Heures offertes": "288:00", "Heures réservées": "02:00 (1 %)", "Heures annulées": "00:00"}
    assert (
        "seforme (Travailleur-euse social) (Principal) : 72:00 offertes, 02:00 réservées (3 %), 00:00 annulées" in said
    )
    assert "Gembloux (Implantations) : 288:00 offertes, 02:00 réservées (1 %), 00:00 annulées" in said
    assert "Semaine 5, du 26/01/2026 : 160:00 offertes, 02:00 réservées (1 %), 00:00 annulées" in said
    assert all(w.label in picture.alt for w in guide.workers)
    assert decode(encode(card)) == card


async def test_no_client_is_named(manager: Desk, guide: Guide) -> None:
    card = await shown(manager)
    everything = text_of(card) + encode(card) + encode(await table_of(manager, card))

    assert "Gisèle" not in everything
    assert "LAFRAISE" not in everything.upper()
    assert str(guide.case.number) not in text_of(card)


async def table_of(desk: Desk, card: ui.Card) -> ui.Card:
    found = next(a for a in card.actions if isinstance(a, ui.Button) and a.ref.name == actions.OCCUPATION_CSV)
    return replied(await desk.send(ui.ActionClick(found.ref)))


async def test_the_table_is_the_period_that_is_shown(manager: Desk) -> None:
    given = await table_of(manager, await shown(manager, "27/01/2026"))
    (file,) = (part for part in given.body if isinstance(part, ui.Download))

    assert (file.name, file.media_type) == ("occupation-2026-01-27-2026-01-27.csv", "text/csv")
    rows = list(csv.DictReader(io.StringIO(file.content.removeprefix("\ufeff")), delimiter=";"))
    assert {row["T(M)S"]: row["Heures réservées"] for row in rows} == {
        "Agathe (Travailleur-euse social) (Principal)": "0,00",
        "ecoute (Travailleur-euse social) (Principal)": "0,00",
        "seforme (Travailleur-euse social) (Principal)": "2,00",
        "Étienne (Travailleur-euse social) (Principal)": "0,00",
    }
    assert {(row["Semaine"], row["Lundi"], row["Localisation"], row["Heures offertes"]) for row in rows} == {
        ("2026-W05", "2026-01-26", "Gembloux (Implantations)", "8,00")
    }


async def test_another_period_is_chosen_or_filled_in(manager: Desk) -> None:
    card = await shown(manager)
    choice = next(a for a in card.actions if isinstance(a, ui.Select))
    last = await manager.send(ui.ActionClick(choice.ref, "last-month"))
    assert isinstance(last, ui.ReplaceCard)
    assert choice.chosen == "month"
    assert last.card.title == "Occupation du 01/12/2025 au 31/12/2025"

    form = manager.filling(await manager.send(click(actions.OCCUPATION_OTHER)))
    await form.choose("first", "2026-01-27")
    await form.choose("last", "2026-01-26")
    assert await form.submit() == ui.FieldErrors((("last", "La fin doit venir après le début."),))
    await form.choose("last", "")
    assert await form.submit() == ui.FieldErrors((("last", "Choisissez un jour."),))
    await form.choose("last", "2030-01-26")
    assert await form.submit() == ui.FieldErrors((("last", "Choisissez une période d’un an au maximum."),))
    await form.choose("last", "2026-01-27")
    found = replied(await form.submit())
    assert found.title == "Occupation du 27/01/2026 au 27/01/2026"
    assert next(a for a in found.actions if isinstance(a, ui.Select)).chosen is None


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("bientôt", "Je ne comprends pas cette période."),
        ("du 01/01/2024 au 31/12/2026", "Choisissez une période d’un an au maximum."),
    ],
)
async def test_words_that_mean_no_period_get_this_month(manager: Desk, said: str, answer: str) -> None:
    card = await shown(manager, said)

    assert answer in text_of(card)
    assert card.title == "Occupation du 01/01/2026 au 31/01/2026"


async def test_nobody_else_is_told(agathe: Desk, manager: Desk) -> None:
    card = await shown(manager)
    other = agathe.as_(replace(agathe.worker, manager=False))
    await agathe.db.write(lambda tx: tx.people.save_worker(other.worker))
    form = await other.send(click(actions.OCCUPATION_OTHER))
    filled = ui.FormSubmit(occupation.FORM, "", "n", {"first": "2026-01-01", "last": "2026-01-31"})

    for event in (click(actions.OCCUPATION), filled):
        with pytest.raises(ForManagers):
            await other.send(event)
    with pytest.raises(ForManagers):
        await shown(other)
    with pytest.raises(ForManagers):
        await table_of(other, card)
    assert isinstance(form, ui.OpenForm)


@pytest.mark.parametrize(
    "event",
    [
        ui.ActionClick(ui.ActionRef(actions.OCCUPATION_PERIOD), "x"),
        click(actions.OCCUPATION_CSV, 1),
        click(actions.OCCUPATION_CSV, 0, 5),
        click(actions.OCCUPATION_CSV, 2**31 - 1, 2**31 - 1),
        click(actions.OCCUPATION_CSV, 700_000, 600_000),
    ],
)
async def test_forged_clicks_lead_nowhere(manager: Desk, event: ui.ActionClick) -> None:
    with pytest.raises(NotFound):
        await manager.send(event)


async def test_what_was_cancelled_shows(manager: Desk, guide: Guide) -> None:
    def prepare(tx: Transaction) -> None:
        (found,) = tx.appointments.of_main_worker(guide.seforme.id, guide.request().during, now)
        cancel(tx, guide.agathe, found.id, found.revision, "", now, manager.rules)

    now = manager.clock.now()
    await manager.db.write(prepare)
    manager.clock.advance(timedelta(minutes=1))

    assert facts(await shown(manager))["Heures annulées"] == "02:00"


def made(*names: str, place: str = "Gembloux") -> tuple[Occupation, dict[int, Place]]:
    """Return figures of workers of these names, at one place."""
    workers = tuple(replace(make_worker(name), id=n) for n, name in enumerate(names, 1))
    monday, hours = date(2026, 1, 26), Hours(timedelta(hours=7.5), timedelta(hours=3), timedelta(hours=1))
    rows = tuple(Row(w.id, 1, monday, hours) for w in workers)
    days = date(2026, 1, 26), date(2026, 2, 1)
    return Occupation(*days, workers, rows, {(w.id, monday): hours for w in workers}), {1: Place(1, place)}


HOSTILE = ["=cmd|'/C calc'!A0", "+1", "-1+2", "@SUM(A1)", "\t=1", " =1", "＝1", 'a;b"c', "x\ny"]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("texts", [FRENCH, ENGLISH])
def test_no_cell_is_a_formula_and_none_is_torn(name: str, texts: Texts) -> None:
    found, places = made(name, place=name)
    written = table(found, places, texts)
    head, *rows = csv.reader(io.StringIO(written.removeprefix("\ufeff")), delimiter=";" if texts is FRENCH else ",")

    assert written.startswith("\ufeff")
    assert len(head) == 7
    assert len(rows) == 1
    assert rows[0][4] == ("7,50" if texts is FRENCH else "7.50")
    for cell, whole in ((rows[0][0], found.workers[0].label), (rows[0][1], name)):
        assert cell in {whole, f"'{whole}"}
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize("names", [(), ("Agathe",), tuple(f"Travailleur {n}" for n in range(60)), ("W" * 200,)])
def test_the_picture_says_what_the_words_say(names: tuple[str, ...]) -> None:
    found, places = made(*names)
    picture = occupation_picture("Occupation", sections(found, places, FRENCH), FRENCH)
    drawn = ET.fromstring(picture.svg)  # noqa: S314 - ours
    shapes = list(drawn.iter())
    written = "".join("".join(shape.text or "" for shape in shapes if shape.tag.endswith("text")).split())
    wide = float(drawn.attrib["width"])

    for line in picture.alt.splitlines()[1:]:
        label, _, figures = line.partition("\u00a0: ")
        assert "".join(label.split()) in written
        assert "".join(figures.split()) in written
    for shape in shapes:
        if shape.tag.endswith("text"):
            assert float(shape.attrib["x"]) + float(shape.attrib["textLength"]) <= wide


def test_an_english_reader_reads_english() -> None:
    found, places = made("Agathe")
    picture = occupation_picture("Occupation", sections(found, places, ENGLISH), ENGLISH)

    assert "07:30 offered, 03:00 booked (40%), 01:00 cancelled" in picture.alt


def test_workers_without_a_place_are_under_a_name_of_its_own() -> None:
    worker = Worker(1, "x", "x", "", "", "")
    hours = Hours(booked=timedelta(hours=1))
    monday = date(2026, 1, 26)
    found = Occupation(monday, monday, (worker,), (Row(1, None, monday, hours),), {(1, monday): hours})
    _, by_place, _ = sections(found, {}, FRENCH)

    assert [bar.label for bar in by_place.bars] == ["Sans localisation"]
    assert "1" not in table(found, {}, FRENCH).splitlines()[1].split(";")[1]
