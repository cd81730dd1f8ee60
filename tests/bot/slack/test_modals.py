"""Forms while Slack is slow, quick changes, and what goes wrong on the way."""

import asyncio
from dataclasses import replace
from typing import Any

from core.ports import Database
from handlers.ui import Form, OpenForm, Outcome, TextField
from tests.bot.slack.client import Person
from tests.bot.slack.conftest import Office
from tests.bot.slack.screen import elements, fields, labels, modal_text, plain, text_of


async def opened(office: Office) -> Person:
    """Return Agathe in front of the booking form."""
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    await office["Agathe"].click(office.newest("Agathe"), "Créer pour le référent")
    await office.answered()
    return office["Agathe"]


async def test_a_command_opens_the_form_at_once(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    await office["Agathe"].command("/rdv 1285")
    await office.answered()
    assert "Gisèle LAFRAISE (26 ans)" in modal_text(office["Agathe"].modal.view)


async def test_a_click_is_acknowledged_while_slack_takes_its_time(office: Office) -> None:
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    gate = office.slack.hold("views.open")
    await office["Agathe"].click(office.newest("Agathe"), "Créer")
    assert office.slack.modal_of("U0AGATHE") is None
    gate.set()
    await office.answered()
    assert office.slack.modal_of("U0AGATHE") is not None


async def test_a_form_that_could_not_be_opened_in_time_is_offered_again(office: Office) -> None:
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    office.slack.fail("views.open", "expired_trigger_id")
    await office["Agathe"].click(office.newest("Agathe"), "Créer pour le référent")
    await office.answered()
    offer = office.newest("Agathe")
    assert "Rien n’est perdu" in text_of(offer.blocks)
    await office["Agathe"].click(offer, "Ouvrir le formulaire")
    await office.answered()
    assert "seforme" in modal_text(office["Agathe"].modal.view)


async def test_a_command_that_came_too_late_is_offered_again_with_its_words(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    office.slack.fail("views.open", "internal_error", status=503)
    await office["Agathe"].command("/rdv 1285")
    await office.answered()
    await office["Agathe"].click(office.newest("Agathe"), "Ouvrir le formulaire")
    await office.answered()
    assert "Parcours n° 1285" in modal_text(office["Agathe"].modal.view)


async def test_what_is_typed_stays_when_the_form_follows_a_choice(office: Office) -> None:
    person = await opened(office)
    await person.write("Commentaire", "Apporter les papiers")
    await person.choose("Durée", "02:00")
    await office.answered()
    assert person.filled_in("Commentaire")["value"] == "Apporter les papiers"
    assert person.filled_in("Durée")["selected_option"]["text"]["text"] == "02:00"


async def test_a_value_that_the_form_corrects_is_shown_corrected(office: Office) -> None:
    person = await opened(office)
    await person.choose("Semaine", "Semaine du 26/01/2026 au 01/02/2026")
    await office.answered()
    await person.choose("Créneau horaire", "10:00 – 11:00")
    await office.answered()
    assert person.filled_in("Créneau horaire")["selected_option"] is not None
    before = fields(person.modal.view)["Créneau horaire"]["block_id"]
    await person.choose("Semaine", "Semaine du 02/02/2026 au 08/02/2026")
    await office.answered()
    assert fields(person.modal.view)["Créneau horaire"]["block_id"] != before
    assert person.filled_in("Créneau horaire")["selected_option"] is None


async def test_quick_changes_do_not_overtake_each_other(office: Office) -> None:
    person = await opened(office)
    gate = office.slack.hold("views.update")
    await person.choose("Durée", "02:00")
    await person.choose("Semaine", "Semaine du 26/01/2026 au 01/02/2026")
    gate.set()
    await office.answered()
    shown = modal_text(person.modal.view)
    assert "lun. 26 janvier" in shown
    assert "10:00 – 12:00" in shown
    assert person.filled_in("Durée")["selected_option"]["text"]["text"] == "02:00"


async def test_a_modal_that_another_process_changed_meanwhile_is_left_alone(office: Office) -> None:
    person = await opened(office)
    office.slack.fail("views.update", "hash_conflict")
    before = office.slack.modal_of("U0AGATHE")
    await person.choose("Durée", "02:00")
    await office.answered()
    assert office.slack.modal_of("U0AGATHE") is before
    assert [m for m in office.screen("Agathe") if "erreur" in text_of(m.blocks)] == []


async def test_an_error_stands_beside_its_field(office: Office) -> None:
    person = await opened(office)
    await person.choose("Créneau horaire", "Autre moment…")
    await office.answered()
    await person.write("Jour", "2026-01-27")
    await office.answered()
    await person.write("De", "16:00")
    await person.write("À", "14:00")
    answer = await person.submit()
    assert answer["response_action"] == "errors"
    (block,) = answer["errors"]
    assert block in {fields(person.modal.view)[name]["block_id"] for name in ("De", "À", "Jour", "Créneau horaire")}
    assert "fin" in answer["errors"][block]


async def test_a_question_comes_up_in_the_form(office: Office) -> None:
    person = await opened(office)
    await person.choose("Créneau horaire", "Autre moment…")
    await office.answered()
    await person.write("Jour", "2026-01-27")
    await office.answered()
    await person.write("De", "18:00")
    await person.write("À", "19:00")
    answer = await person.submit()
    assert answer["response_action"] == "update"
    assert "en dehors des disponibilités de seforme" in modal_text(person.modal.view)
    question = next(b for b in fields(person.modal.view).values() if elements(b)[0]["type"] == "radio_buttons")
    assert len(elements(question)[0]["options"]) == 6


async def test_a_search_offers_what_is_typed_and_nothing_when_it_fails(office: Office) -> None:
    person = await opened(office)
    found = await person.search("Autres parties concernées", "écoute")
    assert [o["text"]["text"] for o in found] == ["ecoute (Travailleur-euse social) (Principal)"]
    assert await person.search("Autres parties concernées", "zzz") == []


class _Broken:
    """A database that has gone."""

    async def read(self, _: object) -> object:
        raise OSError("gone")

    write = read


async def test_a_fault_of_ours_is_said_and_nothing_is_lost(office: Office) -> None:
    person = await opened(office)
    await person.choose("Créneau horaire", "10:00 – 11:00")
    await office.answered()
    dispatcher = office.deps.dispatcher
    whole: Database = dispatcher._db
    dispatcher._db = _Broken()  # type: ignore[assignment]
    answer = await person.submit()
    assert answer["response_action"] == "errors"
    await office["Agathe"].command("/invitations")
    assert "Rien n’a été modifié" in office.reads("Agathe")
    assert await person.search("Autres parties concernées", "ecoute") == []
    dispatcher._db = whole
    assert await person.submit() == {}
    await office.settle()
    assert any("Rendez-vous créé" in text_of(m.blocks) for m in office.screen("Agathe"))


async def test_deleting_asks_in_a_form_without_fields(office: Office) -> None:
    appointment = await office.book()
    await office["Agathe"].click(office.with_button("Agathe", "Supprimer"), "Supprimer")
    await office.answered()
    assert fields(office["Agathe"].modal.view) == {}
    old = replace(office.with_button("Agathe", "Supprimer"))
    await office["Agathe"].submit()
    await office.settle(minutes=1)
    assert (await office.stored(appointment)).ending is not None
    assert "Supprimer" in labels(old.blocks)
    assert all("Supprimer" not in labels(m.blocks) for m in office.screen("seforme"))


async def test_pages_of_a_list_turn_in_place(office: Office) -> None:
    for number in range(12):
        start = office.guide.request().during.start.replace(hour=8 + number % 6)
        day = start.replace(day=26 + number // 6)
        during = replace(office.guide.request().during, start=day, end=day.replace(minute=45))
        await office.book(during=during)
    await office["Agathe"].command("/parcours 1285")
    await office.answered()
    page = office.with_button("Agathe", "Suivant")
    before = text_of(page.blocks)
    count = len(office.screen("Agathe"))
    await office["Agathe"].click(page, "Suivant")
    await office.answered()
    assert len(office.screen("Agathe")) == count
    assert text_of(page.blocks) != before
    assert "Précédent" in labels(page.blocks)


async def test_a_card_asked_for_in_a_channel_comes_by_direct_message(office: Office) -> None:
    await office.book()
    await office["ecoute"].command("/invitations", channel="C0TEAM")
    await office.answered()
    await office["ecoute"].click(office.newest("ecoute", "C0TEAM"), "Ouvrir")
    await office.answered()
    assert "conversation privée" in office.reads("ecoute", "C0TEAM")
    assert office.newest("ecoute", "C0TEAM").only_for == "U0ECOUTE"
    assert len([m for m in office.screen("ecoute") if "Accepter" in labels(m.blocks)]) == 2


async def test_two_offices_do_not_wait_for_each_other(office: Office) -> None:
    await office.book()
    gate = office.slack.hold("views.open")
    await office["Agathe"].command("/rdv 1285")
    async with asyncio.timeout(10):
        await office["ecoute"].click(office.with_button("ecoute", "Accepter"), "Accepter")
    gate.set()
    await office.settle()
    assert "Votre réponse : accepté." in text_of(office.screen("ecoute")[0].blocks)


async def test_a_form_that_slack_cannot_hold_is_a_word_and_no_silence(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    whole = office.deps.dispatcher.handle

    async def too_long(*args: Any, **more: Any) -> Outcome:
        await whole(*args, **more)
        return OpenForm(Form("f", "Titre", (TextField("a", "A", "x" * 3_001),), "OK"))

    office.deps.dispatcher.handle = too_long  # type: ignore[method-assign]
    await office["Agathe"].click(office.newest("Agathe"), "Prendre rendez-vous")
    await office.answered()
    assert "Rien n’a été modifié" in office.reads("Agathe")


async def test_the_agendas_are_there_in_words_at_once_and_as_a_picture_after(office: Office) -> None:
    person = await opened(office)
    (first,) = [call["view"] for call in office.slack.called("views.open")]
    assert [b for b in first["blocks"] if b["type"] == "image"] == []
    (image,) = [b for b in person.modal.view["blocks"] if b["type"] == "image"]
    assert plain(image["alt_text"]).startswith("Mardi 20 janvier 2026\n• 09:00 – 17:00 : Disponible")
    assert plain(image["alt_text"]) in modal_text(first)
    assert modal_text(person.modal.view).count("Mardi 20 janvier 2026") == 1
    await person.choose("Autres parties concernées", "écoute")
    await office.answered()
    (both,) = [b for b in person.modal.view["blocks"] if b["type"] == "image"]
    assert "seforme" in both["alt_text"]
    assert "ecoute" in both["alt_text"]
    assert both["slack_file"] != image["slack_file"]


async def test_a_new_main_worker_or_week_regroups_the_slots(office: Office) -> None:
    person = await opened(office)
    await person.choose("Semaine", "Semaine du 26/01/2026 au 01/02/2026")
    await office.answered()
    assert "lun. 26 janvier" in modal_text(person.modal.view)
    await person.choose("Semaine", "Semaine du 02/02/2026 au 08/02/2026")
    await office.answered()
    shown = modal_text(person.modal.view)
    assert "lun. 2 février" in shown
    assert "lun. 26 janvier" not in shown
    await person.choose("Utilisateur principal", "Agathe")
    await office.answered()
    assert "Afficher dans l’agenda : Agathe" in modal_text(person.modal.view)
    assert "Afficher dans l’agenda : seforme" not in modal_text(person.modal.view)
