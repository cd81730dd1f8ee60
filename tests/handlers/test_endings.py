"""Cancel with a reason, delete, and Undo (rule 6)."""

import pytest

from core.appointments import Appointment, EndingKind
from handlers import ui
from tests.builders import Guide
from tests.handlers.desk import Desk, facts, labels, replied, text_of
from tests.handlers.office import booked, click, with_copy


@pytest.fixture
async def appointment(agathe: Desk, guide: Guide) -> Appointment:
    """Agathe's, in seforme's agenda; she holds its card."""
    made = await booked(agathe, guide)
    await with_copy(agathe, made)
    return made


async def ending(desk: Desk, appointment: Appointment) -> EndingKind | None:
    found = await desk.db.read(lambda tx: tx.appointments.find(appointment.id))
    assert found is not None
    return found.ending.kind if found.ending else None


async def test_cancelling_keeps_the_reason_and_can_be_taken_back(
    agathe: Desk, ecoute: Desk, appointment: Appointment
) -> None:
    form = await agathe.open_form(await agathe.card_of(appointment.id), "Annuler")
    assert form.form.title == "Annuler le rendez-vous"
    form.values["reason"] = "Gisèle est malade"
    assert replied(await form.submit()).title == "Rendez-vous annulé"
    own = await agathe.card_of(appointment.id)
    assert "Vous pouvez encore le rétablir" in text_of(own)
    assert labels(own) == ["Rétablir le rendez-vous", "Supprimer"]
    assert "Accepter" in labels(await ecoute.card_of(appointment.id))

    assert await agathe.click(own, "Rétablir le rendez-vous") == ui.Refreshed(appointment.id)
    assert "Annuler" in labels(await agathe.card_of(appointment.id))

    again = await agathe.open_form(await agathe.card_of(appointment.id), "Annuler")
    again.values["reason"] = "Gisèle est malade"
    await again.submit()
    agathe.clock.advance(agathe.rules.undo)
    card = await ecoute.card_of(appointment.id)
    assert "Rendez-vous annulé par Agathe." in text_of(card)
    assert facts(card)["Motif"] == "Gisèle est malade"
    assert "27/01/2026 10:00 – 12:00 – annulé" in text_of(await ecoute.type("1285"))


async def test_deleting_leaves_nothing_to_read(agathe: Desk, ecoute: Desk, appointment: Appointment) -> None:
    form = await agathe.open_form(await agathe.card_of(appointment.id), "Supprimer")
    assert "Pour le garder avec un motif, annulez-le plutôt." in text_of(form.form)
    assert replied(await form.submit()).title == "Rendez-vous supprimé"
    own = await agathe.card_of(appointment.id)
    assert labels(own) == ["Rétablir le rendez-vous"]
    agathe.clock.advance(agathe.rules.undo)
    for desk in (agathe, ecoute):
        card = await desk.card_of(appointment.id)
        assert text_of(card) == "Rendez-vous – parcours n° 1285\nCe rendez-vous a été supprimé."
        assert labels(card) == []
    assert "Pas encore de rendez-vous" in text_of(await agathe.type("1285"))
    opened = replied(await agathe.send(click("open", appointment.id, 1)))
    assert "Ce rendez-vous a été supprimé." in text_of(opened)
    late = await agathe.click(own, "Rétablir le rendez-vous")
    assert isinstance(late, ui.Refreshed)
    assert late.notice


async def test_a_form_sent_five_times_acts_once(agathe: Desk, appointment: Appointment) -> None:
    form = await agathe.open_form(await agathe.card_of(appointment.id), "Annuler")
    outcomes = [await form.submit() for _ in range(5)]
    assert outcomes == [outcomes[0]] * 5
    lines = await agathe.db.read(lambda tx: tx.audit.of(appointment.id))
    assert [action for _, action, _, _ in lines] == ["booked", "cancelled"]


async def test_a_reason_that_cannot_be_kept_is_explained_beside_its_field(
    agathe: Desk, appointment: Appointment
) -> None:
    form = await agathe.open_form(await agathe.card_of(appointment.id), "Annuler")
    for reason, said in (("x" * 501, "trop long : 501 caractères"), ("a\u202eb", "caractères de contrôle")):
        form.values["reason"] = reason
        outcome = await form.submit()
        assert isinstance(outcome, ui.FieldErrors)
        ((field, message),) = outcome.errors
        assert field == "reason"
        assert said in message.replace("\u00a0", " ")
    assert await ending(agathe, appointment) is None


async def test_what_was_overtaken_closes_with_the_reason(agathe: Desk, seforme: Desk, appointment: Appointment) -> None:
    form = await agathe.open_form(await agathe.card_of(appointment.id), "Annuler")
    edit = await seforme.open_form(await seforme.card_of(appointment.id), "Modifier ou déplacer")
    edit.values["comment"] = "Apporter le bail"
    assert isinstance(await edit.submit(), ui.CloseForm)
    outcome = await form.submit()
    assert isinstance(outcome, ui.CloseForm)
    assert "rien n’a été fait" in outcome.notice
    assert await ending(agathe, appointment) is None


async def test_only_who_is_in_charge_may_end_it(ecoute: Desk, appointment: Appointment) -> None:
    for name in ("cancel", "delete", "edit"):
        outcome = await ecoute.send(click(name, appointment.id, 1))
        assert isinstance(outcome, ui.Refreshed)
        assert outcome.notice.startswith("Vous ne pouvez pas faire cela")
    sent = ui.FormSubmit("delete", f"{appointment.id}.1", "nonce", {})
    outcome = await ecoute.send(sent)
    assert isinstance(outcome, ui.CloseForm)
    assert outcome.notice.startswith("Vous ne pouvez pas faire cela")
    assert await ending(ecoute, appointment) is None
