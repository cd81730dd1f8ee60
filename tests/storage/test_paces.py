"""The pace of a platform: rows that everybody obeys, on both databases."""

import asyncio
import random
from datetime import datetime, timedelta

import pytest

import storage
from core.ports import Database
from storage.paces import Rate, Turn, count, held_until, hold_off, reserve
from tests.clock import START

SECOND = timedelta(seconds=1)
LONG = timedelta(minutes=10)
WIDE = Rate("wide", SECOND / 2, burst=3)
NARROW = Rate("narrow", SECOND)


def seconds(turns: list[Turn]) -> list[float]:
    return [(turn.at - START) / SECOND for turn in turns]


async def ask(db: Database, *rates: Rate, now: datetime = START, longest: timedelta = LONG) -> Turn:
    return await db.write(lambda tx: reserve(tx, rates, now, longest))


async def test_some_go_at_once_and_the_rest_at_their_distance(stored: Database) -> None:
    assert seconds([await ask(stored, WIDE) for _ in range(6)]) == [0, 0, 0, 0.5, 1, 1.5]
    later = START + 20 * SECOND
    assert seconds([await ask(stored, WIDE, now=later) for _ in range(4)]) == [20, 20, 20, 20.5]


async def test_nothing_is_reserved_too_far_ahead(stored: Database) -> None:
    for _ in range(3):
        assert (await ask(stored, NARROW)).granted
    refused = [await ask(stored, NARROW, longest=2 * SECOND) for _ in range(3)]
    assert refused == [Turn(START + 3 * SECOND, granted=False)] * 3
    assert await ask(stored, NARROW) == Turn(START + 3 * SECOND, granted=True)


async def test_a_turn_of_the_workspace_is_not_kept_for_a_channel_that_is_busy(stored: Database) -> None:
    assert await ask(stored, WIDE, NARROW) == Turn(START, granted=True)
    assert await ask(stored, WIDE, NARROW) == Turn(START + SECOND, granted=False)
    assert seconds([await ask(stored, WIDE) for _ in range(3)]) == [0, 0, 0.5]
    assert await ask(stored, WIDE, NARROW, now=START + SECOND) == Turn(START + SECOND, granted=True)


async def test_what_did_not_wait_is_let_past(stored: Database) -> None:
    await stored.write(lambda tx: count(tx, [WIDE, NARROW, NARROW], START))
    assert seconds([await ask(stored, WIDE) for _ in range(3)]) == [0, 0, 0.5]
    assert seconds([await ask(stored, NARROW)]) == [2]


@pytest.mark.parametrize("rate", [WIDE, NARROW])
async def test_nobody_calls_before_the_platform_wants_to_hear_of_it(stored: Database, rate: Rate) -> None:
    await ask(stored, rate)
    until = START + 30 * SECOND
    await stored.write(lambda tx: hold_off(tx, rate, until))
    await stored.write(lambda tx: hold_off(tx, rate, START + SECOND))
    turns = [await ask(stored, rate) for _ in range(2)]
    assert seconds(turns) == [30, 30 + rate.every / SECOND]
    assert await stored.read(lambda tx: held_until(tx, [WIDE, NARROW])) == until
    assert await stored.read(lambda tx: held_until(tx, [Rate("other", SECOND)])) < START


async def test_no_window_ever_holds_more_than_the_rate_allows(stored: Database) -> None:
    chance, now, made = random.Random(48), START, []  # noqa: S311
    for _ in range(150):
        now += SECOND * chance.choice((0, 0, 0, 0.1, 0.7, 3))
        turn = await ask(stored, WIDE, now=now, longest=4 * SECOND)
        made += [turn.at] if turn.granted else []
    assert len(made) > 100
    for start in made:
        for length in (1, 5, 20):
            inside = [at for at in made if start <= at < start + length * SECOND]
            assert len(inside) <= WIDE.burst + length / (WIDE.every / SECOND)


@pytest.mark.slow
async def test_two_connections_share_one_pace(url: str) -> None:
    one, other = storage.open_database(url), storage.open_database(url)
    channels = [Rate(f"channel {n % 3}", SECOND / 10) for n in range(30)]
    asked = [(db, rates) for db in (one, other) for rates in ((WIDE, channel) for channel in channels)]
    turns = await asyncio.gather(*(ask(db, *reversed(rates)) for db, rates in asked))
    granted = sorted(turn.at for turn in turns if turn.granted)
    assert len(granted) == 3, "nobody is let in twice, and nobody waits for another crosswise"
    turns = await asyncio.gather(*(ask(db, WIDE, now=START + LONG) for db, _ in asked))
    moments = sorted((turn.at - START - LONG) / SECOND for turn in turns)
    assert moments == [0, 0, *(n / 2 for n in range(len(asked) - 2))]
    await one.close()
    await other.close()
