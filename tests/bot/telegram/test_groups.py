"""Groups: a mention or a command only, no client's name, and the answer in the private chat."""

from typing import Any

import pytest

from handlers import actions
from storage.conversations import shared_conversations
from tests.bot.telegram.client import MENTION, Person
from tests.bot.telegram.conftest import IDS
from tests.bot.telegram.fake_api import BOT, BOT_NAME, FakeTelegram
from tests.hall import Hall

GROUP = -1001
DOOR = f"https://t.me/{BOT_NAME}"
NAME = "LAFRAISE"


@pytest.fixture(autouse=True)
def group(telegram: FakeTelegram) -> None:
    """A group with the bot, Agathe and seforme."""
    telegram.add_group(GROUP, "Équipe", IDS["Agathe"], IDS["seforme"])


def standing(before: str, after: str, **more: Any) -> dict[str, Any]:
    """Return that the bot's place in the group changed."""
    return {
        "my_chat_member": {
            "chat": {"id": GROUP, "type": "supergroup", "title": "Équipe"},
            "from": {"id": 1001, "is_bot": False, "first_name": "Agathe"},
            "date": 1,
            "old_chat_member": {"status": before, "user": BOT},
            "new_chat_member": {"status": after, "user": BOT, **more},
        }
    }


async def groups(hall: Hall) -> dict[str, str]:
    """Return the groups that the bot knows, by id."""
    found = await hall.deps.db.read(lambda tx: shared_conversations(tx, "telegram", "telegram"))
    return {c.id: c.title for c in found}


TO_THE_BOT = ("/parcours 1285", f"/parcours@{BOT_NAME} 1285", f"{MENTION} 1285", f"parcours 1285 {MENTION}")
TO_OTHERS = ("1285", "/parcours@other_bot 1285", "/poll", "@other_bot agenda", f"x{MENTION} agenda", "bonjour")


@pytest.mark.parametrize("text", TO_THE_BOT)
async def test_the_answer_is_in_private_and_the_group_reads_no_name(
    telegram: FakeTelegram, people: dict[str, Person], text: str
) -> None:
    await people["Agathe"].say(text, group=GROUP)
    assert NAME in people["Agathe"].newest.text
    (said,) = telegram.messages(GROUP)
    assert NAME not in said.text
    assert "1285" not in said.text
    assert [(key["text"], key["url"]) for row in said.keys for key in row] == [("Ouvrir notre conversation", DOOR)]


@pytest.mark.parametrize(
    "text",
    [
        "1285",
        "parcours 1285",
        "/parcours@other_bot 1285",
        "/poll",
        "@other_bot agenda",
        f"x{MENTION} agenda",
        "bonjour",
    ],
)
async def test_what_is_not_said_to_the_bot_is_left_alone(
    hall: Hall, telegram: FakeTelegram, people: dict[str, Person], text: str
) -> None:
    await people["Agathe"].say(text, group=GROUP)
    assert telegram.shown == []
    assert await groups(hall) == {}


async def test_who_has_not_opened_the_private_chat_is_led_there(
    telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    telegram.started.discard(IDS["Agathe"])
    await people["Agathe"].say("/parcours 1285", group=GROUP)
    (said,) = telegram.messages(GROUP)
    assert "ouvrez d’abord notre conversation" in said.text
    assert said.keys[0][0]["url"] == DOOR
    assert people["Agathe"].screen == []


async def test_a_form_that_was_asked_for_in_a_group_opens_in_private(
    telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    await people["Agathe"].say(f"/rdv@{BOT_NAME}", group=GROUP)
    assert people["Agathe"].screen
    assert len(telegram.messages(GROUP)) == 1


async def test_a_stranger_in_a_group_is_told_in_private(hall: Hall, telegram: FakeTelegram) -> None:
    stranger = Person(hall, telegram, 4242, "Inconnu")
    telegram.started.add(4242)
    await stranger.say("/agenda", group=GROUP)
    assert "Odile" in stranger.newest.text
    assert telegram.messages(GROUP) == []


async def test_a_press_in_a_group_is_answered_in_private_to_who_pressed(
    hall: Hall, telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    appointment = await hall.book()
    card = _posted(telegram, actions.ref(actions.OPEN, appointment.id, 0).encode())
    before = len(people["Agathe"].screen)
    await people["Agathe"].press(card, "Ouvrir")
    assert len(people["Agathe"].screen) == before + 1
    assert NAME in people["Agathe"].newest.text
    assert [m.text for m in telegram.messages(GROUP)] == ["Rendez-vous"]
    assert telegram.toasts[-1]["text"] == "C’est dans notre conversation privée."


async def test_a_press_in_a_group_changes_nothing_for_everybody_there(
    telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    card = _posted(telegram, "invitations-page:0")
    await people["Agathe"].press(card, "Ouvrir")
    assert card.text == "Rendez-vous"
    assert len(people["Agathe"].screen) == 1


async def test_a_group_that_the_bot_comes_into_is_greeted_and_kept(
    hall: Hall, telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    joined = standing("left", "member")
    await people["Agathe"].deliver(joined)
    await people["Agathe"].deliver(joined, again=True)
    (said,) = telegram.messages(GROUP)
    assert "aucun nom" in said.text
    assert await groups(hall) == {str(GROUP): "Équipe"}
    await people["Agathe"].deliver(standing("member", "administrator"))
    assert len(telegram.messages(GROUP)) == 1


@pytest.mark.parametrize("after", ["left", "kicked"])
async def test_a_group_that_the_bot_leaves_is_forgotten(hall: Hall, people: dict[str, Person], after: str) -> None:
    await people["Agathe"].deliver(standing("left", "member"))
    await people["Agathe"].deliver(standing("member", after))
    assert await groups(hall) == {}


async def test_a_group_that_is_spoken_in_is_kept_with_its_title(hall: Hall, people: dict[str, Person]) -> None:
    """The bot was there before its database."""
    await people["Agathe"].say("/agenda", group=GROUP)
    assert await groups(hall) == {str(GROUP): "Équipe"}


async def test_a_group_that_becomes_a_supergroup_keeps_its_title(hall: Hall, people: dict[str, Person]) -> None:
    await people["Agathe"].deliver(standing("left", "member"))
    moved = {
        "message_id": 1,
        "date": 1,
        "chat": {"id": GROUP, "type": "group", "title": "Équipe"},
        "from": {"id": 1001, "is_bot": False, "first_name": "Agathe"},
        "migrate_to_chat_id": -2002,
    }
    await people["Agathe"].deliver({"message": moved})
    assert await groups(hall) == {"-2002": "Équipe"}


async def test_somebody_blocking_the_bot_is_taken_note_of_in_silence(
    telegram: FakeTelegram, people: dict[str, Person]
) -> None:
    await people["Agathe"].block()
    assert telegram.shown == []


def _posted(telegram: FakeTelegram, data: str) -> Any:
    """Let a card with one button stand in the group."""
    telegram._sendmessage(
        {
            "chat_id": GROUP,
            "text": "Rendez-vous",
            "reply_markup": {"inline_keyboard": [[{"text": "Ouvrir", "callback_data": data}]]},
        }
    )
    return telegram.messages(GROUP)[-1]


@pytest.mark.parametrize("open_form", [False, True])
async def test_a_press_in_a_group_is_never_one_in_a_form(
    telegram: FakeTelegram, people: dict[str, Person], *, open_form: bool
) -> None:
    """Somebody's own client may send any data: what the whole group reads stays as it is."""
    agathe = people["Agathe"]
    await agathe.deliver(standing("left", "member"))
    if open_form:
        await agathe.say("/parcours 1285")
        await agathe.press(agathe.newest, "Créer")
    (greeting,) = telegram.messages(GROUP)
    before, screen = greeting.text, [message.text for message in agathe.screen]
    await agathe.deliver(agathe.pressed(greeting, "f:00000000:x"))
    assert [message.text for message in telegram.messages(GROUP)] == [before]
    assert [message.text for message in agathe.screen] == screen


async def test_other_bots_are_left_alone(telegram: FakeTelegram, people: dict[str, Person]) -> None:
    """Whoever writes as the group itself comes as a bot, too: nobody is known by that."""
    update = people["Agathe"].said("/parcours 1285", group=GROUP)
    update["message"]["from"] = people["Agathe"].user | {"is_bot": True}
    await people["Agathe"].deliver(update)
    assert telegram.shown == []
