"""Linking accounts from the web chat: the code is shown once, above a conversation that never holds it."""

import re

import pytest

from core.errors import CodeUnknown
from core.linking import give_code, new_code, read_code, redeem
from storage.webchat import page_of_messages
from tests.bot.web.conftest import Chat
from tests.bot.web.window import Window

CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")


def code_shown(window: Window) -> str:
    assert window.form is not None
    found = CODE.search(window.form.text)
    assert found is not None, window.form.text
    return found[0]


async def kept(chat: Chat) -> str:
    """Return all that the conversation holds."""
    worker = chat.guide.agathe
    return " ".join(m.card for m in await chat.deps.db.read(lambda tx: page_of_messages(tx, worker.id, 100, None)))


async def platforms(chat: Chat) -> list[str]:
    found = await chat.deps.db.read(lambda tx: tx.accounts.of_worker(chat.guide.agathe.id))
    return [a.platform for a in found]


async def press_of(window: Window, account: str, label: str) -> None:
    """Press the button of one account in the list."""
    card = await window.newest()
    item = next(i for i in card.all("li") if account in i.text)
    await window.press(card, item.button(label))


async def test_a_code_is_shown_and_joins_the_account_that_says_it(chat: Chat) -> None:
    window = chat.window("Agathe")
    await window.say("rdv lier")
    code = code_shown(window)
    await chat.deps.db.write(lambda tx: redeem(tx, code, "telegram", "telegram", "7", chat.clock.now()))
    assert await platforms(chat) == ["telegram", "web"]


@pytest.mark.parametrize("how", ["typed", "clicked"])
async def test_the_conversation_holds_no_code(chat: Chat, how: str) -> None:
    window = chat.window("Agathe")
    await window.open()
    if how == "typed":
        await window.say("Lier un autre compte")
    else:
        await window.say("mes comptes")
        await window.click(await window.newest(), "Lier un autre compte")
    code = code_shown(window)
    for words in (await kept(chat), *(m.text for m in await window.messages())):
        assert code not in words
        assert read_code(code) not in words


async def test_the_button_gives_a_new_code_each_time(chat: Chat) -> None:
    window = chat.window("Agathe")
    await window.say("mes comptes")
    await window.click(await window.newest(), "Lier un autre compte")
    first = code_shown(window)
    await window.click(await window.newest(), "Lier un autre compte")
    second = code_shown(window)
    assert first != second
    with pytest.raises(CodeUnknown):
        await chat.deps.db.write(lambda tx: redeem(tx, first, "telegram", "telegram", "7", chat.clock.now()))


async def test_a_repeated_message_gives_no_second_code(chat: Chat) -> None:
    window = chat.window("Agathe")
    await window.say("rdv lier", nonce="0123456789abcdef")
    code, before = code_shown(window), len(await window.messages())
    await window.say("rdv lier", nonce="0123456789abcdef")
    assert len(await window.messages()) == before
    await chat.deps.db.write(lambda tx: redeem(tx, code, "telegram", "telegram", "7", chat.clock.now()))


async def test_a_typed_code_is_not_kept_with_the_words(chat: Chat) -> None:
    code = new_code()
    await chat.deps.db.write(lambda tx: give_code(tx, chat.guide.agathe, code, chat.clock.now()))
    window = chat.window("Agathe")
    await window.say(f"rdv lier {code}")
    assert "Compte lié" in (await window.newest()).text
    assert "rdv lier ••••" in [m.text.rsplit(" ", 1)[0] for m in await window.messages()]
    assert code not in await kept(chat)


async def test_the_code_of_another_joins_nobody_to_this_chat(chat: Chat) -> None:
    code = new_code()
    await chat.deps.db.write(lambda tx: give_code(tx, chat.guide.ecoute, code, chat.clock.now()))
    window = chat.window("Agathe")
    await window.say(f"rdv lier {code}")
    assert "Ce compte est lié à Agathe, qui doit d’abord le délier" in (await window.newest()).text
    assert code not in await kept(chat)
    assert await platforms(chat) == ["web"]


async def test_accounts_are_muted_and_unlinked_in_the_list(chat: Chat) -> None:
    await chat.deps.db.write(
        lambda tx: tx.accounts.link(chat.guide.agathe.id, "telegram", "telegram", "7", current=True)
    )
    window = chat.window("Agathe")
    await window.say("mes comptes")
    await press_of(window, "Telegram", "Préférer ce compte")
    assert "eçoit les notifications · prioritaire" in (await window.newest()).text
    await press_of(window, "Telegram", "Couper ses notifications")
    assert "Notifications coupées" in (await window.newest()).text
    assert await platforms(chat) == ["web", "telegram"]
    await press_of(window, "Telegram", "Délier")
    assert await platforms(chat) == ["web", "telegram"]
    await window.click(await window.newest(), "Délier le compte")
    assert "Telegram : compte délié." in (await window.newest()).text
    assert await platforms(chat) == ["web"]
