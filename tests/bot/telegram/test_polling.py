"""Long polling: one process fetches, an update is confirmed after the commit, another process goes on."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.platform import Deps
from bot.settings import TelegramSettings
from bot.telegram.app import TelegramPlatform
from core.ports import Database
from core.rules import Rules
from tests.bot.telegram.client import Person
from tests.bot.telegram.conftest import IDS, builder, link_everybody
from tests.bot.telegram.driver import read
from tests.bot.telegram.fake_api import TOKEN, FakeTelegram
from tests.clock import SetClock
from tests.hall import Hall, deps_for, running

LONG = 20
FAR = 10**6


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for another process, or for a Telegram that is away."""
    monkeypatch.setattr("bot.telegram.polling.LOOK", 0.01)
    monkeypatch.setattr("bot.telegram.polling.AGAIN", 0.01)
    monkeypatch.setattr("bot.telegram.app.FIRST_WAIT", 0.01)


@pytest.fixture
async def polled(telegram: FakeTelegram, db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Hall]:
    """The bot where there is no public address."""
    deps = deps_for(db, clock, rules)
    async with running(deps, clock, builder(telegram)) as hall:
        await db.write(link_everybody)
        yield hall


@asynccontextmanager
async def another(hall: Hall, telegram: FakeTelegram) -> AsyncIterator[TelegramPlatform]:
    """Run a second process on the same database."""
    platform = TelegramPlatform(hall.deps, TelegramSettings(TOKEN, telegram.url))
    await platform.start()
    try:
        yield platform
    finally:
        await platform.stop()


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(LONG):
        while not true():  # noqa: ASYNC110 - what others do sets no event
            await asyncio.sleep(0.005)


def person(hall: Hall, telegram: FakeTelegram, handle: str = "Agathe") -> Person:
    """Return one of the guide's people."""
    return Person(hall, telegram, IDS[handle], handle)


async def test_updates_are_fetched_and_a_webhook_that_was_there_is_taken_away(
    telegram: FakeTelegram, db: Database, clock: SetClock, rules: Rules
) -> None:
    telegram.webhook = {"url": "https://elsewhere.example.org/"}
    async with running(deps_for(db, clock, rules), clock, builder(telegram)) as hall:
        await db.write(link_everybody)
        await until(lambda: not telegram.webhook)
        agathe = person(hall, telegram)
        await agathe.say("/invitations")
        await until(lambda: bool(telegram.messages(1001)))
        assert "Mes invitations (0)" in read(agathe.newest)
        assert telegram.called("setWebhook") == []


async def test_a_webhook_that_is_set_meanwhile_is_taken_away_too(polled: Hall, telegram: FakeTelegram) -> None:
    await until(lambda: telegram.polling == 1)
    telegram.webhook = {"url": "https://elsewhere.example.org/"}
    agathe = person(polled, telegram)
    for number in (1, 2):  # the first still answers the question that was open
        telegram.tell(agathe.said("/invitations") | {"update_id": FAR + number})
        await until(lambda number=number: len(agathe.screen) == number)  # type: ignore[misc]
    assert not telegram.webhook


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8000", ""])
async def test_where_telegram_cannot_reach_us_there_is_no_webhook(
    telegram: FakeTelegram, db: Database, clock: SetClock, rules: Rules, public_url: str
) -> None:
    deps = deps_for(db, clock, rules, public_url=public_url)
    async with running(deps, clock, builder(telegram)) as hall:
        assert (await hall.http.post("/telegram/webhook", json={})).status_code == 404
        assert telegram.called("setWebhook") == []


async def test_an_update_is_confirmed_only_after_it_was_taken(
    polled: Hall, telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle, calls = polled.deps.dispatcher.find, list[int]()

    async def away(sender: Any) -> Any:
        calls.append(len(telegram.updates))
        if len(calls) < 3:
            raise ConnectionError
        return await handle(sender)

    telegram.fail("sendMessage", 502, "Bad Gateway", times=6)
    monkeypatch.setattr(polled.deps.dispatcher, "find", away)
    monkeypatch.setattr("bot.patience.ATTEMPTS", 1)
    await person(polled, telegram).say("/invitations")
    await until(lambda: len(calls) >= 3)
    assert calls[:3] == [1, 1, 1]  # it still waits at Telegram, each time
    telegram.faults.clear()
    await person(polled, telegram).say("/agenda")
    await until(lambda: not telegram.updates)


async def test_those_of_one_chat_are_taken_in_their_order(polled: Hall, telegram: FakeTelegram) -> None:
    agathe = person(polled, telegram)
    for number in range(5):
        await agathe.say(f"énigme {number}")
    await until(lambda: len(agathe.screen) == 5)
    assert [re.findall(r"énigme [0-9]", read(message)) for message in agathe.screen] == [
        [f"énigme {number}"] for number in range(5)
    ]


async def test_what_is_malformed_does_not_stop_the_others(polled: Hall, telegram: FakeTelegram) -> None:
    telegram.tell({"update_id": 1, "message": {"from": {"id": 1}, "chat": 5}})
    await person(polled, telegram).say("/invitations")
    await until(lambda: bool(telegram.messages(1001)))
    await until(lambda: not telegram.updates)
    assert len(telegram.messages(1001)) == 1


async def test_a_press_is_answered_here_too(polled: Hall, telegram: FakeTelegram) -> None:
    agathe = person(polled, telegram)
    await agathe.say("/invitations")
    await until(lambda: bool(agathe.screen))
    await agathe.deliver(agathe.pressed(agathe.newest, "help:"))
    await until(lambda: len(telegram.toasts) == 1)
    await until(lambda: len(agathe.screen) == 2)
    assert "/rdv" in read(agathe.newest)


async def test_one_process_fetches_at_a_time(polled: Hall, telegram: FakeTelegram) -> None:
    asked: list[int] = []
    async with another(polled, telegram):
        agathe = person(polled, telegram)
        for number in range(6):
            await agathe.say("/invitations")
            await until(lambda number=number: len(agathe.screen) == number + 1)  # type: ignore[misc]
            asked.append(telegram.polling)
    assert max(asked) <= 1
    assert telegram.most_polling == 1


async def test_another_goes_on_at_once_when_one_ends(
    telegram: FakeTelegram, db: Database, clock: SetClock, rules: Rules
) -> None:
    deps: Deps = deps_for(db, clock, rules)
    async with running(deps, clock, builder(telegram)) as hall:
        await db.write(link_everybody)
        await until(lambda: telegram.polling == 1)
        async with another(hall, telegram):
            await hall.platforms[0].stop()
            await person(hall, telegram).say("/invitations")
            await until(lambda: bool(telegram.messages(1001)))


async def test_another_goes_on_when_one_dies(polled: Hall, telegram: FakeTelegram, clock: SetClock) -> None:
    """Killed in the middle of an update: its lease runs out, and the update, never confirmed, is told again."""
    await until(lambda: telegram.polling == 1)
    first = polled.platforms[0]
    assert isinstance(first, TelegramPlatform)
    kill(first)
    await until(lambda: telegram.polling == 0)
    await person(polled, telegram).say("/invitations")
    async with another(polled, telegram):
        await asyncio.sleep(0)
        assert telegram.messages(1001) == []
        clock.advance(seconds=61)
        await until(lambda: bool(telegram.messages(1001)))


def kill(platform: TelegramPlatform) -> None:
    """End its polling as a killed process does: nothing is released, nothing confirmed."""
    assert platform._polling is not None
    platform._polling.cancel()


async def test_what_the_one_before_did_is_not_done_twice(polled: Hall, telegram: FakeTelegram, clock: SetClock) -> None:
    agathe = person(polled, telegram)
    await agathe.say("/invitations")
    await until(lambda: len(agathe.screen) == 1)
    again = [dict(update) for update in telegram.updates]
    first = polled.platforms[0]
    assert isinstance(first, TelegramPlatform)
    kill(first)
    await until(lambda: telegram.polling == 0)
    telegram.updates = again or telegram.updates
    clock.advance(seconds=61)
    async with another(polled, telegram):
        await agathe.say("/agenda")
        await until(lambda: len(agathe.screen) == 2)


async def test_a_telegram_that_is_away_at_the_start_is_asked_again(
    telegram: FakeTelegram, db: Database, clock: SetClock, rules: Rules
) -> None:
    telegram.fail("getMe", 502, "Bad Gateway", times=3)
    telegram.fail("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=2)
    async with running(deps_for(db, clock, rules), clock, builder(telegram)) as hall:
        await db.write(link_everybody)
        await person(hall, telegram).say("/invitations")
        await until(lambda: bool(telegram.messages(1001)))
