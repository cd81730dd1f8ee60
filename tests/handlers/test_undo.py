"""Undo during the waiting time, from every surface that can cancel, delete or decline (rule 6)."""

from collections.abc import Awaitable, Callable

import pytest

from core.appointments import Answer, Appointment
from core.home import view_home
from core.notices import NoticeKind
from core.notifying import still_holds
from handlers import ui
from handlers.home.card import home_card
from tests.builders import Guide, between, unsent
from tests.handlers.desk import Desk, labels, replied, text_of
from tests.handlers.office import booked, with_copy

BACK, RESTORE = "Revenir sur mon refus", "Rétablir le rendez-vous"
LOUD = {NoticeKind.ANSWERED, NoticeKind.CANCELLED, NoticeKind.DELETED}
Surface = Callable[[Desk, Appointment], Awaitable[ui.Card]]


@pytest.fixture
async def appointment(agathe: Desk, ecoute: Desk, guide: Guide) -> Appointment:
    """Agathe's, in seforme's agenda; she and ecoute, who is invited, hold its card."""
    made = await booked(agathe, guide)
    for desk in (agathe, ecoute):
        await with_copy(desk, made)
    return made


async def own_card(desk: Desk, appointment: Appointment) -> ui.Card:
    return await desk.card_of(appointment.id)


async def home(desk: Desk, _: Appointment) -> ui.Card:
    now = desk.clock.now()
    return home_card(await desk.db.read(lambda tx: view_home(tx, desk.worker, now)), desk.texts, now)


async def invitations(desk: Desk, _: Appointment) -> ui.Card:
    return await desk.type("invitations")


async def told(desk: Desk, appointment: Appointment) -> list[NoticeKind]:
    """Return what is told aloud once the waiting time is over."""
    desk.clock.advance(desk.rules.undo)
    found, now = await desk.db.read(lambda tx: tx.appointments.find(appointment.id)), desk.clock.now()
    return [n.kind for n in await unsent(desk.db, now) if n.kind in LOUD and still_holds(n, found, now)]


async def refuse(desk: Desk, card: ui.Card) -> ui.Outcome:
    return await desk.click(card, "Refuser")


async def end(desk: Desk, card: ui.Card, label: str) -> ui.Outcome:
    form = await desk.open_form(card, label)
    return await form.submit()


@pytest.mark.parametrize("declining", [own_card, invitations, home])
@pytest.mark.parametrize("undoing", [own_card, invitations, home])
async def test_a_refusal_is_taken_back_wherever_it_was_made(
    ecoute: Desk, appointment: Appointment, declining: Surface, undoing: Surface
) -> None:
    await refuse(ecoute, await declining(ecoute, appointment))
    shown = await undoing(ecoute, appointment)
    assert {BACK, "Proposer une autre heure"} <= set(labels(shown))
    await ecoute.click(shown, BACK)
    again = await undoing(ecoute, appointment)
    assert BACK not in labels(again)
    assert {"Accepter", "Refuser"} <= set(labels(again))
    assert await told(ecoute, appointment) == []


@pytest.mark.parametrize("label", ["Annuler", "Supprimer"])
@pytest.mark.parametrize("undoing", [own_card, home])
async def test_an_ending_is_taken_back_from_the_card_and_from_the_home(
    agathe: Desk, appointment: Appointment, label: str, undoing: Surface
) -> None:
    await end(agathe, await own_card(agathe, appointment), label)
    shown = await undoing(agathe, appointment)
    assert await agathe.click(shown, RESTORE) == ui.Refreshed(appointment.id)
    assert RESTORE not in labels(await undoing(agathe, appointment))
    assert "Annuler" in labels(await own_card(agathe, appointment))
    assert await told(agathe, appointment) == []


@pytest.mark.parametrize("label", ["Annuler", "Supprimer"])
async def test_the_answer_to_an_ending_takes_it_back_where_one_is(
    agathe: Desk, appointment: Appointment, label: str
) -> None:
    answer = replied(await end(agathe, await own_card(agathe, appointment), label))
    assert "27/01/2026 10:00 – 12:00" in text_of(answer)
    assert labels(answer) == [RESTORE]
    assert "LAFRAISE" not in text_of(answer), "it may be read where others look on"
    restored = replied(await agathe.click(answer, RESTORE))
    assert "Le rendez-vous est rétabli : 27/01/2026 10:00 – 12:00." in text_of(restored)
    assert RESTORE not in labels(restored)
    assert "Annuler" in labels(await own_card(agathe, appointment))
    assert await told(agathe, appointment) == []
    late = replied(await agathe.click(answer, RESTORE))
    assert "Il est trop tard" in text_of(late)


@pytest.mark.parametrize("label", ["Annuler", "Supprimer"])
async def test_from_a_list_one_comes_to_the_card_that_undoes(
    agathe: Desk, appointment: Appointment, label: str
) -> None:
    """The lists of a case and of invitations open the whole card; it ends there, and is restored there."""
    opened = await agathe.click(await agathe.type("parcours 1285"), "Ouvrir")
    assert isinstance(opened, ui.Reply)
    assert opened.live is not None, "kept up to date: it shows Undo by itself"
    await end(agathe, opened.card, label)
    assert RESTORE in labels(await own_card(agathe, appointment))


async def test_several_refusals_in_the_list_are_each_taken_back(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    for day in ("28", "29", "30"):
        await booked(agathe, guide, during=between(f"2026-01-{day} 10:00", "12:00"))
    shown = await ecoute.type("invitations")
    for _ in range(3):
        shown = replied(await refuse(ecoute, shown))
    assert shown.title == "Mes invitations (0)"
    assert labels(shown).count(BACK) == 3
    for day in ("28", "29", "30"):
        assert f"{day}/01/2026 10:00 – 12:00 – refusé" in text_of(shown)
    assert text_of(await ecoute.type("invitations")).count("– refusé") == 3, "opened anew, it shows them still"
    shown = replied(await ecoute.click(shown, BACK, item=1))
    assert (shown.title, labels(shown).count(BACK)) == ("Mes invitations (1)", 2)
    assert "29/01/2026 10:00 – 12:00" in text_of(shown)
    assert "29/01/2026 10:00 – 12:00 – refusé" not in text_of(shown)


async def test_more_refusals_than_a_page_holds_are_counted(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    for day in range(2, 12):
        during = between(f"2026-03-{day:02} 10:00", "12:00")
        await booked(agathe, guide, main_worker_id=guide.agathe.id, during=during)
    shown = await ecoute.type("invitations")
    for _ in range(10):
        shown = replied(await refuse(ecoute, shown))
    assert labels(shown).count(BACK) == 8
    assert "… et 2 autres" in text_of(shown)


@pytest.mark.parametrize("surface", [own_card, invitations, home])
async def test_after_the_waiting_time_nothing_offers_it(
    ecoute: Desk, appointment: Appointment, surface: Surface
) -> None:
    await refuse(ecoute, await own_card(ecoute, appointment))
    old = await surface(ecoute, appointment)
    assert await told(ecoute, appointment) == [NoticeKind.ANSWERED]
    assert BACK not in labels(await surface(ecoute, appointment))
    late = await ecoute.click(old, BACK)
    said = late.notice if isinstance(late, ui.Refreshed) else text_of(replied(late))
    assert "Il est trop tard" in said
    found = await ecoute.db.read(lambda tx: tx.appointments.find(appointment.id))
    assert found is not None
    assert found.invitations[0].answer is Answer.DECLINED


@pytest.mark.parametrize("label", ["Annuler", "Supprimer"])
@pytest.mark.parametrize("surface", [own_card, home])
async def test_after_the_waiting_time_an_ending_stays(
    agathe: Desk, appointment: Appointment, label: str, surface: Surface
) -> None:
    await end(agathe, await own_card(agathe, appointment), label)
    old = await surface(agathe, appointment)
    assert len(await told(agathe, appointment)) == 2, "the main worker and the invited colleague"
    assert RESTORE not in labels(await surface(agathe, appointment))
    late = await agathe.click(old, RESTORE)
    assert isinstance(late, ui.Refreshed)
    assert late.notice
