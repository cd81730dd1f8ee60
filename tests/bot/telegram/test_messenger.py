"""What the messenger makes of the Bot API's answers, and of cards that change their shape."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.pictures import Pictures
from bot.ports import AccountGone, ChannelClosed, MessageGone, NotYet, TryAgain, Undeliverable
from bot.telegram.api import Api, Elsewhere
from bot.telegram.chats import Chats
from bot.telegram.groups import Groups
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.pace import Pace
from core.people import Account
from core.ports import Database
from core.shares import Share
from handlers.ui import ActionRef, Button, Card, Download, Picture, Text
from storage.conversations import Conversation, conversation, save_conversation
from tests.bot.telegram.conftest import IDS
from tests.bot.telegram.fake_api import BOT_ID, TOKEN, FakeTelegram
from tests.builders import Guide, store_guide
from tests.clock import SetClock

CHAT = IDS["ecoute"]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="20" viewBox="0 0 {0} 20"></svg>'
CARD = Card("Titre", (Text("Texte"),), (Button(ActionRef("a"), "A"),), neutral="Neutre")
OTHER = Card("Autre", (Text("Texte"),), neutral="Neutre")
DRAWN = Card("Agenda", (Picture(SVG.format(30), "Lundi : rien"),), neutral="Agenda")
LONG = Card("Long", (Text("mot " * 2_000),), (Button(ActionRef("a"), "A"),))
GROUP = -100


@dataclass
class Desk:
    """The messenger, to somebody and to a group."""

    messenger: TelegramMessenger
    telegram: FakeTelegram
    db: Database
    clock: SetClock
    guide: Guide

    @property
    def ecoute(self) -> Account:
        """Whom it writes to."""
        return Account(1, self.guide.ecoute.id, "telegram", "telegram", str(CHAT))

    def share(self, *messages: str) -> Share:
        """Return the sharing with the group."""
        return Share(1, 1, "telegram", "telegram", str(GROUP), self.guide.agathe.id, messages)


@pytest.fixture
async def desk(telegram: FakeTelegram, db: Database, clock: SetClock) -> AsyncIterator[Desk]:
    """The messenger against the stand-in."""
    guide = await db.write(store_guide)
    api = Api(TOKEN, telegram.url, Pace(db, clock, str(BOT_ID), clock.sleep))
    chats, groups = Chats(api, db, clock, Pictures()), Groups(api, db, clock)
    telegram.add_group(GROUP, "Équipe", CHAT)
    yield Desk(TelegramMessenger(api, chats, groups, db), telegram, db, clock, guide)
    await api.close()


FAULTS = [
    (403, "Forbidden: bot was blocked by the user", None, Undeliverable),
    (403, "Forbidden: bot can't initiate conversation with a user", None, Undeliverable),
    (403, "Forbidden: user is deactivated", None, AccountGone),
    (400, "Bad Request: chat not found", None, Undeliverable),
    (400, "Bad Request: something new", None, Undeliverable),
    (401, "Unauthorized", None, NotYet),
    (404, "Not Found", None, NotYet),
    (429, "Too Many Requests: retry after 7", 7, NotYet),
    (409, "Conflict: terminated by other getUpdates request", None, Elsewhere),
    (500, "Internal Server Error", None, TryAgain),
    (502, "Bad Gateway", None, TryAgain),
]


@pytest.mark.parametrize(("code", "description", "after", "expected"), FAULTS)
async def test_each_error_has_its_meaning(
    desk: Desk, code: int, description: str, after: int | None, expected: type[Exception]
) -> None:
    desk.telegram.fail("sendMessage", code, description, after=after)
    with pytest.raises((Undeliverable, TryAgain)) as caught:
        await desk.messenger.post(desk.ecoute, CARD)
    assert type(caught.value) is expected
    assert TOKEN not in str(caught.value)
    if after is not None and isinstance(caught.value, TryAgain):
        assert caught.value.after == after


async def test_an_account_that_only_blocked_the_bot_is_not_forgotten(desk: Desk) -> None:
    """`AccountGone` unlinks: who unblocks the bot is to be found as he was."""
    desk.telegram.blocked.add(CHAT)
    with pytest.raises(Undeliverable) as caught:
        await desk.messenger.post(desk.ecoute, CARD)
    assert not isinstance(caught.value, AccountGone)


async def test_a_telegram_that_does_not_answer_is_tried_again(desk: Desk) -> None:
    await desk.telegram.stop()
    with pytest.raises(TryAgain):
        await desk.messenger.post(desk.ecoute, CARD)


async def test_after_a_429_nobody_is_given_a_turn_before_its_time(desk: Desk) -> None:
    desk.telegram.fail("sendMessage", 429, "Too Many Requests: retry after 7", after=7)
    before = desk.clock.now()
    with pytest.raises(NotYet):
        await desk.messenger.post(desk.ecoute, CARD)
    with pytest.raises(NotYet):
        await desk.messenger.turn(desk.ecoute, replacing=False)
    desk.clock.advance(seconds=7)
    await desk.messenger.turn(desk.ecoute, replacing=False)
    assert (desk.clock.now() - before).total_seconds() >= 7


async def test_what_has_not_changed_is_fine(desk: Desk) -> None:
    messages = await desk.messenger.post(desk.ecoute, CARD)
    assert await desk.messenger.replace(desk.ecoute, messages, CARD) == messages


@pytest.mark.parametrize(
    "description", ["Bad Request: message to edit not found", "Bad Request: message can't be edited"]
)
async def test_a_message_that_cannot_be_edited_is_gone(desk: Desk, description: str) -> None:
    messages = await desk.messenger.post(desk.ecoute, CARD)
    desk.telegram.fail("editMessageText", 400, description)
    with pytest.raises(MessageGone):
        await desk.messenger.replace(desk.ecoute, messages, OTHER)


async def test_what_the_person_deleted_is_gone(desk: Desk) -> None:
    messages = await desk.messenger.post(desk.ecoute, CARD)
    desk.telegram.shown.clear()
    with pytest.raises(MessageGone):
        await desk.messenger.replace(desk.ecoute, messages, OTHER)


async def test_a_picture_that_becomes_a_text_is_posted_anew(desk: Desk) -> None:
    (old,) = await desk.messenger.post(desk.ecoute, DRAWN)
    (new,) = await desk.messenger.replace(desk.ecoute, (old,), CARD)
    assert new != old
    assert [m.text for m in desk.telegram.messages(CHAT)] == ["Titre\n\nTexte"]
    assert desk.telegram.messages(CHAT)[0].silent


async def test_a_picture_turns_into_another_in_its_place(desk: Desk) -> None:
    messages = await desk.messenger.post(desk.ecoute, DRAWN)
    other = Card("Agenda", (Picture(SVG.format(40), "Mardi : rien"),))
    assert await desk.messenger.replace(desk.ecoute, messages, other) == messages
    (shown,) = desk.telegram.messages(CHAT)
    assert (shown.kind, shown.text) == ("photo", "Agenda\n\nMardi : rien")


async def test_a_picture_that_is_too_high_for_telegram_is_made_smaller(desk: Desk) -> None:
    high = SVG.replace("20", "12000").format(1_280)
    await desk.messenger.post(desk.ecoute, Card("Agenda", (Picture(high, "Lundi : rien"),)))
    assert desk.telegram.messages(CHAT)[0].kind == "photo"


async def test_a_picture_that_cannot_be_drawn_is_told_in_words(desk: Desk) -> None:
    await desk.messenger.post(desk.ecoute, Card("Agenda", (Picture("<svg>", "Lundi : rien"),)))
    (shown,) = desk.telegram.messages(CHAT)
    assert (shown.kind, shown.text) == ("text", "Agenda\n\nLundi : rien")


async def test_what_is_too_old_to_be_deleted_loses_its_buttons(desk: Desk) -> None:
    """A bot deletes nothing that is older than 48 hours."""
    drawn = Card("Agenda", DRAWN.body, CARD.actions)
    messages = await desk.messenger.post(desk.ecoute, drawn)
    desk.telegram.messages(CHAT)[0].old = True
    await desk.messenger.replace(desk.ecoute, messages, CARD)
    old, new = desk.telegram.messages(CHAT)
    assert (old.labels, new.labels) == ([], ["A"])


async def test_a_long_card_takes_several_messages_in_order_and_fewer_later(desk: Desk) -> None:
    messages = await desk.messenger.post(desk.ecoute, LONG)
    assert len(messages) == 2
    assert [m.labels for m in desk.telegram.messages(CHAT)] == [[], ["A"]]
    assert await desk.messenger.replace(desk.ecoute, messages, CARD) == messages[:1]
    assert len(desk.telegram.messages(CHAT)) == 1
    again = await desk.messenger.replace(desk.ecoute, messages[:1], LONG)
    assert again[0] == messages[0]
    assert [m.labels for m in desk.telegram.messages(CHAT)] == [[], ["A"]]


async def test_what_was_sent_is_taken_back_when_the_rest_cannot_be(desk: Desk) -> None:
    gate = desk.telegram.hold("sendDocument")
    gate.set()
    desk.telegram.fail("sendDocument", 502, "Bad Gateway")
    file = Download("a.csv", "text/csv", "a;b", "Un fichier")
    with pytest.raises(TryAgain):
        await desk.messenger.post(desk.ecoute, Card("Titre", (file,)))
    assert desk.telegram.messages(CHAT) == []


async def test_a_download_is_a_file_with_its_label(desk: Desk) -> None:
    file = Download("dispos.ics", "text/calendar", "BEGIN:VCALENDAR é", "Vos disponibilités")
    await desk.messenger.post(desk.ecoute, Card("Titre", (file,), CARD.actions))
    text, document = desk.telegram.messages(CHAT)
    assert (text.text, text.labels) == ("Titre", ["A"])
    assert document.document == ("dispos.ics", "BEGIN:VCALENDAR é".encode())
    assert document.text == "Vos disponibilités"


# --- rule 9


async def test_what_is_sent_unasked_names_nobody_until_it_is_shown(desk: Desk) -> None:
    card = Card("Gisèle LAFRAISE", (Text("Gisèle"),), CARD.actions, "Dossier n° 1285", ActionRef("reveal", "7"))
    hidden = await desk.messenger.post(desk.ecoute, card)
    (shown,) = desk.telegram.messages(CHAT)
    assert (shown.text, shown.labels, shown.silent) == ("Dossier n° 1285", ["Afficher", "A"], False)
    later = Card("Gisèle LAFRAISE", (), (), "Dossier n° 1286", ActionRef("reveal", "8"))
    assert await desk.messenger.replace(desk.ecoute, hidden, later) == hidden
    assert (shown.text, shown.labels) == ("Dossier n° 1286", ["Afficher"])


async def test_a_shown_card_that_grows_into_another_message_names_nobody_in_it(desk: Desk) -> None:
    """What is sent, and not edited, is pushed, whoever asked for the card once."""
    card = Card("Gisèle LAFRAISE", (Text("Gisèle"),), (), "Dossier n° 1285")
    messages = await desk.messenger.post(desk.ecoute, card)
    grown = Card("Gisèle LAFRAISE", (Text("Gisèle " * 1_000),), (), "Dossier n° 1285", ActionRef("reveal", "7"))
    messages = await desk.messenger.replace(desk.ecoute, messages, grown)
    assert [m.text for m in desk.telegram.messages(CHAT)] == ["Dossier n° 1285"]
    assert desk.telegram.messages(CHAT)[0].labels == ["Afficher"]


async def test_a_card_without_a_neutral_line_says_nothing(desk: Desk) -> None:
    await desk.messenger.post(desk.ecoute, Card("Gisèle LAFRAISE", reveal=ActionRef("reveal", "7")))
    assert desk.telegram.messages(CHAT)[0].text == "rdv"


async def test_what_somebody_asked_for_is_whole_and_makes_no_sound(desk: Desk) -> None:
    await desk.messenger.post(desk.ecoute, CARD)
    (shown,) = desk.telegram.messages(CHAT)
    assert (shown.text, shown.silent) == ("Titre\n\nTexte", True)


async def test_a_name_of_ours_is_never_looked_for_at_telegram(desk: Desk) -> None:
    assert await desk.messenger.find_account(desk.guide.ecoute) is None


# --- groups


async def test_a_card_is_shared_and_kept_up_to_date(desk: Desk) -> None:
    messages = await desk.messenger.share(desk.share(), CARD)
    assert await desk.messenger.share(desk.share(*messages), OTHER) == messages
    assert [m.text for m in desk.telegram.messages(GROUP)] == ["Autre\n\nTexte"]


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: TOPIC_CLOSED",
    ],
)
async def test_a_group_where_we_may_not_write_is_closed(desk: Desk, description: str) -> None:
    desk.telegram.fail("sendMessage", 400, description)
    with pytest.raises(ChannelClosed) as caught:
        await desk.messenger.share(desk.share(), CARD)
    assert "group" in caught.value.advice


async def test_a_group_that_threw_the_bot_out_is_closed(desk: Desk) -> None:
    desk.telegram.blocked.add(GROUP)
    with pytest.raises(ChannelClosed):
        await desk.messenger.share(desk.share(), CARD)


@pytest.mark.parametrize("shared", [True, False])
async def test_a_group_that_became_a_supergroup_is_followed(desk: Desk, shared: bool) -> None:
    known, now = Conversation("telegram", "telegram", str(GROUP), "group", "", "Équipe", ""), desk.clock.now()
    await desk.db.write(lambda tx: save_conversation(tx, known, now))
    messages = await desk.messenger.share(desk.share(), CARD) if shared else ()
    desk.telegram.groups[GROUP].moved_to = -200
    desk.telegram.add_group(-200, "Équipe", CHAT)
    moved = await desk.messenger.share(desk.share(*messages), OTHER)
    assert [m.text for m in desk.telegram.messages(-200)] == ["Autre\n\nTexte"]
    assert await desk.messenger.share(desk.share(*moved), CARD) == moved
    found = await desk.db.read(lambda tx: conversation(tx, "telegram", "telegram", "-200"))
    assert found is not None
    assert found.title == "Équipe"


async def test_twenty_messages_a_minute_go_to_a_group(desk: Desk) -> None:
    begun = desk.clock.now()
    for number in range(5):
        await desk.messenger.share(desk.share(), Card(str(number)))
    assert (desk.clock.now() - begun).total_seconds() >= 4 * 3


def test_libraries_log_no_address(desk: Desk) -> None:
    """They hold the token."""
    assert desk.messenger.platform == "telegram"
    assert [logging.getLogger(name).isEnabledFor(logging.ERROR) for name in ("httpx", "httpcore", "telegram")] == [
        False
    ] * 3


async def test_a_notice_of_several_messages_notifies_once(desk: Desk) -> None:
    card = Card("Titre", (), CARD.actions, neutral="mot " * 2_000, reveal=ActionRef("reveal", "1"))
    await desk.messenger.post(desk.ecoute, card)
    silent = [bool(call.get("disable_notification")) for call in desk.telegram.called("sendMessage")]
    assert silent == [False, True]
