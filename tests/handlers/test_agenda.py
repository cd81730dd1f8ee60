"""/agenda: whose agendas, when, and each reader's own toggles (guide, steps 6 and 7)."""

from dataclasses import replace

import pytest

from core.availability import Absence, AbsenceKind, ExternalEvent, Shown
from core.errors import NotFound
from core.people import Worker
from core.ports import Transaction
from handlers import actions, router, ui
from handlers.agenda.view import MOST_PEOPLE, View, read_view, view_of
from handlers.context import Context
from tests.builders import Guide, between, make_worker
from tests.clock import START
from tests.handlers.desk import Desk, labels, replied, text_of
from tests.handlers.office import booked

TODAY = START.date()


def alt(card: ui.Card) -> str:
    """Return the agenda in words, with plain spaces."""
    (picture,) = [e for e in card.body if isinstance(e, ui.Picture)]
    return picture.alt.replace("\u00a0", " ")


def svg(card: ui.Card) -> str:
    (picture,) = [e for e in card.body if isinstance(e, ui.Picture)]
    return picture.svg.replace("\u00a0", " ")


def said(card: ui.Card) -> list[str]:
    return [e.text.replace("\u00a0", " ") for e in card.body if isinstance(e, ui.Notice)]


def title(card: ui.Card) -> str:
    return card.title.replace("\u00a0", " ")


def toggles(card: ui.Card) -> dict[str, ui.Toggle]:
    return {a.label: a for a in card.actions if isinstance(a, ui.Toggle)}


async def flip(desk: Desk, card: ui.Card, label: str) -> ui.Card:
    """Click a toggle."""
    toggle = toggles(card)[label]
    outcome = await desk.send(ui.ActionClick(toggle.ref, "off" if toggle.on else "on"))
    assert isinstance(outcome, ui.ReplaceCard)
    return outcome.card


async def turn(desk: Desk, card: ui.Card, label: str) -> ui.Card:
    outcome = await desk.click(card, label)
    assert isinstance(outcome, ui.ReplaceCard)
    return outcome.card


# --- whose, and when


async def test_without_a_name_it_is_ones_own_this_week(agathe: Desk) -> None:
    card = await agathe.type("/agenda")
    assert title(card) == "Mon agenda – semaine du 19/01/2026 au 25/01/2026"
    assert alt(card).startswith(
        "Lundi 19 janvier 2026\n• Rien dans cet agenda.\n\nMardi 20 janvier 2026\n• 09:00 – 17:00"
    )
    assert list(toggles(card)) == ["Mes disponibilités", "Mon agenda externe"]
    assert card.neutral == "Agenda"
    assert said(card) == []


async def test_colleagues_stand_side_by_side_in_the_order_typed(agathe: Desk) -> None:
    card = await agathe.type("/agenda @seforme @ecoute semaine prochaine")
    assert title(card) == "Agenda : seforme et ecoute – semaine du 26/01/2026 au 01/02/2026"
    assert alt(card).split("\n")[:5] == [
        "Lundi 26 janvier 2026",
        "seforme",
        "• 09:00 – 17:00 : Disponible – Gembloux (Implantations)",
        "ecoute",
        "• 09:00 – 17:00 : Disponible – Gembloux (Implantations)",
    ]
    assert list(toggles(card)) == [
        "Disponibilités – seforme",
        "Agenda externe – seforme",
        "Disponibilités – ecoute",
        "Agenda externe – ecoute",
    ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("demain", "Mon agenda – mercredi 21 janvier 2026"),
        ("30/06", "Mon agenda – mardi 30 juin 2026"),
        ("cette semaine", "Mon agenda – semaine du 19/01/2026 au 25/01/2026"),
        ("du 3 au 7 février", "Mon agenda – semaine du 02/02/2026 au 08/02/2026"),
        ("next week", "Mon agenda – semaine du 26/01/2026 au 01/02/2026"),
        ("@ÉCOUTE lundi", "Agenda : ecoute – lundi 26 janvier 2026"),
        ("seforme, ecoute demain", "Agenda : seforme et ecoute – mercredi 21 janvier 2026"),
        ("moi et @seforme", "Agenda : seforme et Agathe – semaine du 19/01/2026 au 25/01/2026"),
        ("seforme ecoute", "Agenda : seforme et ecoute – semaine du 19/01/2026 au 25/01/2026"),
        ("@seforme @seforme", "Agenda : seforme – semaine du 19/01/2026 au 25/01/2026"),
    ],
)
async def test_people_and_days_are_understood_as_typed(agathe: Desk, typed: str, shown: str) -> None:
    card = await agathe.type(f"agenda {typed}")
    assert title(card) == shown
    assert said(card) == []


async def test_what_is_not_understood_is_said(agathe: Desk) -> None:
    card = await agathe.type("/agenda @personne seforme charabia")
    assert title(card).startswith("Agenda : seforme – ")
    (words,) = said(card)
    assert "« @personne, charabia »" in words


async def test_more_than_five_are_not_shown_at_once(agathe: Desk) -> None:
    def more(tx: Transaction) -> None:
        for n in range(6):
            tx.people.save_worker(make_worker(f"Collègue{n}"))

    await agathe.db.write(more)
    card = await agathe.type("/agenda " + " ".join(f"@Collègue{n}" for n in range(6)))
    assert len(toggles(card)) == 2 * MOST_PEOPLE
    assert said(card) == ["Voici les cinq premiers : davantage d’agendas côte à côte ne seraient plus lisibles."]


# --- ways on


async def test_one_turns_back_and_forth_and_to_today(agathe: Desk) -> None:
    card = await agathe.type("/agenda @seforme")
    card = await turn(agathe, card, "Suivant")
    assert title(card) == "Agenda : seforme – semaine du 26/01/2026 au 01/02/2026"
    day = await turn(agathe, card, "Jour")
    assert title(day) == "Agenda : seforme – lundi 26 janvier 2026"
    assert title(await turn(agathe, day, "Précédent")) == "Agenda : seforme – dimanche 25 janvier 2026"
    assert title(await turn(agathe, day, "Semaine")) == title(card)
    card = await turn(agathe, card, "Aujourd’hui")
    assert title(card) == "Agenda : seforme – semaine du 19/01/2026 au 25/01/2026"
    assert title(await turn(agathe, card, "Jour")) == "Agenda : seforme – mardi 20 janvier 2026"
    assert title(await turn(agathe, day, "Aujourd’hui")) == "Agenda : seforme – mardi 20 janvier 2026"


async def test_from_an_agenda_one_books_in_it_and_finds_a_time(agathe: Desk, guide: Guide) -> None:
    card = await agathe.type("/agenda @seforme @ecoute")
    form = await agathe.open_form(card, "Prendre rendez-vous")
    assert form.values["main"] == str(guide.seforme.id)
    found = await agathe.open_form(card, "Trouver un moment")
    assert "seforme" in text_of(found.form)
    assert "ecoute" in text_of(found.form)
    own = await agathe.type("/agenda")
    assert "Mes disponibilités" in labels(own)


async def test_help_leads_there(agathe: Desk) -> None:
    card = await agathe.type("aide")
    assert title(replied(await agathe.click(card, "Mon agenda"))).startswith("Mon agenda – ")
    assert "/agenda" in text_of(await agathe.type("/agenda aide"))


# --- the two toggles


async def test_toggles_are_remembered_for_each_reader(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    events = [ExternalEvent(guide.seforme.id, "uid", "", between("2026-01-20 10:00", "11:00"), "Dentiste")]
    await agathe.db.write(lambda tx: tx.agendas.replace_external_events(guide.seforme.id, events))
    card = await agathe.type("/agenda @seforme demain")
    card = await turn(agathe, card, "Précédent")
    assert "Occupé – agenda externe" in alt(card)
    card = await flip(agathe, card, "Agenda externe – seforme")
    assert "Occupé" not in alt(card)
    assert "Agenda externe masqué : seforme." in alt(card)
    assert title(card) == "Agenda : seforme – mardi 20 janvier 2026"
    card = await flip(agathe, card, "Disponibilités – seforme")
    assert "Disponible" not in alt(card)
    assert [t.on for t in toggles(card).values()] == [False, False]

    again = await agathe.type("/agenda @ecoute @seforme")
    assert [t.on for t in toggles(again).values()] == [True, True, False, False]
    other = await ecoute.type("/agenda @seforme")
    assert [t.on for t in toggles(other).values()] == [True, True]
    assert "Occupé" in alt(other)
    again = await flip(agathe, again, "Agenda externe – seforme")
    assert [t.on for t in toggles(again).values()] == [True, True, False, True]


async def test_the_booking_form_starts_from_the_same_toggles(agathe: Desk, guide: Guide) -> None:
    card = await agathe.type("/agenda @seforme")
    await flip(agathe, card, "Disponibilités – seforme")
    form = await agathe.open_form(card, "Prendre rendez-vous")
    assert form.values[f"show-{guide.seforme.id}"] == ("external",)
    await form.choose(f"show-{guide.seforme.id}", ("availability",))
    card = await agathe.type("/agenda @seforme")
    assert [t.on for t in toggles(card).values()] == [True, False]
    shown = await agathe.db.read(lambda tx: tx.agendas.shown(guide.agathe.id, [guide.seforme.id]))
    assert shown == {guide.seforme.id: Shown(external=False)}


# --- what is nobody else's business


async def test_names_are_for_who_has_a_right_to_the_case(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    await booked(agathe, guide, case_number=guide.confidential.number, parties=(guide.gisele.ref,))
    hours = "10:00 – 12:00 : Rendez-vous"
    seen = await agathe.type("/agenda @seforme semaine prochaine")
    assert f"{hours} n° 1290 – Gisèle LAFRAISE (26 ans) – Gembloux (Implantations)" in alt(seen)
    hidden = await ecoute.type("/agenda @seforme semaine prochaine")
    assert f"{hours} – Gembloux (Implantations)" in alt(hidden)
    for text in (alt(hidden), svg(hidden), hidden.title, hidden.neutral):
        assert "1290" not in text
        assert "LAFRAISE" not in text.upper()


async def test_a_channel_reads_no_name_and_no_title(agathe: Desk, guide: Guide) -> None:
    await booked(agathe, guide)
    event = ExternalEvent(guide.agathe.id, "uid", "", between("2026-01-28 10:00", "11:00"), "Dentiste")
    away = Absence(0, guide.agathe.id, AbsenceKind.SICKNESS, between("2026-01-29 00:00", "12:00"), "Europe/Brussels")

    def fill(tx: Transaction) -> None:
        tx.agendas.replace_external_events(guide.agathe.id, [event])
        tx.agendas.save_absence(away)

    await agathe.db.write(fill)
    context = Context(guide.agathe, agathe.db, agathe.clock, agathe.texts, agathe.rules, private=False)
    card = replied(await router.handle(context, ui.CommandCall("agenda", "moi @seforme semaine prochaine")))
    for text in (alt(card), svg(card)):
        assert "Rendez-vous – Gembloux" in text
        assert "Absent·e" in text
        for secret in ("Gisèle", "LAFRAISE", "1285", "Dentiste", "Maladie"):
            assert secret not in text
    private = alt(await agathe.type("/agenda moi semaine prochaine"))
    assert "Dentiste – agenda externe" in private
    assert "Absent·e – Maladie" in private


async def test_a_colleague_who_has_left_shows_no_more(agathe: Desk, guide: Guide) -> None:
    card = await agathe.type("/agenda @seforme @ecoute")
    gone = replace(guide.seforme, active=False)
    await agathe.db.write(lambda tx: tx.people.save_worker(gone))
    turned = await turn(agathe, card, "Suivant")
    assert title(turned).startswith("Agenda : ecoute – ")
    assert len(toggles(turned)) == 2
    with pytest.raises(NotFound):
        await flip(agathe, card, "Disponibilités – seforme")
    await agathe.db.write(lambda tx: tx.people.save_worker(replace(guide.ecoute, active=False)))
    with pytest.raises(NotFound):
        await turn(agathe, card, "Suivant")


# --- what a button carries


@pytest.mark.parametrize("name", [actions.AGENDA_TURN, actions.AGENDA_AVAILABILITY, actions.AGENDA_EXTERNAL])
def test_any_five_people_fit_a_button(name: str) -> None:
    view = View(tuple(2**31 - 1 - n for n in range(5)), TODAY.replace(year=2199))
    ref = view.ref(name, None if name == actions.AGENDA_TURN else 4)
    assert read_view(ref.token) == (view, None if name == actions.AGENDA_TURN else 4)


@pytest.mark.parametrize(
    "token", ["", "w", "w1", "x1.1", "wzzzzz.1", "w1.1", "wfvbs.1/1", "wfvbs.zzzzzz", "wfvbs.1.1.1.1.1.1", "wfvbs.1\n"]
)
async def test_a_token_that_is_none_of_ours_finds_nothing(agathe: Desk, token: str) -> None:
    for name in (actions.AGENDA_TURN, actions.AGENDA_AVAILABILITY):
        with pytest.raises(NotFound):
            await agathe.send(ui.ActionClick(ui.ActionRef(name, token), "on"))


async def test_a_toggle_without_a_value_changes_nothing(agathe: Desk, guide: Guide) -> None:
    ref = view_of([guide.seforme.id], TODAY).ref(actions.AGENDA_EXTERNAL, 0)
    with pytest.raises(NotFound):
        await agathe.send(ui.ActionClick(ref, "perhaps"))
    assert await agathe.db.read(lambda tx: tx.agendas.shown(guide.agathe.id, [guide.seforme.id])) == {}


def test_the_calendar_has_edges(guide: Guide) -> None:
    workers: list[Worker] = [guide.agathe]
    last = view_of([w.id for w in workers], TODAY.replace(year=9999))
    assert last.turned(1) == last
    first = view_of([1], TODAY.replace(year=1))
    assert first.turned(-1) == first
