"""Forms in Teams: dialogs and card forms, what follows a choice, what is wrong, and what becomes of them."""

import json
from typing import Any

import pytest

from bot.teams.actions import read_ref
from bot.teams.forms import dialog
from bot.teams.state import FORM, MOST
from handlers.i18n import Texts
from handlers.ui import ActionRef, Form, Item, ItemList, Toggle, YesNo
from tests.bot.teams.checks import FOUND, Json, answer_faults, nodes
from tests.bot.teams.client import Person
from tests.bot.teams.driver import TeamsChat
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.screen import action_of, field_of, inputs, is_form, label_of, labels, plain, text_of
from tests.hall import Hall
from tests.scenarios.chat import newest

RANGE = "dispo lundi 18h-20h Gembloux chaque semaine jusqu'au 30/06"
WEEK = "Semaine du 26/01/2026 au 01/02/2026"
BOOK, REFRESH, SAVE, CLOSE, BACK = "Réserver", "Actualiser", "Enregistrer", "Fermer le formulaire", "Retour"


@pytest.fixture
def chat(hall: Hall, teams: FakeTeams) -> TeamsChat:
    """The guide's people."""
    return TeamsChat(hall, teams)


async def opened(chat: TeamsChat) -> Person:
    """Return Agathe with the booking form open."""
    await chat.command("Agathe", "/parcours 1285")
    await chat.click("Agathe", "Créer pour le référent")
    return chat.people["Agathe"]


def pictures(person: Person) -> list[str]:
    """Return the addresses of the pictures in the open dialog."""
    assert person.dialog is not None
    return [node["url"] for node in nodes(person.dialog["card"]["content"]) if node["type"] == "Image"]


async def booked(chat: TeamsChat) -> int:
    """Return how many appointments there are."""
    await chat.settle()
    return len([card for card in await chat.cards("seforme") if card.startswith("Rendez-vous – parcours")])


# --- dialogs


async def test_a_button_opens_a_dialog_with_all_fields(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    assert agathe.dialog is not None
    assert agathe.dialog["title"] == "Création du rendez-vous"
    read = await chat.form("Agathe")
    for label in ("Utilisateur principal", "Localisation", "Durée", "Semaine", "Créneau horaire", "Commentaire"):
        assert label in read
    assert {REFRESH, BOOK} <= set(labels(agathe.dialog["card"]["content"]))


async def test_what_depends_on_a_choice_follows_at_once_when_asked(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    await agathe.choose("Semaine", WEEK)
    await agathe.write("Commentaire", "Au rez-de-chaussée")
    assert "lun. 26 janvier" not in agathe.form_text
    await agathe.use(REFRESH)
    assert "lun. 26 janvier" in agathe.form_text
    assert agathe.holds("Commentaire") == "Au rez-de-chaussée"


async def test_refreshing_without_a_change_changes_nothing(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    await chat.choose("Agathe", "Semaine", WEEK)
    before = agathe.form_text
    await agathe.use(REFRESH)
    assert agathe.form_text == before


async def test_a_form_is_shown_before_it_is_sent_if_others_followed_a_choice(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    await chat.choose("Agathe", "Semaine", WEEK)
    await chat.choose("Agathe", "Créneau horaire", "10:00 – 11:00")
    await agathe.choose("Durée", "02:00")
    await agathe.use(BOOK)
    assert agathe.dialog is not None
    assert await booked(chat) == 0
    assert "Vérifiez, puis envoyez" in agathe.form_text
    await agathe.choose("Créneau horaire", "10:00 – 12:00")
    await agathe.use(BOOK)
    assert agathe.dialog is None
    assert await booked(chat) == 1


async def test_a_choice_that_nothing_follows_from_is_sent_at_once(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    await chat.choose("Agathe", "Semaine", WEEK)
    await agathe.choose("Créneau horaire", "10:00 – 11:00")
    await agathe.use(BOOK)
    assert agathe.dialog is None
    assert await booked(chat) == 1


async def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    await agathe.write("Commentaire", "Au rez-de-chaussée")
    await agathe.use(BOOK)
    assert agathe.dialog is not None
    content = agathe.dialog["card"]["content"]
    elements = content["body"]
    at = elements.index(field_of(content, "Créneau horaire"))
    assert "⛔" in elements[at - 1]["text"]
    assert agathe.holds("Commentaire") == "Au rez-de-chaussée"
    assert await booked(chat) == 0


async def test_the_agendas_stay_beside_what_is_wrong_and_on_the_way_back(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    shown = pictures(agathe)
    assert shown
    await agathe.use(BOOK)
    assert pictures(agathe) == shown
    await chat.choose("Agathe", "Localisation", "Créer une nouvelle localisation…")
    assert pictures(agathe) == []
    await agathe.use(BACK)
    assert pictures(agathe) == shown


async def test_that_a_field_must_be_filled_in_is_said_while_nothing_stands_in_it(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    said = {label_of(field): field["label"] for field in inputs(agathe.dialog["card"]["content"]) if "label" in field}
    assert said["Durée"] == "Durée"
    assert "(obligatoire)" in said["Créneau horaire"]


async def test_a_new_place_waits_above_and_leads_back(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    await agathe.write("Commentaire", "Au rez-de-chaussée")
    await chat.choose("Agathe", "Localisation", "Créer une nouvelle localisation…")
    assert "Nom de la nouvelle localisation" in agathe.form_text
    await agathe.use(BACK)
    assert "Création du rendez-vous" in agathe.form_text
    assert BACK not in labels(agathe.dialog_card), "nothing lies under it"
    assert agathe.holds("Commentaire") == "Au rez-de-chaussée"
    assert "Créer une nouvelle" not in agathe.holds("Localisation")


def test_what_can_be_clicked_in_a_dialog_is_what_a_dialog_knows() -> None:
    listed = ItemList((Item("Un", (), (Toggle(ActionRef("do"), "Montrer", on=True),)),))
    answer = dialog(Form("f", "Titre", (listed, YesNo("sure", "Sûr ?")), "Envoyer"), Texts("fr", "Europe/Brussels"))
    assert answer_faults("task/fetch", answer) == []
    content = answer["task"]["value"]["card"]["content"]
    assert read_ref(action_of(content, "☑ Montrer")["data"]) == (ActionRef("do"), "off")


# --- searching


async def test_a_search_types_ahead_and_looks_at_the_other_fields(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    found = await agathe.search("Autres parties concernées", "ecou")
    assert [plain(result["title"]) for result in found] == ["T(M)S · ecoute (Travailleur-euse social) (Principal)"]
    assert len(await agathe.search("Autres parties concernées", "")) <= FOUND


async def test_where_nothing_is_typed_ahead_the_first_choices_are_listed(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    assert agathe.dialog is not None
    field = field_of(agathe.dialog["card"]["content"], "Autres parties concernées")
    assert [choice for choice in field["choices"] if "ecoute" in choice["title"]]
    await chat.choose("Agathe", "Autres parties concernées", "ecoute")
    chosen = field_of(agathe.dialog["card"]["content"], "Autres parties concernées")
    values = [choice["value"] for choice in chosen["choices"]]
    assert chosen["value"] in values
    assert len(values) == len(set(values))


# --- card forms


async def test_a_typed_command_is_answered_by_a_form_in_the_chat(chat: TeamsChat) -> None:
    await chat.command("seforme", RANGE)
    seforme = chat.people["seforme"]
    assert seforme.dialog is None
    (message,) = seforme.screen
    assert is_form(message.content)
    assert {REFRESH, SAVE, CLOSE} <= set(labels(message.content))
    await chat.submit("seforme")
    (message,) = seforme.screen
    for content in (message.content, seforme.content(message)):
        assert not is_form(content)
        assert "Vos disponibilités sont enregistrées." in text_of(content)


async def test_a_card_form_can_be_closed(chat: TeamsChat) -> None:
    await chat.command("seforme", RANGE)
    seforme = chat.people["seforme"]
    await seforme.use(CLOSE)
    (message,) = seforme.screen
    assert not is_form(message.content)
    assert "Rien n’a été envoyé" in text_of(message.content)


async def test_an_older_client_sends_a_card_form_as_a_message(chat: TeamsChat) -> None:
    seforme = chat.people["seforme"]
    seforme.older = True
    await chat.command("seforme", RANGE)
    await chat.submit("seforme")
    assert await chat.form("seforme") == ""
    assert "Vos disponibilités sont enregistrées." in await newest(chat, "seforme", "enregistrées")
    assert len([m for m in seforme.screen if is_form(m.content)]) == 0


async def test_a_form_too_large_for_a_message_is_offered_by_a_button(chat: TeamsChat) -> None:
    agathe = chat.people["Agathe"]
    await agathe.say("/rdv next tuesday 10am for 2h with @seforme, @ecoute, @Étienne case 1285")
    assert labels(agathe.screen[-1].content) == ["Ouvrir le formulaire"]
    await agathe.press(agathe.screen[-1], "Ouvrir le formulaire")
    assert agathe.dialog is not None
    assert "mardi 27 janvier 2026, 10:00 – 12:00" in agathe.form_text


@pytest.mark.parametrize("older", [False, True])
async def test_a_form_that_grows_too_large_for_its_message_goes_on_in_a_dialog(chat: TeamsChat, *, older: bool) -> None:
    agathe = chat.people["Agathe"]
    agathe.older = older
    await agathe.say("rdv trouver @seforme @ecoute @Étienne")
    found = field_of(agathe.screen[-1].content, "Propositions")
    agathe.fill("Propositions", found["choices"][3]["value"])
    await agathe.use("Continuer")
    (message,) = agathe.screen
    assert labels(agathe.content(message)) == ["Ouvrir le formulaire"]
    for _ in range(2):  # who closes the window may open it again
        await agathe.press(message, "Ouvrir le formulaire")
        assert agathe.holds("Créneau horaire") == found["choices"][3]["value"]
    await chat.choose("Agathe", "Parcours", "1285")
    await chat.submit("Agathe")
    assert agathe.dialog is None
    assert await booked(chat) == 1


# --- deliveries


async def test_a_delivery_that_comes_twice_is_answered_alike_and_done_once(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    await chat.choose("Agathe", "Semaine", WEEK)
    await agathe.choose("Créneau horaire", "10:00 – 11:00")
    sent = agathe.used(BOOK)
    answers = [await agathe.deliver(sent) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["task"]["type"] == "message"
    assert await booked(chat) == 1


async def test_a_click_that_comes_twice_is_answered_alike_and_posts_once(chat: TeamsChat) -> None:
    agathe = chat.people["Agathe"]
    await agathe.say("aide")
    clicked = agathe.clicked(agathe.screen[-1], "Mes disponibilités")
    before = len(agathe.screen)
    assert await agathe.deliver(clicked) == await agathe.deliver(clicked)
    assert len(agathe.screen) == before + 1


# --- what was tampered with


MANGLED: tuple[Json, ...] = (
    {"id": 7},
    {"has": "x"},
    {"has": [[]]},
    {"has": [["week", "one", {"a": 1}]]},
    {"in": None},
    {"do": ["submit"]},
    {"on": {}},
)


async def test_a_mangled_form_is_refused(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    for mangled in MANGLED:
        sent = agathe.used(BOOK)
        sent["value"]["data"][FORM] |= mangled
        assert (await agathe.send(sent)).status_code in {200, 400}
    assert await booked(chat) == 0


async def test_a_form_of_more_fields_than_any_has_is_not_followed(chat: TeamsChat) -> None:
    """Each field that is said to have changed would be followed by all that stands in the form."""
    agathe = await opened(chat)
    sent = agathe.used(BOOK)
    sent["value"]["data"][FORM]["has"] += [[f"x{n}", "one", "b"] for n in range(MOST)]
    assert (await agathe.send(sent)).status_code == 400


async def test_another_form_than_ours_does_nothing(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    sent = agathe.used(BOOK)
    sent["value"]["data"][FORM]["id"] = "no-such-form"
    answer = await agathe.deliver(sent)
    assert answer["task"]
    assert await booked(chat) == 0


async def test_a_form_says_nothing_of_who_may(chat: TeamsChat, hall: Hall, teams: FakeTeams) -> None:
    """What a form carries is not believed: whoever is not concerned by an appointment cannot cancel it with it."""
    appointment = await hall.book()
    await chat.click("Agathe", "Annuler", about="Rendez-vous – parcours")
    sent = chat.people["Agathe"].used(action_title(chat.people["Agathe"].dialog))
    stranger = chat.people["Étienne"]
    forged = json.loads(json.dumps(sent)) | {
        key: stranger.activity("invoke")[key] for key in ("id", "from", "conversation")
    }
    await stranger.deliver(forged)
    await chat.settle(minutes=5)
    assert (await hall.stored(appointment)).ending is None
    assert teams.screen(stranger.member.private) == [] or "annulé" not in text_of(stranger.screen[-1].content)


def action_title(dialog: Any) -> str:
    """Return the label of the button that sends a dialog."""
    content = dialog["card"]["content"]
    sends = [a for a in labels(content) if action_of(content, a).get("data", {}).get(FORM, {}).get("do") == "submit"]
    return sends[0]


async def test_required_fields_say_so(chat: TeamsChat) -> None:
    agathe = await opened(chat)
    assert agathe.dialog is not None
    field = field_of(agathe.dialog["card"]["content"], "Créneau horaire")
    assert plain(field["label"]) == "Créneau horaire (obligatoire)"
    assert label_of(field) == "Créneau horaire"
