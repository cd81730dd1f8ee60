"""Slack's limits: who waits for his turn, who is only counted, and what happens when Slack asks for patience."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest

import bot.slack
from bot.pacing import LONGEST
from bot.ports import NotYet
from bot.slack.pace import PER_MINUTE, Pace
from core.people import Account
from core.ports import Database
from handlers.ui import Card, Item, ItemList
from tests.bot.slack.conftest import Office
from tests.clock import SetClock
from tests.virtual import VirtualTime, WatchedDatabase

AGATHE = Account(1, 1, "slack", "T0RDV", "U0AGATHE")
SEFORME = Account(2, 2, "slack", "T0RDV", "U0SEFORME")
THREE = Card("Titre", (ItemList(tuple(Item(f"ligne {n}") for n in range(120))),), neutral="Rendez-vous")
SHORT = Card("Titre", neutral="Rendez-vous")
SECOND = timedelta(seconds=1)


def test_every_method_that_is_called_has_a_limit() -> None:
    modules = [p for p in Path(bot.slack.__path__[0]).glob("*.py") if p.name != "pace.py"]
    sources = "".join(p.read_text(encoding="utf-8") for p in modules)
    called = set(re.findall(r'"((?:auth|chat|conversations|files|users|views)\.\w+)"', sources))
    assert called == set(PER_MINUTE)


@pytest.fixture
def pace(db: Database, clock: SetClock) -> Pace:
    return Pace(db, clock, "T1", clock.sleep)


async def test_a_channel_is_sent_one_message_a_second(pace: Pace, clock: SetClock) -> None:
    begun = clock.now()
    assert not await pace.turn("chat.postMessage", "U1")
    assert not await pace.turn("chat.postMessage", "U2")
    assert await pace.turn("chat.postMessage", "U1")
    assert clock.now() - begun == SECOND


async def test_whoever_would_wait_long_comes_back_later(pace: Pace) -> None:
    await pace.hold_off("chat.update", 60)
    with pytest.raises(NotYet) as caught:
        await pace.turn("chat.update")
    assert caught.value.after == 60
    assert not await pace.turn("chat.postMessage", "U1"), "the other methods go on"


async def test_a_busy_channel_keeps_nobody_long(db: Database) -> None:
    time = VirtualTime()
    watched = WatchedDatabase(db, time)
    pace = Pace(watched, time, "T1", time.sleep)

    async def write() -> float:
        try:
            await pace.turn("chat.postMessage", "U1")
        except NotYet as fault:
            return -(fault.after or 0)
        return time.now().timestamp()

    async def crowd() -> list[float]:
        return list(await asyncio.gather(*(write() for _ in range(6))))

    begun = time.now().timestamp()
    outcomes = await time.run(crowd())
    assert sorted(at - begun for at in outcomes if at > 0) == [0, 1, 2]
    assert [after for after in outcomes if after < 0] == [-6] * 3


async def test_who_has_a_turn_waits_when_slack_asks_for_quiet(db: Database) -> None:
    time = VirtualTime()
    watched = WatchedDatabase(db, time)
    one, other = (Pace(watched, time, "T1", time.sleep) for _ in range(2))
    begun, moments = time.now(), []

    async def update() -> None:
        await one.turn("chat.update")
        moments.append((time.now() - begun) / SECOND)

    async def crowd() -> None:
        waiting = [asyncio.create_task(update()) for _ in range(5)]
        await time.sleep(1)
        await other.hold_off("chat.update", 9)
        await asyncio.gather(*waiting)

    await time.run(crowd())
    assert moments == [0, 0, 10, 11.25, 12.5]


async def test_an_answer_never_waits_and_is_counted(office: Office) -> None:
    messenger, api, begun = office.workspace.messenger, office.workspace.api, office.clock.now()
    for _ in range(3):
        await messenger.post(AGATHE, SHORT)
    await api.pace.counted()
    assert office.clock.now() == begun
    with pytest.raises(NotYet):
        await messenger.turn(AGATHE, replacing=False)
    assert not await messenger.turn(SEFORME, replacing=False)


async def test_every_message_of_a_card_has_its_turn(office: Office) -> None:
    messenger, begun = office.workspace.messenger, office.clock.now()
    await messenger.turn(AGATHE, replacing=False)
    posted = await messenger.post(AGATHE, THREE)
    assert len(posted) == 3
    assert office.clock.now() - begun == 2 * SECOND
    begun = office.clock.now()
    await messenger.turn(AGATHE, replacing=True)
    await messenger.replace(AGATHE, posted, THREE)
    assert office.clock.now() - begun == 1.25 * SECOND, "two may follow each other at once"
    await office.workspace.api.pace.counted()


async def test_a_429_holds_everybody_off(office: Office) -> None:
    messenger = office.workspace.messenger
    office.slack.fail("chat.postMessage", "ratelimited", status=429, after=120)
    with pytest.raises(NotYet) as caught:
        await messenger.post(AGATHE, SHORT)
    assert caught.value.after == 120
    with pytest.raises(NotYet):
        await messenger.turn(SEFORME, replacing=False)
    office.clock.advance(seconds=121)
    assert not await messenger.turn(SEFORME, replacing=False)


async def test_a_pace_that_cannot_be_kept_keeps_no_answer_back(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(office.workspace.api.pace._pacing._db, "write", away)
    await office.workspace.messenger.post(AGATHE, SHORT)
    await office.workspace.api.pace.counted()
    assert "pace_not_kept" in capsys.readouterr().out


def test_nobody_waits_longer_than_his_lease_lasts() -> None:
    from bot.outbox import LEASE, TIMEOUT  # noqa: PLC0415

    assert 2 * LONGEST / SECOND < TIMEOUT < LEASE / SECOND
