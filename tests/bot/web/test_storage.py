"""The rows of the conversations, on both databases."""

import asyncio
from collections.abc import AsyncIterator

import pytest

import storage
from core.people import Worker
from core.ports import Database
from storage.webchat import (
    add_message,
    changed_messages,
    find_message,
    latest_change,
    page_of_messages,
    replace_message,
    touch_message,
)
from tests.builders import store_guide
from tests.clock import START


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def db(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database of each kind in turn."""
    opened = storage.open_database(request.getfixturevalue(f"{request.param}_url"))
    yield opened
    await opened.close()


@pytest.fixture
async def people(db: Database) -> tuple[Worker, ...]:
    """Agathe and seforme."""
    guide = await db.write(store_guide)
    return guide.agathe, guide.seforme


async def add(db: Database, worker: Worker, card: str) -> int:
    return await db.write(lambda tx: add_message(tx, worker.id, "out", card, START))


async def changes(db: Database, worker: Worker, after: int) -> list[tuple[int, str]]:
    return [(m.seq, m.card) for m in await db.read(lambda tx: changed_messages(tx, worker.id, after))]


async def test_changes_are_counted_for_each_person(db: Database, people: tuple[Worker, ...]) -> None:
    agathe, seforme = people
    first = await add(db, agathe, "a")
    await add(db, seforme, "s")
    await add(db, agathe, "b")
    replaced = await db.write(lambda tx: replace_message(tx, agathe.id, first, "c"))

    assert replaced
    assert await changes(db, agathe, 0) == [(2, "b"), (3, "c")]
    assert await changes(db, agathe, 2) == [(3, "c")]
    assert await changes(db, seforme, 0) == [(1, "s")]
    assert await db.read(lambda tx: latest_change(tx, agathe.id)) == 3


async def test_nobody_reaches_into_anothers_conversation(db: Database, people: tuple[Worker, ...]) -> None:
    agathe, seforme = people
    message = await add(db, agathe, "a")

    assert not await db.write(lambda tx: replace_message(tx, seforme.id, message, "x"))
    await db.write(lambda tx: touch_message(tx, seforme.id, message))
    assert await db.read(lambda tx: find_message(tx, seforme.id, message)) is None
    assert await changes(db, agathe, 0) == [(1, "a")]


async def test_a_message_that_is_not_there_cannot_be_replaced(db: Database, people: tuple[Worker, ...]) -> None:
    assert not await db.write(lambda tx: replace_message(tx, people[0].id, 2**40, "x"))


async def test_a_touched_message_counts_as_changed(db: Database, people: tuple[Worker, ...]) -> None:
    message = await add(db, people[0], "a")
    await db.write(lambda tx: touch_message(tx, people[0].id, message))

    assert await changes(db, people[0], 1) == [(2, "a")]


async def test_pages_go_back_in_time(db: Database, people: tuple[Worker, ...]) -> None:
    agathe = people[0]
    ids = [await add(db, agathe, str(n)) for n in range(5)]
    newest = await db.read(lambda tx: page_of_messages(tx, agathe.id, 2))
    before = await db.read(lambda tx: page_of_messages(tx, agathe.id, 10, newest[0].id))

    assert [m.id for m in newest] == ids[3:]
    assert [m.id for m in before] == ids[:3]
    assert newest[0].created_at == START


async def test_writers_of_one_conversation_take_turns(db: Database, people: tuple[Worker, ...]) -> None:
    await asyncio.gather(*(add(db, people[0], str(n)) for n in range(12)))

    assert [seq for seq, _ in await changes(db, people[0], 0)] == list(range(1, 13))
