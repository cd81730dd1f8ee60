"""Answers by button: once, by the invited person alone, on the card as it stands."""

import pytest

from core.appointments import Answer, Appointment
from core.errors import NotFound
from core.notices import NoticeKind
from handlers import ui
from tests.builders import Guide, at, kinds, unsent
from tests.handlers.desk import Desk, buttons, labels, replied, text_of
from tests.handlers.office import booked, click, send_all, with_copy


@pytest.fixture
async def appointment(agathe: Desk, ecoute: Desk, guide: Guide) -> Appointment:
    """Agathe's, in seforme's agenda; ecoute is invited and holds the card."""
    made = await booked(agathe, guide)
    await with_copy(ecoute, made)
    await unsent(agathe.db)
    return made


async def answers(desk: Desk, appointment: Appointment) -> list[str]:
    given = await desk.db.read(lambda tx: tx.appointments.answers(appointment.id))
    return [answer for worker_id, answer, _ in given]


async def told(desk: Desk) -> list[tuple[NoticeKind, int]]:
    return kinds(await unsent(desk.db), NoticeKind.ANSWERED)


@pytest.mark.parametrize(
    ("label", "answer"),
    [("Accepter", Answer.ACCEPTED), ("Refuser", Answer.DECLINED), ("Accepter provisoirement", Answer.TENTATIVE)],
)
async def test_each_answer_is_kept_and_told_to_the_organiser(
    ecoute: Desk, guide: Guide, appointment: Appointment, label: str, answer: Answer
) -> None:
    outcome = await ecoute.click(await ecoute.card_of(appointment.id), label)
    assert outcome == ui.Refreshed(appointment.id)
    assert await answers(ecoute, appointment) == [answer]
    assert await told(ecoute) == [(NoticeKind.ANSWERED, guide.agathe.id)]


async def test_the_same_delivery_five_times_is_one_answer(ecoute: Desk, guide: Guide, appointment: Appointment) -> None:
    (button,) = buttons(await ecoute.card_of(appointment.id), "Accepter")
    outcomes = [await ecoute.send(ui.ActionClick(button.ref), delivery_key="slack:trigger") for _ in range(5)]
    assert outcomes == [ui.Refreshed(appointment.id)] * 5
    assert await answers(ecoute, appointment) == ["accepted"]
    assert await told(ecoute) == [(NoticeKind.ANSWERED, guide.agathe.id)]


async def test_a_double_click_is_one_answer_with_a_clear_word(
    ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    (button,) = buttons(await ecoute.card_of(appointment.id), "Accepter")
    await ecoute.send(ui.ActionClick(button.ref))
    second = await ecoute.send(ui.ActionClick(button.ref))
    assert isinstance(second, ui.Refreshed)
    assert second.notice == "Votre réponse est déjà enregistrée : un seul clic suffit."
    assert await answers(ecoute, appointment) == ["accepted"]
    assert await told(ecoute) == [(NoticeKind.ANSWERED, guide.agathe.id)]


async def test_an_old_card_acts_on_nothing_and_is_made_fresh(
    agathe: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    old = await ecoute.card_of(appointment.id)
    edit = await agathe.open_form(await agathe.card_of(appointment.id), "Modifier ou déplacer")
    edit.values["comment"] = "Apporter le bail"
    assert isinstance(await edit.submit(), ui.CloseForm)
    await send_all(ecoute)
    outcome = await ecoute.click(old, "Accepter")
    assert isinstance(outcome, ui.Refreshed)
    assert "rien n’a été fait" in outcome.notice
    assert await answers(ecoute, appointment) == []
    assert kinds(await unsent(ecoute.db), NoticeKind.REFRESH) == [(NoticeKind.REFRESH, guide.ecoute.id)]


async def test_who_is_not_invited_cannot_answer(agathe: Desk, guide: Guide, appointment: Appointment) -> None:
    for worker in (guide.agathe, guide.seforme, guide.stranger):
        outcome = await agathe.as_(worker).send(click("accept", appointment.id, 1, 0))
        assert isinstance(outcome, ui.Refreshed)
        assert outcome.notice.startswith("Vous n’avez pas d’invitation à ce rendez-vous")
    assert await answers(agathe, appointment) == []


async def test_after_cancellation_there_is_nothing_to_answer(
    agathe: Desk, ecoute: Desk, appointment: Appointment
) -> None:
    old = await ecoute.card_of(appointment.id)
    form = await agathe.open_form(await agathe.card_of(appointment.id), "Annuler")
    form.values["reason"] = "Malade"
    await form.submit()
    agathe.clock.advance(agathe.rules.undo)
    outcome = await ecoute.click(old, "Accepter")
    assert isinstance(outcome, ui.Refreshed)
    assert outcome.notice.startswith("Ce rendez-vous a été annulé ou supprimé.")
    assert labels(await ecoute.card_of(appointment.id)) == []


async def test_once_it_has_begun_there_is_nothing_to_answer(ecoute: Desk, appointment: Appointment) -> None:
    old = await ecoute.card_of(appointment.id)
    ecoute.clock.set(appointment.during.start)
    outcome = await ecoute.click(old, "Refuser")
    assert isinstance(outcome, ui.Refreshed)
    assert outcome.notice.startswith("Ce rendez-vous a déjà commencé.")
    assert labels(await ecoute.card_of(appointment.id)) == ["Partager dans un canal"]


@pytest.mark.parametrize("token", ["", "x", "1.2", "1.2.3.4", "-1.1.0", "9999999999.1.0", "١.١.٠", "4294967296.1.0"])
async def test_a_malformed_token_finds_nothing(ecoute: Desk, token: str) -> None:
    with pytest.raises(NotFound):
        await ecoute.send(ui.ActionClick(ui.ActionRef("accept", token)))


async def test_a_refusal_can_be_taken_back_for_some_seconds(
    agathe: Desk, ecoute: Desk, appointment: Appointment
) -> None:
    await ecoute.click(await ecoute.card_of(appointment.id), "Refuser")
    card = await ecoute.card_of(appointment.id)
    assert "Votre réponse : refusé." in text_of(card)
    assert labels(card) == [
        "Revenir sur mon refus",
        "Proposer une autre heure",
        "Accepter",
        "Accepter provisoirement",
        "Partager dans un canal",
    ]
    assert "pas encore de réponse" in text_of(await agathe.card_of(appointment.id))
    await ecoute.click(card, "Revenir sur mon refus")
    assert labels(await ecoute.card_of(appointment.id))[:3] == ["Accepter", "Refuser", "Accepter provisoirement"]


async def test_after_some_seconds_it_is_too_late_to_take_a_refusal_back(
    agathe: Desk, ecoute: Desk, appointment: Appointment
) -> None:
    await ecoute.click(await ecoute.card_of(appointment.id), "Refuser")
    old = await ecoute.card_of(appointment.id)
    ecoute.clock.advance(ecoute.rules.undo)
    outcome = await ecoute.click(old, "Revenir sur mon refus")
    assert isinstance(outcome, ui.Refreshed)
    assert outcome.notice.startswith("Il est trop tard")
    assert "– refusé" in text_of(await agathe.card_of(appointment.id))


async def test_answering_in_the_list_shows_the_list_as_it_is_then(ecoute: Desk, appointment: Appointment) -> None:
    listed = await ecoute.type("invitations")
    after = await ecoute.click(listed, "Refuser")
    assert isinstance(after, ui.ReplaceCard)
    assert after.card.title == "Mes invitations (0)"
    assert "Votre réponse pour le 27/01/2026 10:00 – 12:00 : refusé." in text_of(after.card)
    back = replied(await ecoute.click(after.card, "Revenir sur mon refus"))
    assert back.title == "Mes invitations (1)"
    stale = replied(await ecoute.click(listed, "Accepter"))
    assert "rien n’a été fait" in text_of(stale)
    assert labels(stale) == labels(listed)
    done = replied(await ecoute.click(stale, "Accepter"))
    assert done.title == "Mes invitations (0)"
    assert await answers(ecoute, appointment) == ["declined", "pending", "accepted"]


async def test_many_invitations_come_in_pages(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    for day in range(2, 14):
        text = f"2026-02-{day:02}"
        during = guide.request().during
        shift = at(f"{text} 10:00") - during.start
        await booked(
            agathe, guide, main_worker_id=guide.agathe.id, during=type(during)(during.start + shift, during.end + shift)
        )
    first = await ecoute.type("invitations")
    assert first.title == "Mes invitations (12)"
    assert len(buttons(first, "Accepter")) == 8
    second = replied(await ecoute.click(first, "Suivant"))
    assert len(buttons(second, "Accepter")) == 4
    assert labels(second)[-1] == "Précédent"
    for _ in range(4):
        second = replied(await ecoute.click(second, "Accepter"))
    assert second.title == "Mes invitations (8)"
    assert len(buttons(second, "Accepter")) == 8
