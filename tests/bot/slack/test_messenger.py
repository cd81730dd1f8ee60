"""Sending and replacing cards: Slack's errors in our words, cards that grow and shrink."""

import pytest

from bot.ports import MessageGone, TryAgain, Undeliverable
from core.people import Account
from handlers.ui import Card, Item, ItemList, Text
from tests.bot.slack.conftest import Office
from tests.bot.slack.screen import text_of

AGATHE = Account(1, 1, "slack", "T0RDV", "U0AGATHE")


def card(*lines: str) -> Card:
    return Card("Titre", (ItemList(tuple(Item(line) for line in lines)),), neutral="Rendez-vous")


LONG = tuple(f"ligne {n}" for n in range(120))


async def test_a_card_takes_as_many_messages_as_it_needs_and_gives_them_back(office: Office) -> None:
    send = office.platform.messenger
    posted = await send.post(AGATHE, card(*LONG))
    assert len(posted) == 3
    assert [m.text for m in office.screen("Agathe")] == ["Rendez-vous (1/3)", "Rendez-vous (2/3)", "Rendez-vous (3/3)"]
    fewer = await send.replace(AGATHE, posted, card("une"))
    assert fewer == posted[:1]
    assert [text_of(m.blocks) for m in office.screen("Agathe")] == ["Titre\nune"]
    more = await send.replace(AGATHE, fewer, card(*LONG))
    assert more[0] == fewer[0]
    assert len(more) == len(office.screen("Agathe")) == 3


async def test_a_message_that_was_deleted_takes_the_rest_of_its_card_along(office: Office) -> None:
    send = office.platform.messenger
    posted = await send.post(AGATHE, card(*LONG))
    office.slack.messages.pop(1)
    with pytest.raises(MessageGone):
        await send.replace(AGATHE, posted, card(*LONG))
    assert office.screen("Agathe") == []


async def test_what_was_sent_of_a_card_is_taken_back_when_the_rest_fails(office: Office) -> None:
    send = office.platform.messenger
    office.slack.faults["chat.postMessage"] = []
    posted = await send.post(AGATHE, card("une"))
    office.slack.fail("chat.postMessage", "internal_error", status=500)
    with pytest.raises(TryAgain):
        await send.replace(AGATHE, posted, card(*LONG))
    assert len(office.screen("Agathe")) == 1


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("user_disabled", Undeliverable),
        ("user_not_found", Undeliverable),
        ("cannot_dm_bot", Undeliverable),
        ("channel_not_found", Undeliverable),
        ("is_archived", Undeliverable),
        ("not_in_channel", Undeliverable),
        ("msg_too_long", Undeliverable),
        ("token_revoked", TryAgain),
        ("invalid_auth", TryAgain),
        ("account_inactive", TryAgain),
        ("missing_scope", TryAgain),
        ("internal_error", TryAgain),
        ("ratelimited", TryAgain),
    ],
)
async def test_slacks_refusals_in_our_words(office: Office, error: str, expected: type[Exception]) -> None:
    office.slack.fail("chat.postMessage", error)
    with pytest.raises(expected):
        await office.platform.messenger.post(AGATHE, card("une"))
    assert office.screen("Agathe") == []


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
async def test_a_message_that_cannot_be_changed_is_gone(office: Office, error: str) -> None:
    posted = await office.platform.messenger.post(AGATHE, card("une"))
    office.slack.fail("chat.update", error)
    with pytest.raises(MessageGone):
        await office.platform.messenger.replace(AGATHE, posted, card("deux"))


async def test_slack_says_how_long_to_wait(office: Office) -> None:
    office.slack.fail("chat.postMessage", "ratelimited", status=429, after=30)
    with pytest.raises(TryAgain) as caught:
        await office.platform.messenger.post(AGATHE, card("une"))
    assert caught.value.after == 30
    office.slack.fail("chat.postMessage", "Bad gateway", status=502)
    with pytest.raises(TryAgain):
        await office.platform.messenger.post(AGATHE, card("une"))


async def test_a_slack_that_cannot_be_reached_is_tried_again(office: Office) -> None:
    await office.slack.stop()
    with pytest.raises(TryAgain):
        await office.platform.messenger.post(AGATHE, card("une"))


async def test_a_missing_right_is_named_in_the_log(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.slack.scopes.discard("chat:write")
    with pytest.raises(TryAgain):
        await office.platform.messenger.post(AGATHE, card("une"))
    assert "chat:write" in capsys.readouterr().out


async def test_a_card_whose_message_was_deleted_is_posted_anew(office: Office) -> None:
    await office.book()
    old = office.with_button("ecoute", "Accepter")
    await office["ecoute"].click(old, "Accepter")
    await office.answered()
    office.slack.messages.remove(old)
    await office.settle()
    assert "Votre réponse : accepté." in office.reads("ecoute")
    assert office.newest("ecoute").ts != old.ts


async def test_an_answer_falls_back_when_its_address_is_used_up(office: Office) -> None:
    await office["Agathe"].command("/rdv aide")
    await office.answered()
    office.slack.fail("response_url", "used_url", status=404)
    await office["Agathe"].click(office.newest("Agathe"), "Prendre rendez-vous")
    await office.answered()
    office.slack.fail("response_url", "used_url", status=404)
    await office["Agathe"].command("/invitations")
    assert "Mes invitations (0)" in office.reads("Agathe")


async def test_blank_text_is_no_block(office: Office) -> None:
    await office.platform.messenger.post(AGATHE, Card("Titre", (Text(" \n"),)))
    assert office.reads("Agathe") == "Titre"
