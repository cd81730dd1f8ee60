"""« Réattribuer »: an appointment goes to another main worker, over what may be confirmed alone."""

import pytest

from core.appointments import Answer, Appointment
from core.availability import ExternalEvent
from core.booking import change
from core.notices import NoticeKind
from core.people import Worker
from handlers import ui
from tests.builders import TUESDAY_AT_TEN, Guide, between, kinds, unsent
from tests.handlers.desk import Desk, Filling, facts, labels, text_of
from tests.handlers.office import answered, booked, click, with_copy

WORKER = "(Travailleur-euse social) (Principal)"


@pytest.fixture
async def appointment(agathe: Desk, ecoute: Desk, guide: Guide) -> Appointment:
    """Agathe's, in seforme's agenda, on Tuesday at ten; ecoute has accepted, Agathe holds its card."""
    made = await booked(agathe, guide)
    await with_copy(agathe, made)
    return await answered(ecoute, made, Answer.ACCEPTED)


async def opened(desk: Desk, appointment: Appointment) -> Filling:
    return await desk.open_form(await desk.card_of(appointment.id), "Réattribuer")


async def filled(desk: Desk, appointment: Appointment, colleague: Worker) -> Filling:
    form = await opened(desk, appointment)
    await form.choose("colleague", str(colleague.id))
    return form


async def main_worker(desk: Desk, appointment: Appointment) -> int:
    found = await desk.db.read(lambda tx: tx.appointments.find(appointment.id))
    assert found is not None
    return found.main_worker_id


async def busy(desk: Desk, worker: Worker, *, tentative: bool = False) -> None:
    """Give the worker something of his own at that time."""
    event = ExternalEvent(worker.id, "uid", "", TUESDAY_AT_TEN, "Dentiste", tentative=tentative)
    await desk.db.write(lambda tx: tx.agendas.replace_external_events(worker.id, [event]))


async def test_the_people_in_charge_find_it_on_the_card(
    agathe: Desk, seforme: Desk, ecoute: Desk, appointment: Appointment
) -> None:
    for desk in (agathe, seforme):
        assert "Réattribuer" in labels(await desk.card_of(appointment.id))
    assert "Réattribuer" not in labels(await ecoute.card_of(appointment.id))
    outcome = await ecoute.send(click("reassign", appointment.id, 1))
    assert isinstance(outcome, ui.Refreshed)
    assert outcome.notice.startswith("Vous ne pouvez pas faire cela")


async def test_it_is_given_once_and_everybody_hears_of_it(agathe: Desk, guide: Guide, appointment: Appointment) -> None:
    form = await opened(agathe, appointment)
    assert (form.form.title, form.form.submit) == ("Réattribuer", "Réattribuer")
    assert "27/01/2026 10:00 – 12:00" in text_of(form.form)
    found = await form.search("colleague", "E")
    assert found == {"": [f"{w.handle} {WORKER}" for w in (guide.agathe, guide.ecoute, guide.stranger)]}
    await form.choose("colleague", str(guide.stranger.id))
    assert "Étienne est disponible à ce moment." in text_of(form.form)
    outcomes = [await form.submit() for _ in range(3)]
    assert outcomes == [outcomes[0]] * 3
    assert isinstance(outcomes[0], ui.CloseForm)
    assert outcomes[0].notice.replace("\u00a0", " ") == (
        "27/01/2026 10:00 – 12:00, parcours n° 1285 : confié à Étienne."
    )
    assert await main_worker(agathe, appointment) == guide.stranger.id
    told = (NoticeKind.REMOVED, NoticeKind.SHOWN, NoticeKind.INVITED)
    after = [n for n in await unsent(agathe.db) if n.version > appointment.version]
    assert kinds(after, *told) == [
        (NoticeKind.INVITED, guide.ecoute.id),
        (NoticeKind.REMOVED, guide.seforme.id),
        (NoticeKind.SHOWN, guide.stranger.id),
    ]
    card = await agathe.card_of(appointment.id)
    assert facts(card)["Utilisateur principal"] == f"Étienne {WORKER}"
    asked = await agathe.as_(guide.ecoute).card_of(appointment.id)
    assert labels(asked)[:2] == ["Accepter", "Refuser"]


async def test_why_a_colleague_cannot_take_it_is_said_before_and_after(
    agathe: Desk, guide: Guide, appointment: Appointment
) -> None:
    await booked(agathe.as_(guide.stranger), guide, main_worker_id=guide.stranger.id, parties=(guide.gisele.ref,))
    form = await filled(agathe, appointment, guide.stranger)
    reason = f"Étienne {WORKER} : autre rendez-vous, 27/01/2026 10:00 – 12:00"
    assert reason in text_of(form.form)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert reason in text_of(form.form)
    assert not form.has("confirm")
    await form.choose("colleague", str(guide.agathe.id))
    assert reason not in text_of(form.form)
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await main_worker(agathe, appointment) == guide.agathe.id


async def test_outside_his_availability_it_is_not_given(agathe: Desk, guide: Guide, appointment: Appointment) -> None:
    await agathe.db.write(lambda tx: tx.agendas.replace_ranges(guide.stranger.id, []))
    form = await filled(agathe, appointment, guide.stranger)
    assert f"Étienne {WORKER} : en dehors des disponibilités" in text_of(form.form)
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert f"Étienne {WORKER} : en dehors des disponibilités" in text_of(form.form)
    assert await main_worker(agathe, appointment) == guide.seforme.id


@pytest.mark.parametrize("tentative", [False, True])
async def test_what_may_be_confirmed_is_asked_and_then_given(
    agathe: Desk, guide: Guide, appointment: Appointment, tentative: bool
) -> None:
    await busy(agathe, guide.stranger, tentative=tentative)
    form = await filled(agathe, appointment, guide.stranger)
    form.values["confirm"] = "yes"  # before anything was asked: confirms nothing
    assert isinstance(await form.submit(), ui.UpdateForm)
    what = "peut-être occupé" if tentative else "occupé (agenda externe)"
    assert f"Étienne {WORKER} : {what}, 27/01/2026 10:00 – 12:00" in text_of(form.form)
    assert "Dentiste" not in text_of(form.form)
    assert "confirm" not in form.values
    assert isinstance(await form.submit(), ui.UpdateForm), "asked again until it is ticked"
    form.values["confirm"] = "yes"
    assert isinstance(await form.submit(), ui.CloseForm)
    assert await main_worker(agathe, appointment) == guide.stranger.id


async def test_what_was_confirmed_of_one_is_not_confirmed_of_another(
    agathe: Desk, guide: Guide, appointment: Appointment
) -> None:
    for worker in (guide.stranger, guide.agathe):
        await busy(agathe, worker)
    form = await filled(agathe, appointment, guide.stranger)
    await form.submit()
    form.values |= {"confirm": "yes", "colleague": str(guide.agathe.id)}  # as where nothing follows a choice
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert f"Agathe {WORKER} : occupé (agenda externe)" in text_of(form.form)
    await form.choose("colleague", str(guide.stranger.id))
    assert not form.has("confirm")
    assert await main_worker(agathe, appointment) == guide.seforme.id


async def test_what_cannot_be_chosen_is_said_beside_the_field(
    agathe: Desk, guide: Guide, appointment: Appointment
) -> None:
    form = await opened(agathe, appointment)
    assert await form.submit() == ui.FieldErrors((("colleague", "Choisissez un·e collègue."),))
    for value, said in ((str(guide.seforme.id), "C’est déjà l’utilisateur principal."), ("404", "Choisissez un·e")):
        form.values["colleague"] = value
        outcome = await form.submit()
        assert isinstance(outcome, ui.FieldErrors)
        assert outcome.errors[0][0] == "colleague"
        assert outcome.errors[0][1].startswith(said)
    alone = await booked(agathe, guide, during=between("2026-01-28 10:00", "12:00"), parties=(guide.ecoute.ref,))
    form = await filled(agathe, alone, guide.ecoute)
    outcome = await form.submit()
    assert isinstance(outcome, ui.FieldErrors)
    assert outcome.errors[0][1].startswith("Personne d’autre n’est concerné")


async def test_a_form_that_was_overtaken_closes_with_the_reason(
    agathe: Desk, guide: Guide, appointment: Appointment
) -> None:
    old, form = await agathe.card_of(appointment.id), await filled(agathe, appointment, guide.stranger)
    later, now = guide.request(comment="Apporter le bail"), agathe.clock.now()
    await agathe.db.write(lambda tx: change(tx, guide.seforme, appointment.id, 1, later, now, agathe.rules))
    event = ui.FormChange(form.form.id, form.form.context, "another", form.values, "colleague")
    for outcome in (await form.submit(), await agathe.send(event)):
        assert isinstance(outcome, ui.CloseForm)
        assert "rien n’a été fait" in outcome.notice
    late = await agathe.click(old, "Réattribuer")
    assert isinstance(late, ui.Refreshed)
    assert "rien n’a été fait" in late.notice
    assert await main_worker(agathe, appointment) == guide.seforme.id
