"""What is new appears at once in every open window."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.web.messenger import WebMessenger
from bot.web.stream import Hub, event, event_stream
from core.people import Account
from handlers.ui import Card
from storage.webchat import WebMessage, add_message, latest_change
from tests.bot.web.conftest import Chat


async def numbers(messages: list[WebMessage]) -> str:
    return " ".join(str(m.id) for m in messages)


def account(chat: Chat) -> Account:
    return Account(1, chat.guide.agathe.id, "web", "local", "Agathe")


def stream(chat: Chat, hub: Hub, after: int) -> AsyncIterator[str]:
    return event_stream(chat.deps.db, hub, chat.guide.agathe.id, after, numbers)


async def next_of(events: AsyncIterator[str]) -> str:
    return await asyncio.wait_for(anext(events), 30)


async def test_a_new_and_a_replaced_message_arrive(chat: Chat) -> None:
    hub = Hub()
    messenger = WebMessenger(chat.deps.db, chat.clock, hub, demo=True)
    events = stream(chat, hub, 0)
    assert await next_of(events) == "retry: 1000\n\n"
    waiting = asyncio.ensure_future(next_of(events))
    messages = await messenger.post(account(chat), Card("one"))
    assert await waiting == event("messages", 1, messages[0])

    assert await messenger.replace(account(chat), messages, Card("two")) == messages
    assert await next_of(events) == event("messages", 2, messages[0])
    hub.close()
    with pytest.raises(StopAsyncIteration):
        await next_of(events)


async def test_a_browser_that_comes_back_gets_what_it_missed(chat: Chat) -> None:
    hub = Hub()
    messenger = WebMessenger(chat.deps.db, chat.clock, hub, demo=True)
    ids = [(await messenger.post(account(chat), Card(str(n))))[0] for n in range(3)]
    await messenger.replace(account(chat), (ids[0],), Card("again"))
    events = stream(chat, hub, 1)
    await next_of(events)

    assert await next_of(events) == event("messages", 4, " ".join([ids[1], ids[2], ids[0]]))
    hub.close()


async def test_another_process_is_noticed(chat: Chat) -> None:
    hub = Hub()
    events = stream(chat, hub, 0)
    await next_of(events)
    waiting = asyncio.ensure_future(next_of(events))
    now = chat.clock.now()
    await chat.deps.db.write(lambda tx: add_message(tx, chat.guide.agathe.id, "out", "{}", now))  # rings nobody

    assert (await waiting).startswith("id: 1\nevent: messages\n")
    hub.close()


async def test_a_fresh_database_reloads_the_page(chat: Chat) -> None:
    events = stream(chat, Hub(), 99)
    await next_of(events)

    assert await next_of(events) == "event: reset\ndata:\n\n"


async def test_everyone_hears_only_of_his_own(chat: Chat) -> None:
    hub = Hub()
    now, db = chat.clock.now(), chat.deps.db
    await db.write(lambda tx: add_message(tx, chat.guide.seforme.id, "out", "{}", now))

    assert await db.read(lambda tx: latest_change(tx, chat.guide.agathe.id)) == 0
    events = stream(chat, hub, 0)
    await next_of(events)
    waiting = asyncio.ensure_future(next_of(events))
    await db.write(lambda tx: add_message(tx, chat.guide.agathe.id, "out", "{}", now))
    assert await waiting == event("messages", 1, "2")
    hub.close()


async def test_a_stream_that_ends_is_forgotten(chat: Chat) -> None:
    hub = Hub()
    events = stream(chat, hub, 0)
    await next_of(events)
    await events.aclose()  # type: ignore[attr-defined]
    hub.ring(chat.guide.agathe.id)

    assert not hub._bells


def test_lines_of_an_event_are_kept_apart() -> None:
    assert event("messages", 7, "a\nb\r\nc") == "id: 7\nevent: messages\ndata: a\ndata: b\ndata: c\n\n"


async def test_the_route_resumes_after_the_last_event(chat: Chat) -> None:
    await chat.window("Agathe").say("bonjour")
    request = chat.http.get("/chat/Agathe/events", headers={"last-event-id": "1"})
    waiting = asyncio.ensure_future(request)
    await asyncio.sleep(0)
    chat.platform.closing()
    answer = await asyncio.wait_for(waiting, 30)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "retry: 1000" in answer.text
