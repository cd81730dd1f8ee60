"""Sharing an appointment to a channel: what will be read there, and the choice of the channel."""

import pytest

from core.appointments import Appointment
from core.errors import NotFound
from core.ports import Transaction
from core.shares import Share
from handlers import ui
from tests.builders import Guide
from tests.handlers.desk import Desk, buttons, text_of
from tests.handlers.office import booked, click, with_copy

SHARE = "Partager dans un canal"


@pytest.fixture
async def appointment(agathe: Desk, guide: Guide) -> Appointment:
    """Agathe's, in seforme's agenda; she holds its card."""
    made = await booked(agathe, guide, comment="Parler du loyer")
    await with_copy(agathe, made)
    return made


async def shares(desk: Desk, appointment: Appointment) -> list[Share]:
    def look(tx: Transaction) -> list[Share]:
        return tx.shares.of(appointment.id)

    return await desk.db.read(look)


async def test_the_form_shows_what_the_channel_will_read(ecoute: Desk, appointment: Appointment) -> None:
    card = await ecoute.card_of(appointment.id)
    [button] = buttons(card, SHARE)
    assert button.opens_form
    assert button.for_channels
    form = (await ecoute.open_form(card, SHARE)).form
    read = text_of(form)
    for part in (
        "Rendez-vous – parcours n° 1285",
        "27/01/2026 10:00 – 12:00",
        "seforme (Travailleur-euse social)",
        "ecoute (Travailleur-euse social) (Principal) – pas encore de réponse",
        "Gembloux",
    ):
        assert part in read
    for secret in ("LAFRAISE", "Gisèle", "loyer", "Agathe"):
        assert secret not in read
    assert isinstance(form.parts[-1], ui.ChannelField)


async def test_a_channel_is_chosen_and_the_share_waits_for_its_posting(ecoute: Desk, appointment: Appointment) -> None:
    form = await ecoute.open_form(await ecoute.card_of(appointment.id), SHARE)
    assert await form.submit() == ui.FieldErrors((("channel", "Choisissez un canal."),))
    form.values["channel"] = "C1"
    for _ in range(3):
        assert await form.submit() == ui.CloseForm()
    assert await shares(ecoute, appointment) == [Share(1, appointment.id, "chat", "T1", "C1", ecoute.worker.id)]


async def test_one_that_was_deleted_meanwhile_is_not_shared(
    agathe: Desk, seforme: Desk, appointment: Appointment
) -> None:
    form = await agathe.open_form(await agathe.card_of(appointment.id), SHARE)
    form.values["channel"] = "C1"
    await (await agathe.open_form(await agathe.card_of(appointment.id), "Supprimer")).submit()
    outcome = await form.submit()
    assert isinstance(outcome, ui.CloseForm)
    assert outcome.notice.startswith("Ce rendez-vous a été annulé ou supprimé.")
    agathe.clock.advance(agathe.rules.undo)
    late = await seforme.send(click("share", appointment.id, 1))
    assert isinstance(late, ui.Refreshed)
    assert late.notice.startswith("Ce rendez-vous a été annulé ou supprimé.")
    assert await shares(agathe, appointment) == []


async def test_who_may_not_see_it_cannot_share_it(agathe: Desk, guide: Guide) -> None:
    secret = await booked(agathe, guide, case_number=guide.confidential.number, parties=(guide.gisele.ref,))
    form = await agathe.open_form(await agathe.card_of(secret.id), SHARE)
    form.values["channel"] = "C1"
    assert "1290" not in text_of(form.form)
    form.desk = agathe.as_(guide.stranger)
    with pytest.raises(NotFound):
        await form.submit()
    with pytest.raises(NotFound):
        await agathe.as_(guide.stranger).send(click("share", secret.id, 1))
    assert await shares(agathe, secret) == []
