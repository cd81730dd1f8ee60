"""Telegram tells an update again whose process died before it acknowledged it: nothing that was shown is taken back."""

import pytest

from tests.bot.telegram.client import Person
from tests.bot.telegram.driver import TelegramChat
from tests.bot.telegram.fake_api import FakeTelegram
from tests.bot.telegram.test_forms import CASE, asked, open_booking
from tests.hall import Hall

CREATE, SEND = "Créer pour le référent", "Réserver"


@pytest.fixture
def chat(hall: Hall, telegram: FakeTelegram) -> TelegramChat:
    """The guide's people on Telegram."""
    return TelegramChat(hall, telegram)


async def choose_a_time(person: Person) -> None:
    """Answer what must be filled in."""
    await person.press(asked(person), "mer. 21 janvier – 29 créneaux")
    await person.press(asked(person), "10:00 – 11:00")


def said(person: Person) -> list[str]:
    """Return what stands in his conversation."""
    return [message.text for message in person.screen]


@pytest.mark.parametrize(("label", "end"), [(SEND, "Rendez-vous créé"), ("Abandonner", "Rien n’a été envoyé")])
async def test_the_press_that_closed_a_form_leaves_what_it_said(chat: TelegramChat, label: str, end: str) -> None:
    agathe = await open_booking(chat)
    await choose_a_time(agathe)
    update = agathe.pressed(asked(agathe), asked(agathe).key(label)["callback_data"])
    await agathe.deliver(update)
    shown = said(agathe)
    assert end in shown[-1]
    await agathe.deliver(update, again=True)
    assert said(agathe) == shown


@pytest.mark.parametrize(("label", "end"), [(SEND, "Rendez-vous créé"), ("Abandonner", "Rien n’a été envoyé")])
async def test_who_presses_twice_still_reads_what_became_of_it(chat: TelegramChat, label: str, end: str) -> None:
    agathe = await open_booking(chat)
    await choose_a_time(agathe)
    question = asked(agathe)
    data = question.key(label)["callback_data"]
    for _ in range(2):
        await agathe.deliver(agathe.pressed(question, data))
    assert end in said(agathe)[-1]


async def test_a_second_press_leaves_what_was_said_when_another_form_is_open_by_then(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    question = asked(agathe)
    update = agathe.pressed(question, question.key("Abandonner")["callback_data"])
    again = agathe.pressed(question, question.key("Abandonner")["callback_data"])
    await agathe.deliver(update)
    await open_booking(chat)
    shown = said(agathe)
    await agathe.deliver(again)
    assert said(agathe) == shown


async def test_the_press_that_opened_a_form_does_not_begin_it_anew(chat: TelegramChat) -> None:
    agathe = chat.people["Agathe"]
    await agathe.say(CASE)
    card = agathe.with_button(CREATE)
    update = agathe.pressed(card, card.key(CREATE)["callback_data"])
    await agathe.deliver(update)
    await choose_a_time(agathe)
    shown = said(agathe)
    await agathe.deliver(update, again=True)
    assert said(agathe) == shown
    await agathe.press(asked(agathe), SEND)
    shown = said(agathe)
    await agathe.deliver(update, again=True)
    assert said(agathe) == shown, "nor when it is sent already"


async def test_a_typed_answer_is_no_message_of_its_own_when_the_form_is_sent(chat: TelegramChat) -> None:
    agathe = await open_booking(chat)
    await agathe.press(asked(agathe), "Récapitulatif")
    await agathe.press(asked(agathe), "✎ Commentaire")
    update = agathe.said("Au rez-de-chaussée")
    await agathe.deliver(update)
    await choose_a_time(agathe)
    await agathe.press(asked(agathe), SEND)
    shown = said(agathe)
    await agathe.deliver(update, again=True)
    assert said(agathe) == shown
