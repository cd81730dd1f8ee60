"""Proposing another time: the form of who declined, and the organiser's one click (guide, step 9)."""

from dataclasses import replace

import pytest

from core.appointments import Answer, Appointment
from core.booking import change
from core.counter_views import view_counter
from core.counterproposals import CounterProposal, CounterState
from core.endings import cancel
from core.errors import NotAllowed, NotFound
from core.notices import Notice, NoticeKind
from handlers import ui
from handlers.cards.counters import counter_card, counter_refused_card
from tests.builders import Guide, between, kinds, unsent
from tests.handlers.desk import Desk, Filling, facts, labels, replied, text_of
from tests.handlers.office import answered, booked, click, with_copy

THURSDAY = between("2026-01-29 10:00", "12:00")
WORKER = "(Travailleur-euse social) (Principal)"


@pytest.fixture
async def appointment(agathe: Desk, ecoute: Desk, guide: Guide) -> Appointment:
    """Agathe's, in seforme's agenda, on Tuesday at ten; ecoute has declined it and holds its card."""
    made = await booked(agathe, guide)
    await with_copy(ecoute, made)
    return await answered(ecoute, made, Answer.DECLINED)


async def opened(desk: Desk, appointment: Appointment) -> Filling:
    return await desk.open_form(await desk.card_of(appointment.id), "Proposer une autre heure")


async def proposed(desk: Desk, appointment: Appointment, label: str = "10:00") -> CounterProposal:
    """Return the proposal of that hour on Thursday, sent by the form."""
    form = await opened(desk, appointment)
    days = form.slots()
    form.values["slot"] = next(o.value for o in days["jeu. 29 janvier"] if o.label.startswith(label))
    assert isinstance(await form.submit(), ui.CloseForm)
    return (await all_of(desk, appointment))[-1]


async def all_of(desk: Desk, appointment: Appointment) -> list[CounterProposal]:
    return await desk.db.read(lambda tx: tx.counterproposals.of(appointment.id))


async def stored(desk: Desk, appointment: Appointment) -> Appointment:
    found = await desk.db.read(lambda tx: tx.appointments.find(appointment.id))
    assert found is not None
    return found


async def card(desk: Desk, proposal: CounterProposal, *, refused: bool = False) -> ui.Card:
    """Return the card that the outbox sends this worker."""
    made, now = counter_refused_card if refused else counter_card, desk.clock.now()
    return await desk.db.read(lambda tx: made(view_counter(tx, desk.worker, proposal.id, now), desk.texts, now))


async def told(desk: Desk) -> list[Notice]:
    return [n for n in await unsent(desk.db) if n.proposal_id]


async def clicked(desk: Desk, shown: ui.Card, label: str) -> ui.Card:
    """Return the card that takes the place of the clicked one."""
    outcome = await desk.click(shown, label)
    assert isinstance(outcome, ui.ReplaceCard)
    return outcome.card


async def test_who_declined_is_offered_times_at_which_everyone_is_free(ecoute: Desk, appointment: Appointment) -> None:
    shown = await ecoute.card_of(appointment.id)
    assert labels(shown)[:2] == ["Revenir sur mon refus", "Proposer une autre heure"]
    form = await opened(ecoute, appointment)
    assert (form.form.title, form.form.submit) == ("Proposer une autre heure", "Envoyer la proposition")
    assert "27/01/2026 10:00 – 12:00" in text_of(form.form)
    assert "Semaine du 26/01/2026 au 01/02/2026" in text_of(form.form)
    days = form.slots()
    assert list(days) == [f"{day} janvier" for day in ("lun. 26", "mar. 27", "mer. 28", "jeu. 29", "ven. 30")]
    assert [len(options) for options in days.values()] == [25, 24, 25, 25, 25], "every quarter but the planned time"
    fifth = days["jeu. 29 janvier"][4]
    assert (fifth.label.replace("\u00a0", " "), fifth.hint) == ("10:00 – 12:00", "Gembloux (Implantations)")


async def test_another_week_shows_its_own_times(
    agathe: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    form = await opened(ecoute, appointment)
    form.values["slot"] = form.slot("10:00")
    await form.choose("week", "2026-02-02")
    assert next(iter(form.slots())) == "lun. 2 février"
    assert "slot" not in form.values
    await form.choose("week", "1999-01-01")
    assert next(iter(form.slots())) == "lun. 26 janvier", "a week that is not offered is none"
    await booked(
        agathe.as_(guide.ecoute),
        guide,
        main_worker_id=guide.ecoute.id,
        during=between("2026-02-02 08:00", "18:00"),
        parties=(guide.gisele.ref,),
    )
    await form.choose("week", "2026-02-02")
    assert next(iter(form.slots())) == "mar. 3 février", "who proposes must be free himself"


async def test_a_week_without_a_time_says_so(ecoute: Desk, guide: Guide, appointment: Appointment) -> None:
    await ecoute.db.write(lambda tx: tx.agendas.replace_ranges(guide.seforme.id, []))
    form = await opened(ecoute, appointment)
    assert form.slots() == {}
    field = form.field("slot")
    assert isinstance(field, ui.SlotField)
    assert (
        field.hint == "Aucune heure de cette semaine ne convient à tout le monde\u00a0: choisissez une autre semaine."
    )
    outcome = await form.submit()
    assert outcome == ui.FieldErrors((("slot", "Choisissez l’une des propositions."),))


async def test_of_an_appointment_far_ahead_the_weeks_around_it_are_offered(
    agathe: Desk, ecoute: Desk, guide: Guide
) -> None:
    made = await booked(agathe, guide, during=between("2026-09-15 10:00", "12:00"))
    await answered(ecoute, made, Answer.DECLINED)
    form = await opened(ecoute, made)
    weeks = form.field("week")
    assert isinstance(weeks, ui.ChoiceField)
    values = [o.value for o in weeks.groups[0].options]
    assert (values[0], values[-1], weeks.value) == ("2026-08-17", "2026-11-02", "2026-09-14")


async def test_the_proposal_is_sent_once_and_the_organiser_told(
    agathe: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    form = await opened(ecoute, appointment)
    form.values["slot"] = next(o.value for o in form.slots()["jeu. 29 janvier"] if o.label.startswith("10:00"))
    outcomes = [await form.submit() for _ in range(3)]
    assert outcomes == [outcomes[0]] * 3
    assert isinstance(outcomes[0], ui.CloseForm)
    assert outcomes[0].notice.replace("\u00a0", " ") == (
        "Votre proposition est envoyée à Agathe : 29/01/2026 10:00 – 12:00. Vous serez prévenu·e de la réponse."
    )
    (proposal,) = await all_of(ecoute, appointment)
    assert (proposal.during, proposal.proposer_id) == (THURSDAY, guide.ecoute.id)
    (notice,) = await told(agathe)
    assert (notice.kind, notice.recipient_id) == (NoticeKind.COUNTER_PROPOSED, guide.agathe.id)


async def test_the_organiser_reads_both_times(agathe: Desk, ecoute: Desk, appointment: Appointment) -> None:
    proposal = await proposed(ecoute, appointment)
    shown = await card(agathe, proposal)
    assert shown.title == "Autre heure proposée"
    assert "ecoute propose une autre heure : 29/01/2026 10:00 – 12:00." in text_of(shown)
    assert facts(shown) == {
        "Heure prévue": "27/01/2026 10:00 – 12:00",
        "Heure proposée": "29/01/2026 10:00 – 12:00",
        "Durée": "02:00",
        "Proposé par": f"ecoute {WORKER}",
        "Utilisateur principal": f"seforme {WORKER}",
        "Usagers du parcours": "Gisèle LAFRAISE (26 ans)",
        "T(M)S": f"ecoute {WORKER} – pas encore de réponse",
        "Localisation": "Gembloux (Implantations)",
        "Parcours": "n° 1285",
    }
    assert labels(shown) == ["Déplacer à cette heure", "Garder l’heure prévue", "Afficher le rendez-vous"]
    neutral = shown.neutral.replace("\u00a0", " ")
    assert neutral == "Autre heure proposée – Rendez-vous – parcours n° 1285, 27/01/2026 10:00"
    whole = replied(await agathe.click(shown, "Afficher le rendez-vous"))
    assert "Modifier ou déplacer" in labels(whole)


async def test_one_click_moves_it_and_everybody_is_asked_again(
    agathe: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    proposal = await proposed(ecoute, appointment)
    moved = await clicked(agathe, await card(agathe, proposal), "Déplacer à cette heure")
    assert "Vous avez déplacé le rendez-vous à cette heure" in text_of(moved)
    assert facts(moved)["Heure prévue"] == "29/01/2026 10:00 – 12:00"
    assert "Heure proposée" not in facts(moved)
    assert labels(moved) == ["Afficher le rendez-vous"]
    now_planned = await stored(agathe, appointment)
    assert (now_planned.during, now_planned.invitations[0].answer) == (THURSDAY, Answer.PENDING)
    assert kinds(await unsent(agathe.db), NoticeKind.INVITED, NoticeKind.MOVED) == [
        (NoticeKind.INVITED, guide.ecoute.id),
        (NoticeKind.MOVED, guide.seforme.id),
    ]
    asked = await ecoute.card_of(appointment.id)
    assert labels(asked)[:3] == ["Accepter", "Refuser", "Accepter provisoirement"]
    assert "Proposer une autre heure" not in labels(asked)


async def test_keeping_the_time_is_told(agathe: Desk, ecoute: Desk, guide: Guide, appointment: Appointment) -> None:
    proposal = await proposed(ecoute, appointment)
    kept = await clicked(agathe, await card(agathe, proposal), "Garder l’heure prévue")
    assert "Vous gardez l’heure prévue" in text_of(kept)
    assert labels(kept) == ["Afficher le rendez-vous"]
    (notice,) = [n for n in await told(agathe) if n.kind is NoticeKind.COUNTER_REFUSED]
    assert notice.recipient_id == guide.ecoute.id
    answer = await card(ecoute, proposal, refused=True)
    assert answer.title == "L’heure prévue est maintenue"
    assert "Agathe garde l’heure prévue : 27/01/2026 10:00 – 12:00." in text_of(answer)
    assert "Gisèle" not in answer.neutral
    assert (await stored(agathe, appointment)).during == appointment.during


async def test_late_and_second_clicks_act_on_nothing_and_say_so(
    agathe: Desk, ecoute: Desk, appointment: Appointment
) -> None:
    proposal = await proposed(ecoute, appointment)
    shown = await card(agathe, proposal)
    await clicked(agathe, shown, "Déplacer à cette heure")
    before = await stored(agathe, appointment)
    for label in ("Déplacer à cette heure", "Garder l’heure prévue"):
        again = await clicked(agathe, shown, label)
        assert "Cette demande a déjà reçu une réponse." in text_of(again)
        assert labels(again) == ["Afficher le rendez-vous"]
    assert await stored(agathe, appointment) == before


async def test_the_same_delivery_twice_is_one_click(agathe: Desk, ecoute: Desk, appointment: Appointment) -> None:
    proposal = await proposed(ecoute, appointment)
    press = click("counter-accept", proposal.id)
    first, *again = [await agathe.send(press, delivery_key="slack:trigger") for _ in range(3)]
    assert again == [first, first]
    assert (await stored(agathe, appointment)).revision == 2


async def test_of_two_proposals_the_other_is_moot(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    stranger = agathe.as_(guide.stranger)
    made = await booked(agathe, guide, parties=(guide.gisele.ref, guide.ecoute.ref, guide.stranger.ref))
    for desk in (ecoute, stranger):
        await answered(desk, made, Answer.DECLINED)
    mine, other = await proposed(ecoute, made), await proposed(stranger, made, "14:00")
    before = await card(agathe, other)
    await clicked(agathe, await card(agathe, mine), "Déplacer à cette heure")
    late = await clicked(agathe, before, "Déplacer à cette heure")
    assert text_of(late).count("Le rendez-vous a été déplacé entre-temps. Rien n’a été changé.") == 1
    assert labels(late) == ["Afficher le rendez-vous"]
    assert facts(late)["Heure prévue"] == "29/01/2026 10:00 – 12:00"
    assert facts(late)["Heure proposée"] == "29/01/2026 14:00 – 16:00"


async def test_a_proposal_whose_appointment_moved_or_ended_is_told_as_over(
    agathe: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    proposal = await proposed(ecoute, appointment)
    shown, now = await card(agathe, proposal), agathe.clock.now()
    await agathe.db.write(lambda tx: cancel(tx, guide.seforme, appointment.id, 1, "", now, agathe.rules))
    gone = await clicked(agathe, shown, "Déplacer à cette heure")
    assert "Ce rendez-vous a été annulé ou supprimé." in text_of(gone)
    agathe.clock.advance(minutes=1)
    gone = await clicked(agathe, shown, "Garder l’heure prévue")
    assert "Ce rendez-vous a été annulé ou supprimé." in text_of(gone)
    assert labels(gone) == ["Afficher le rendez-vous"]


async def test_once_its_time_has_come_there_is_nothing_to_decide(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    made = await booked(agathe, guide, during=between("2026-01-30 10:00", "12:00"))
    await answered(ecoute, made, Answer.DECLINED)
    proposal = await proposed(ecoute, made)
    shown = await card(agathe, proposal)
    agathe.clock.set(THURSDAY.start)
    late = await clicked(agathe, shown, "Déplacer à cette heure")
    assert "Ce moment est passé." in text_of(late)
    assert labels(late) == ["Afficher le rendez-vous"]
    assert (await stored(agathe, made)).revision == 1


async def test_a_time_that_was_taken_meanwhile_is_said_to_be(
    agathe: Desk, seforme: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    proposal = await proposed(ecoute, appointment)
    shown = await card(agathe, proposal)
    await booked(ecoute, guide, main_worker_id=guide.ecoute.id, during=THURSDAY, parties=(guide.gisele.ref,))
    busy = await clicked(agathe, shown, "Déplacer à cette heure")
    assert f"ecoute {WORKER} : rendez-vous, 29/01/2026 10:00 – 12:00" in text_of(busy)
    await booked(seforme, guide, during=THURSDAY, parties=(guide.gisele.ref,))
    taken = await clicked(agathe, shown, "Déplacer à cette heure")
    assert "Ce moment vient d’être pris." in text_of(taken)
    assert labels(taken) == ["Déplacer à cette heure", "Garder l’heure prévue", "Afficher le rendez-vous"]
    assert (await stored(agathe, appointment)).during == appointment.during


async def test_a_time_that_has_just_gone_is_asked_for_again(
    seforme: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    form = await opened(ecoute, appointment)
    form.values["slot"] = next(o.value for o in form.slots()["jeu. 29 janvier"] if o.label.startswith("10:00"))
    await booked(seforme, guide, during=THURSDAY, parties=(guide.gisele.ref,))
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert "Quelqu’un n’est plus libre à cette heure." in text_of(form.form)
    assert "slot" not in form.values
    assert next(o.label for o in form.slots()["jeu. 29 janvier"]).startswith("12:00")
    assert await all_of(ecoute, appointment) == []


async def test_a_second_proposal_takes_the_place_of_the_first(
    agathe: Desk, ecoute: Desk, appointment: Appointment
) -> None:
    first = await proposed(ecoute, appointment)
    old = await card(agathe, first)
    form = await opened(ecoute, appointment)
    assert "Vous proposez déjà 29/01/2026 10:00 – 12:00" in text_of(form.form)
    second = await proposed(ecoute, appointment, "14:00")
    assert [p.state for p in await all_of(ecoute, appointment)] == [CounterState.WITHDRAWN, CounterState.PROPOSED]
    late = await clicked(agathe, old, "Déplacer à cette heure")
    assert "Cette autre heure n’est plus proposée." in text_of(late)
    await clicked(agathe, await card(agathe, second), "Déplacer à cette heure")
    assert (await stored(agathe, appointment)).during == second.during


async def test_taking_the_refusal_back_takes_the_proposal_back(
    agathe: Desk, ecoute: Desk, appointment: Appointment
) -> None:
    proposal = await proposed(ecoute, appointment)
    shown = await card(agathe, proposal)
    undone = await ecoute.click(await ecoute.card_of(appointment.id), "Revenir sur mon refus")
    assert undone == ui.Refreshed(appointment.id)
    assert "Proposer une autre heure" not in labels(await ecoute.card_of(appointment.id))
    late = await clicked(agathe, shown, "Déplacer à cette heure")
    assert "Cette autre heure n’est plus proposée." in text_of(late)


async def test_a_card_or_form_that_was_overtaken_acts_on_nothing(
    agathe: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    old, form = await ecoute.card_of(appointment.id), await opened(ecoute, appointment)
    form.values["slot"] = form.slot("14:00")
    moving = guide.request(during=THURSDAY)
    now = agathe.clock.now()
    await agathe.db.write(lambda tx: change(tx, guide.agathe, appointment.id, 1, moving, now, agathe.rules))
    late = await ecoute.click(old, "Proposer une autre heure")
    assert isinstance(late, ui.Refreshed)
    assert "rien n’a été fait" in late.notice
    outcome = await form.submit()
    assert isinstance(outcome, ui.CloseForm)
    assert "rien n’a été fait" in outcome.notice
    change_week = ui.FormChange("propose", form.form.context, "another", {"week": "2026-02-02"}, "week")
    assert isinstance(await ecoute.send(change_week), ui.CloseForm)
    assert await all_of(ecoute, appointment) == []
    assert any(n.kind is NoticeKind.REFRESH and n.recipient_id == guide.ecoute.id for n in await unsent(agathe.db))


async def test_nobody_else_proposes_decides_or_reads(
    agathe: Desk, seforme: Desk, ecoute: Desk, guide: Guide, appointment: Appointment
) -> None:
    proposal = await proposed(ecoute, appointment)
    for desk in (seforme, ecoute, agathe.as_(guide.stranger)):
        for name in ("counter-accept", "counter-refuse"):
            with pytest.raises((NotAllowed, NotFound)):
                await desk.send(click(name, proposal.id))
    with pytest.raises(NotFound):
        await card(seforme, proposal)
    with pytest.raises(NotFound):
        await agathe.send(click("counter-accept", 99))
    for desk in (agathe, seforme):
        assert "Proposer une autre heure" not in labels(await desk.card_of(appointment.id))
        assert isinstance(await desk.send(click("propose", appointment.id, 1)), ui.Refreshed)
    assert [p.state for p in await all_of(agathe, appointment)] == [CounterState.PROPOSED]


async def test_who_is_no_longer_part_of_it_reads_no_name(agathe: Desk, guide: Guide) -> None:
    """A confidential case: only its lead and the workers named on it."""
    hidden = await booked(
        agathe, guide, case_number=guide.confidential.number, parties=(guide.gisele.ref, guide.ecoute.ref)
    )
    ecoute = agathe.as_(guide.ecoute)
    await answered(ecoute, hidden, Answer.DECLINED)
    proposal = await proposed(ecoute, hidden)
    await clicked(agathe, await card(agathe, proposal), "Garder l’heure prévue")
    alone = guide.request(case_number=guide.confidential.number, parties=(guide.gisele.ref,))
    now = agathe.clock.now()
    await agathe.db.write(lambda tx: change(tx, guide.agathe, hidden.id, 1, alone, now, agathe.rules))
    shown = await card(ecoute, proposal, refused=True)
    assert "Gisèle" not in text_of(shown) + shown.neutral
    assert "1290" not in text_of(shown) + shown.neutral
    assert labels(shown) == []


async def test_the_list_of_invitations_leads_there_too(ecoute: Desk, agathe: Desk, guide: Guide) -> None:
    made = await booked(agathe, guide)
    declined = await clicked(ecoute, await ecoute.type("invitations"), "Refuser")
    assert labels(declined) == ["Revenir sur mon refus", "Proposer une autre heure"]
    form = await ecoute.open_form(declined, "Proposer une autre heure")
    form.values["slot"] = form.slot("14:00")
    assert isinstance(await form.submit(), ui.CloseForm)
    assert len(await all_of(ecoute, made)) == 1


async def test_the_cards_in_english(agathe: Desk, ecoute: Desk, guide: Guide, appointment: Appointment) -> None:
    proposal = await proposed(ecoute, appointment)
    shown = await card(agathe.as_(replace(guide.agathe, locale="en")), proposal)
    assert shown.title == "Another time proposed"
    assert labels(shown) == ["Move to this time", "Keep the planned time", "Show the appointment"]
