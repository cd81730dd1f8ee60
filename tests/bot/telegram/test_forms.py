"""Forms at the webhook: one live message, state in the database, any process goes on, nothing is done twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from bot.server import create_api
from core.ports import Database
from core.rules import Rules
from tests.bot.telegram.client import Person
from tests.bot.telegram.conftest import IDS, PUBLIC, builder
from tests.bot.telegram.driver import TelegramChat, is_form
from tests.bot.telegram.fake_api import FakeTelegram, Message
from tests.clock import SetClock
from tests.hall import Hall, deps_for

CASE = "/parcours 1285"


@asynccontextmanager
async def nothing() -> AsyncIterator[None]:
    """Nothing runs beside the server."""
    yield


@pytest.fixture
def chat(hall: Hall, telegram: FakeTelegram) -> TelegramChat:
    """The guide's people on Telegram."""
    return TelegramChat(hall, telegram)


@pytest.fixture
async def other(
    hall: Hall, telegram: FakeTelegram, db: Database, clock: SetClock, rules: Rules
) -> AsyncIterator[dict[str, Person]]:
    """The same people, whom another process on the same database hears."""
    deps = deps_for(db, clock, rules, public_url=PUBLIC)
    platform = builder(telegram)(deps)
    api = create_api(db, clock, [platform], nothing)
    await platform.start()
    transport = httpx.ASGITransport(app=api)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as http:
        elsewhere = Hall(deps, hall.guide, clock, api, http, [platform])
        yield {handle: Person(elsewhere, telegram, user, handle) for handle, user in IDS.items()}
    await platform.stop()


def asked(person: Person, beside: Message | None = None) -> Message:
    """Return the one message that asks something, `beside` one that was left behind."""
    (found,) = [m for m in person.screen if is_form(m) and m is not beside]
    return found


async def open_booking(chat: TelegramChat, who: str = "Agathe") -> Person:
    """Open the booking form from the case."""
    await chat.command(who, CASE)
    await chat.click(who, "Créer pour le référent")
    return chat.people[who]


async def test_a_booking_takes_four_clicks(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    assert "Créneau horaire" in asked(agathe).text
    first = asked(agathe).id
    await agathe.press(asked(agathe), "mer. 21 janvier – 29 créneaux")
    await agathe.press(asked(agathe), "10:00 – 11:00")
    assert "mer. 21 janvier 10:00" in asked(agathe).text
    assert asked(agathe).id == first, "a click changes the message in place"
    await agathe.press(asked(agathe), "Réserver")
    assert [m for m in agathe.screen if is_form(m)] == []
    assert "Rendez-vous créé" in next(m for m in agathe.screen if m.id == first).text


async def test_nothing_of_a_form_makes_a_sound(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    await agathe.press(asked(agathe), "Récapitulatif")
    await agathe.press(asked(agathe), "✎ Commentaire")
    await agathe.say("Au rez-de-chaussée")
    assert all(m.silent for m in agathe.screen)


async def test_a_typed_answer_moves_the_question_below_it(chat: TelegramChat, telegram: FakeTelegram) -> None:
    agathe = await open_booking(chat)
    await agathe.press(asked(agathe), "Récapitulatif")
    await agathe.press(asked(agathe), "✎ Commentaire")
    before = asked(agathe).id
    await agathe.say("Au rez-de-chaussée")
    assert asked(agathe).id > before
    assert "Créneau horaire" in asked(agathe).text, "what must be filled in comes next"
    assert before not in {m.id for m in telegram.messages(agathe.id)}


async def test_another_process_goes_on_where_one_was_killed(
    chat: TelegramChat, other: dict[str, Person], telegram: FakeTelegram
) -> None:
    """Each answer goes to another process than the one before; the last one books."""
    here, there = await open_booking(chat), other["Agathe"]
    await there.press(asked(here), "Récapitulatif")
    await here.press(asked(here), "✎ Autres parties concernées")
    await there.say("ecoute")
    await here.press(asked(here), "+ ecoute (Travailleur-euse social) (Principal)")
    await there.press(asked(here), "Terminé")
    await here.press(asked(here), "mer. 21 janvier – 29 créneaux")
    await there.press(asked(here), "10:00 – 11:00")
    await there.press(asked(here), "Réserver")
    await chat.settle()
    assert "21/01/2026 10:00 – 11:00" in (await chat.cards("ecoute"))[-1]
    assert telegram.violations == []


async def test_two_identical_clicks_at_once_do_what_one_does(chat: TelegramChat, other: dict[str, Person]) -> None:
    here, there = await open_booking(chat), other["Agathe"]
    await here.press(asked(here), "Récapitulatif")
    await here.press(asked(here), "✎ Autres parties concernées")
    question = asked(here)
    label = "+ ecoute (Travailleur-euse social) (Principal)"
    await asyncio.gather(here.press(question, label), there.press(question, label), here.press(question, label))
    assert "✕ ecoute (Travailleur-euse social) (Principal)" in asked(here).labels, "added once, and not taken out again"
    await here.press(asked(here), "Terminé")
    await here.press(asked(here), "mer. 21 janvier – 29 créneaux")
    await here.press(asked(here), "10:00 – 11:00")
    summary = asked(here)
    await asyncio.gather(here.press(summary, "Réserver"), there.press(summary, "Réserver"))
    said = [m.text for m in here.screen if "Rendez-vous créé" in m.text]
    assert len(said) == 1
    await chat.settle()
    assert len([card for card in await chat.cards("ecoute") if "21/01/2026 10:00" in card]) == 1


async def test_a_repeated_update_does_nothing_twice(chat: TelegramChat, other: dict[str, Person]) -> None:
    here = await open_booking(chat)
    await here.press(asked(here), "Récapitulatif")
    await here.press(asked(here), "✎ Autres parties concernées")
    question = asked(here)
    key = question.key("+ ecoute (Travailleur-euse social) (Principal)")
    update = here.pressed(question, key["callback_data"])
    await here.deliver(update)
    shown = asked(here).text
    await other["Agathe"].deliver(update, again=True)
    assert asked(here).text == shown
    assert "✕ ecoute (Travailleur-euse social) (Principal)" in asked(here).labels


async def test_a_process_that_dies_before_it_shows_the_next_question_loses_nothing(
    chat: TelegramChat, other: dict[str, Person], telegram: FakeTelegram
) -> None:
    """It has committed the answer; Telegram sends the update again, and another process shows what is next."""
    here = await open_booking(chat)
    await here.press(asked(here), "Récapitulatif")
    await here.press(asked(here), "✎ Commentaire")
    telegram.fail("sendMessage", 502, "Bad Gateway")
    update = here.said("Au rez-de-chaussée")
    await here.deliver(update)
    await other["Agathe"].deliver(update, again=True)
    assert "Créneau horaire" in asked(here).text
    await here.press(asked(here), "Récapitulatif")
    assert "Au rez-de-chaussée" in asked(here).text


async def test_a_button_of_an_old_question_says_so_and_leads_to_the_present_one(
    chat: TelegramChat, telegram: FakeTelegram
) -> None:
    agathe = await open_booking(chat)
    await agathe.press(asked(agathe), "Récapitulatif")
    await agathe.press(asked(agathe), "✎ Commentaire")
    old = left_behind(agathe, telegram)
    await agathe.say("Au rez-de-chaussée")
    await agathe.press(old, "Passer")
    assert "Cette question est dépassée" in old.text
    assert old.labels == []
    assert "Créneau horaire" in asked(agathe).text
    await agathe.press(asked(agathe), "Récapitulatif")
    assert "Au rez-de-chaussée" in asked(agathe).text


async def test_a_button_of_an_earlier_form_never_acts_on_a_later_one(
    chat: TelegramChat, telegram: FakeTelegram
) -> None:
    agathe = await open_booking(chat)
    old = left_behind(agathe, telegram)
    await chat.command("Agathe", "/dispo lundi 18h-20h")
    await agathe.press(old, "Récapitulatif")
    assert "Cette question est dépassée" in old.text
    assert "Nouvelle plage" in asked(agathe).text


def left_behind(person: Person, telegram: FakeTelegram) -> Message:
    """Return a message like the one that asks, which stays when that goes."""
    old = replace(asked(person), id=next(telegram.numbers))
    telegram.shown.append(old)
    return old


async def test_a_form_is_over_after_two_hours(chat: TelegramChat, hall: Hall) -> None:
    agathe = await open_booking(chat)
    await hall.settle(hours=2, minutes=1)
    question = asked(agathe)
    await agathe.press(question, "Récapitulatif")
    assert "resté ouvert trop longtemps" in question.text
    assert not is_form(question)


async def test_giving_up_sends_nothing(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    question = asked(agathe)
    await agathe.press(question, "Abandonner")
    assert "Rien n’a été envoyé" in question.text
    await chat.settle()
    assert not [card for card in await chat.cards("seforme") if "Rendez-vous" in card]


async def test_giving_up_the_form_above_leads_back_to_the_one_below(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    await chat.choose("Agathe", "Localisation", "Créer une nouvelle localisation…")
    assert "Nom de la nouvelle localisation" in asked(agathe).text
    await agathe.press(asked(agathe), "Abandonner")
    assert "Création du rendez-vous" in asked(agathe).text


async def test_a_command_while_a_form_is_open_is_a_command(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    await agathe.press(asked(agathe), "Récapitulatif")
    await agathe.press(asked(agathe), "✎ Commentaire")
    await agathe.say("/invitations")
    assert "Mes invitations (0)" in agathe.newest.text
    assert "Commentaire" in asked(agathe).text


async def test_text_is_no_answer_to_a_question_with_buttons(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    assert "Créneau horaire" in asked(agathe).text
    await agathe.say("invitations")
    assert "Mes invitations (0)" in agathe.newest.text


async def test_the_agendas_are_shown_when_they_are_asked_for(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    assert not [m for m in agathe.screen if m.photo]
    for _ in range(2):
        await agathe.press(asked(agathe), "Voir les agendas")
        (photo,) = [m for m in agathe.screen if m.photo]
        assert photo.id < asked(agathe).id, "the question stands below"
    assert "LAFRAISE" not in photo.text
    await chat.choose("Agathe", "Semaine", "Semaine du 26/01/2026 au 01/02/2026")
    assert not [m for m in agathe.screen if m.photo], "they show what was"


async def test_what_is_wrong_is_asked_again(chat: TelegramChat) -> None:
    await chat.command("seforme", "/dispo lundi 18h-20h Gembloux")
    seforme = chat.people["seforme"]
    await chat.write("seforme", "À", "17:00")
    await chat.submit("seforme")
    assert "⛔" in asked(seforme).text
    assert "Récapitulatif" in asked(seforme).labels, "it is the question of that field"


async def test_a_day_that_is_not_understood_is_asked_again(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    await agathe.press(asked(agathe), "Autre moment…")
    await agathe.say("un de ces jours")
    assert "Je ne comprends pas ce jour" in asked(agathe).text
    await agathe.say("mercredi")
    assert "De" in asked(agathe).text
    await agathe.press(asked(agathe), "10")
    await agathe.press(asked(agathe), "10:15")
    await agathe.say("11h")
    assert "mercredi 21/01/2026" in asked(agathe).text


async def test_a_search_that_finds_nothing_says_so(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    await agathe.press(asked(agathe), "Récapitulatif")
    await agathe.press(asked(agathe), "✎ Utilisateur principal")
    await agathe.say("xyz")
    assert "Rien ne correspond à « xyz »" in asked(agathe).text.replace("\u00a0", " ")


async def test_a_group_is_chosen_among_those_that_both_are_in(chat: TelegramChat, telegram: FakeTelegram) -> None:
    agathe = chat.people["Agathe"]
    for number, (title, *members) in enumerate([("Équipe", agathe.id), ("Autre équipe", 1003)], 1):
        telegram.add_group(-number, title, *members)
        await chat.people["ecoute" if number == 2 else "Agathe"].say("/rdv aide", group=-number)
    await chat.hall.book()
    await chat.click("Agathe", "Partager dans un canal")
    labels = asked(agathe).labels
    assert "Équipe" in labels
    assert "Autre équipe" not in labels
    await agathe.press(asked(agathe), "Équipe")
    await chat.submit("Agathe")
    await chat.settle()
    shared = telegram.messages(-1)[-1].text
    assert "1285" in shared
    assert "LAFRAISE" not in shared


async def test_who_opens_a_form_in_a_group_goes_on_in_private(chat: TelegramChat, telegram: FakeTelegram) -> None:
    agathe = chat.people["Agathe"]
    telegram.add_group(-1, "Équipe", agathe.id)
    await agathe.say("/rdv demain 10h-12h @seforme pour 1285", group=-1)
    assert "Création du rendez-vous" in asked(agathe).text
    assert not [m for m in telegram.messages(-1) if "LAFRAISE" in m.text or is_form(m)]


async def test_what_telegram_did_not_show_is_shown_at_the_next_click(
    chat: TelegramChat, telegram: FakeTelegram
) -> None:
    agathe = await open_booking(chat)
    await agathe.press(asked(agathe), "Récapitulatif")
    await agathe.press(asked(agathe), "✎ Commentaire")
    telegram.fail("sendMessage", 429, "Too Many Requests: retry after 9", after=9)
    await agathe.say("Au rez-de-chaussée")
    await agathe.press(asked(agathe), "Passer")
    await agathe.press(asked(agathe), "Récapitulatif")
    assert "Au rez-de-chaussée" in asked(agathe).text


async def test_it_speaks_english_too(chat: TelegramChat) -> None:
    await chat.command("seforme", "aide")
    await chat.click("seforme", "Mes réglages")
    await chat.choose("seforme", "Langue", "English")
    await chat.submit("seforme")
    await chat.command("seforme", CASE)
    await chat.click("seforme", "Create for the case lead")
    labels = asked(chat.people["seforme"]).labels
    assert {"See the agendas", "Summary", "Give up", "Another time…"} <= set(labels)
