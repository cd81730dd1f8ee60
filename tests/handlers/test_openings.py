"""Asking a colleague to open a time: his one click opens and books, and nothing is done late or twice (rule 2)."""

from dataclasses import replace

import pytest

from core.errors import NotAllowed, NotFound
from core.notices import Notice, NoticeKind
from core.opening_views import view_opening
from core.openings import Opening, OpeningState
from core.ports import Transaction
from handlers import ui
from handlers.cards.openings import opening_card, opening_refused_card
from tests.builders import Guide, at, between, kinds, unsent
from tests.handlers.desk import Desk, Filling, facts, labels, replied, text_of
from tests.handlers.office import at_another_time, booked, click, for_lead

EVENING = between("2026-01-27 18:00", "19:00")


async def outside(desk: Desk, guide: Guide) -> Filling:
    """Return the form after it was sent with an evening hour, outside everybody's availability."""
    form = await for_lead(desk)
    await form.choose("parties", (f"worker:{guide.ecoute.id}",))
    form.values["comment"] = "Apporter le bail"
    assert isinstance(await at_another_time(form, "2026-01-27", "18:00", "19:00"), ui.UpdateForm)
    return form


async def asked(desk: Desk, guide: Guide) -> Opening:
    """Return the request after it was sent."""
    form = await outside(desk, guide)
    await form.choose("instead", "ask")
    assert isinstance(await form.submit(), ui.CloseForm)
    opening = await stored(desk)
    assert opening is not None
    return opening


async def stored(desk: Desk, opening_id: int = 1) -> Opening | None:
    return await desk.db.read(lambda tx: tx.openings.find(opening_id))


async def card(desk: Desk, *, refused: bool = False, opening_id: int = 1) -> ui.Card:
    """Return the card that the outbox sends this worker."""
    made = opening_refused_card if refused else opening_card

    def look(tx: Transaction) -> ui.Card:
        return made(view_opening(tx, desk.worker, opening_id), desk.texts, desk.clock.now())

    return await desk.db.read(look)


async def count(desk: Desk) -> int:
    return len(await desk.db.read(lambda tx: tx.appointments.of_case(1285, desk.worker.id, desk.clock.now(), limit=50)))


async def about_openings(desk: Desk) -> list[Notice]:
    return [n for n in await unsent(desk.db) if n.opening_id]


async def test_asking_is_the_third_way_on(agathe: Desk, guide: Guide) -> None:
    form = await outside(agathe, guide)
    ways = form.field("instead")
    assert isinstance(ways, ui.ChoiceField)
    assert [o.label for o in ways.groups[0].options][:2] == [
        "Devenir l’utilisateur principal\u00a0: les deux agendas s’affichent alors",
        "Demander à seforme d’ouvrir ce créneau",
    ]
    await form.choose("instead", "ask")
    assert form.form.submit == "Envoyer la demande"
    assert "ouvre ce créneau d’un clic" in text_of(form.form)
    assert (form.values["date"], form.values["from"], form.values["until"]) == ("2026-01-27", "18:00", "19:00")
    assert await stored(agathe) is None
    outcome = await form.submit()
    assert isinstance(outcome, ui.CloseForm)
    assert "envoyée à seforme" in outcome.notice
    assert "27/01/2026 18:00 – 19:00" in outcome.notice.replace("\u00a0", " ")
    assert await form.submit() == outcome, "sent twice, asked once"
    assert await stored(agathe, 2) is None
    assert await count(agathe) == 0
    (notice,) = await about_openings(agathe)
    assert (notice.kind, notice.recipient_id) == (NoticeKind.OPENING_ASKED, guide.seforme.id)
    assert (notice.appointment_id, notice.expires_at) == (0, EVENING.start)


async def test_asking_without_a_refresh_works_too_and_may_be_taken_back(agathe: Desk, guide: Guide) -> None:
    form = await outside(agathe, guide)
    await form.choose("instead", "ask")
    await form.choose("instead", "main")
    assert form.values["main"] == str(guide.agathe.id)
    other = await outside(agathe, guide)
    other.values["instead"] = "ask"
    assert isinstance(await other.submit(), ui.CloseForm)
    assert await stored(agathe) is not None


async def test_the_owner_reads_the_whole_request(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    shown = await card(seforme)
    assert shown.title.replace("\u00a0", " ") == "Ouvrir le mardi 27 janvier 2026, 18:00 – 19:00\u202f?"
    assert "Agathe vous demande d’ouvrir ce créneau" in text_of(shown)
    assert facts(shown) == {
        "Date": "27/01/2026 18:00 – 19:00",
        "Durée": "01:00",
        "Demandé par": "Agathe (Travailleur-euse social) (Principal)",
        "Parcours": "n° 1285",
        "Usagers du parcours": "Gisèle LAFRAISE (26 ans)",
        "Autres personnes concernées": "ecoute (Travailleur-euse social) (Principal)",
        "Commentaire": "Apporter le bail",
    }
    assert labels(shown) == ["Ouvrir et réserver", "Refuser"]
    assert shown.neutral.replace("\u00a0", " ") == "Demande d’ouverture : 27/01/2026 18:00 – 19:00"


async def test_one_click_opens_and_books(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    outcome = await seforme.click(await card(seforme), "Ouvrir et réserver")
    assert isinstance(outcome, ui.ReplaceCard)
    assert "Vous avez ouvert ce créneau, et le rendez-vous est créé." in text_of(outcome.card)
    assert labels(outcome.card) == ["Afficher le rendez-vous"]
    opened = await seforme.click(outcome.card, "Afficher le rendez-vous")
    assert "Apporter le bail" in text_of(replied(opened))
    appointment = await agathe.db.read(lambda tx: tx.appointments.find(1))
    assert appointment is not None
    assert (appointment.during, appointment.main_worker_id) == (EVENING, guide.seforme.id)
    assert appointment.creator_id == guide.agathe.id
    assert kinds(await unsent(agathe.db), NoticeKind.SHOWN, NoticeKind.INVITED) == [
        (NoticeKind.INVITED, guide.ecoute.id),
        (NoticeKind.SHOWN, guide.agathe.id),
        (NoticeKind.SHOWN, guide.seforme.id),
    ]
    ranges = await agathe.db.read(lambda tx: tx.agendas.ranges(guide.seforme.id))
    assert [r.first_day for r in ranges if not r.rule] == [EVENING.start.date()]


async def test_late_and_second_clicks_act_on_nothing_and_say_so(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    shown = await card(seforme)
    await seforme.click(shown, "Ouvrir et réserver")
    for label in ("Ouvrir et réserver", "Refuser"):
        again = await seforme.click(shown, label)
        assert isinstance(again, ui.ReplaceCard)
        assert "Cette demande a déjà reçu une réponse." in text_of(again.card)
        assert labels(again.card) == ["Afficher le rendez-vous"]
    assert await count(agathe) == 1
    ranges = await agathe.db.read(lambda tx: tx.agendas.ranges(guide.seforme.id))
    assert len(ranges) == 2


async def test_the_same_delivery_twice_is_one_click(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    press = click("opening-accept", 1)
    first, *again = [await seforme.send(press, delivery_key="slack:trigger") for _ in range(3)]
    assert again == [first, first]
    assert isinstance(first, ui.ReplaceCard)
    assert "déjà" not in text_of(first.card)
    assert await count(agathe) == 1


async def test_a_refusal_is_told_with_a_way_on(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    outcome = await seforme.click(await card(seforme), "Refuser")
    assert isinstance(outcome, ui.ReplaceCard)
    assert "Vous n’avez pas ouvert ce créneau" in text_of(outcome.card)
    assert labels(outcome.card) == []
    refused = next(n for n in await about_openings(agathe) if n.kind is NoticeKind.OPENING_REFUSED)
    assert refused.recipient_id == guide.agathe.id
    told = await card(agathe, refused=True)
    assert "seforme n’ouvre pas ce créneau : 27/01/2026 18:00 – 19:00." in text_of(told)
    assert "Gisèle" not in told.neutral
    form = agathe.filling(await agathe.click(told, "Trouver un moment"))
    assert form.values["main"] == str(guide.seforme.id)
    assert form.values["required"] == (str(guide.ecoute.id),)
    assert await count(agathe) == 0


async def test_nobody_else_answers_or_reads(agathe: Desk, ecoute: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    for desk in (agathe, ecoute):
        for name in ("opening-accept", "opening-refuse"):
            with pytest.raises((NotAllowed, NotFound)):
                await desk.send(click(name, 1))
    with pytest.raises(NotFound):
        await card(ecoute)
    with pytest.raises(NotFound):
        await ecoute.send(click("opening-accept", 99))
    opening = await stored(agathe)
    assert opening is not None
    assert opening.state is OpeningState.ASKED


async def test_after_the_time_there_is_nothing_left_to_answer(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    shown = await card(seforme)
    seforme.clock.set(at("2026-01-27 18:05"))
    late = await seforme.click(shown, "Ouvrir et réserver")
    assert isinstance(late, ui.ReplaceCard)
    assert "Ce moment est passé : il n’y a plus rien à répondre." in text_of(late.card)
    assert labels(late.card) == []
    assert await count(agathe) == 0


async def test_a_time_that_was_taken_meanwhile_is_not_booked_twice(agathe: Desk, seforme: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    shown = await card(seforme)
    await booked(seforme, guide, during=EVENING, parties=(guide.gisele.ref,))
    outcome = await seforme.click(shown, "Ouvrir et réserver")
    assert isinstance(outcome, ui.ReplaceCard)
    assert "Ce moment vient d’être pris." in text_of(outcome.card)
    assert labels(outcome.card) == ["Ouvrir et réserver", "Refuser"]
    assert await count(agathe) == 1
    ranges = await agathe.db.read(lambda tx: tx.agendas.ranges(guide.seforme.id))
    assert len(ranges) == 1, "nothing is opened for nothing"


async def test_of_a_case_that_is_not_his_the_owner_reads_no_name(agathe: Desk, guide: Guide) -> None:
    ecoute = agathe.as_(guide.ecoute)
    form = await agathe.open_form(await agathe.type("parcours 1290"), "Créer")
    await form.choose("main", str(guide.ecoute.id))
    await at_another_time(form, "2026-01-27", "18:00", "19:00")
    form.values["instead"] = "ask"
    assert isinstance(await form.submit(), ui.CloseForm)
    shown = await card(ecoute)
    assert "Gisèle" not in text_of(shown)
    assert "1290" not in text_of(shown) + shown.neutral
    assert isinstance(await ecoute.click(shown, "Ouvrir et réserver"), ui.ReplaceCard)


async def test_a_moved_appointment_asks_nobody(agathe: Desk, guide: Guide) -> None:
    made = await booked(agathe, guide)
    form = await agathe.open_form(await agathe.card_of(made.id), "Modifier ou déplacer")
    await at_another_time(form, "2026-01-27", "18:00", "19:00")
    ways = form.field("instead")
    assert isinstance(ways, ui.ChoiceField)
    assert "ask" not in [o.value for o in ways.groups[0].options]
    form.values["instead"] = "ask"  # forged
    assert isinstance(await form.submit(), ui.UpdateForm)
    assert await stored(agathe) is None


async def test_the_card_in_english(agathe: Desk, guide: Guide) -> None:
    await asked(agathe, guide)
    shown = await card(agathe.as_(replace(guide.seforme, locale="en")))
    assert shown.title.replace("\u00a0", " ") == "Open 18:00 – 19:00 on Tuesday, 27 January 2026?"
    assert labels(shown) == ["Open and book", "Decline"]
    assert facts(shown)["Asked by"] == "Agathe (Travailleur-euse social) (Principal)"
