"""What platforms remember: conversations, drafts that nobody overwrites, leases that are handed over."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

import storage
from core.ports import Database
from storage.conversations import (
    Conversation,
    any_conversation,
    conversation,
    forget_conversation,
    private_conversation,
    save_conversation,
    shared_conversations,
)
from storage.drafts import Draft, drop_draft, find_draft, prune_drafts, save_draft
from storage.leases import release_lease, take_lease
from tests.clock import START
from tests.storage.processes import PROCESSES, keep_a_lease, save_drafts, together

MINUTE = timedelta(minutes=1)
PRIVATE = Conversation("teams", "T1", "a:1", "private", "U1", "", '{"service":"https://a"}')
GROUP = Conversation("teams", "T1", "19:b", "group", "", "élèves", "https://a")
CHANNEL = Conversation("teams", "T1", "19:a", "channel", "", "Accueil", "https://a")


async def keep(stored: Database, *found: Conversation, now: datetime = START) -> None:
    for each in found:
        await stored.write(lambda tx, each=each: save_conversation(tx, each, now))  # type: ignore[misc]


async def test_a_conversation_is_found_by_its_person_and_by_its_id(stored: Database) -> None:
    await keep(stored, PRIVATE, GROUP, CHANNEL)

    assert await stored.read(lambda tx: private_conversation(tx, "teams", "T1", "U1")) == PRIVATE
    assert await stored.read(lambda tx: conversation(tx, "teams", "T1", "19:b")) == GROUP
    for where in (("teams", "T1", "U2"), ("teams", "T2", "U1"), ("telegram", "T1", "U1"), ("teams", "T1", "")):
        assert await stored.read(lambda tx, where=where: private_conversation(tx, *where)) is None  # type: ignore[misc]
    assert await stored.read(lambda tx: conversation(tx, "teams", "T1", "19:c")) is None


async def test_groups_and_channels_are_listed_by_title(stored: Database) -> None:
    elsewhere = replace(GROUP, tenant="T2")
    await keep(stored, PRIVATE, replace(GROUP, title="Équipe"), CHANNEL, elsewhere)
    found = await stored.read(lambda tx: shared_conversations(tx, "teams", "T1"))
    assert [c.title for c in found] == ["Accueil", "Équipe"]


async def test_what_is_known_of_a_conversation_changes(stored: Database) -> None:
    await keep(stored, PRIVATE, GROUP)
    moved = replace(PRIVATE, address="https://b")
    await keep(stored, moved, replace(GROUP, title="new"), now=START + MINUTE)
    assert await stored.read(lambda tx: private_conversation(tx, "teams", "T1", "U1")) == moved
    assert [c.title for c in await stored.read(lambda tx: shared_conversations(tx, "teams", "T1"))] == ["new"]


async def test_the_newest_private_conversation_is_the_one(stored: Database) -> None:
    other = replace(PRIVATE, id="a:0")
    await keep(stored, PRIVATE)
    await keep(stored, other, now=START + MINUTE)
    assert await stored.read(lambda tx: private_conversation(tx, "teams", "T1", "U1")) == other
    await keep(stored, PRIVATE, now=START + 2 * MINUTE)
    assert await stored.read(lambda tx: private_conversation(tx, "teams", "T1", "U1")) == PRIVATE
    await stored.write(lambda tx: forget_conversation(tx, "teams", "T1", PRIVATE.id))
    assert await stored.read(lambda tx: private_conversation(tx, "teams", "T1", "U1")) == other


async def test_a_tenant_is_reached_where_it_spoke_last(stored: Database) -> None:
    assert await stored.read(lambda tx: any_conversation(tx, "teams", "T1")) is None
    await keep(stored, PRIVATE)
    await keep(stored, GROUP, replace(PRIVATE, tenant="T2"), now=START + MINUTE)
    assert await stored.read(lambda tx: any_conversation(tx, "teams", "T1")) == GROUP


async def save(stored: Database, payload: str, version: int, key: str = "k", now: datetime = START) -> bool:
    return await stored.write(lambda tx: save_draft(tx, key, payload, version, now))


async def found(stored: Database, key: str = "k") -> Draft | None:
    return await stored.read(lambda tx: find_draft(tx, key))


async def test_a_draft_takes_the_place_of_the_version_it_was_made_from(stored: Database) -> None:
    assert await found(stored) is None
    assert await save(stored, "first", 0)
    assert not await save(stored, "again", 0)
    first = await found(stored)
    assert first is not None
    assert await save(stored, "second", first.version)
    assert not await save(stored, "overtaken", first.version)
    second = await found(stored)
    assert second is not None
    assert (first.payload, second.payload, second.version) == ("first", "second", first.version + 1)
    assert await found(stored, "other") is None


async def test_who_has_read_a_draft_that_was_dropped_overwrites_no_other(stored: Database) -> None:
    await save(stored, "first", 0)
    first = await found(stored)
    assert first is not None
    await stored.write(lambda tx: drop_draft(tx, "k"))
    assert await found(stored) is None
    assert not await save(stored, "late", first.version)
    assert await save(stored, "another", 0)
    assert not await save(stored, "late", first.version)
    other = await found(stored)
    assert other is not None
    assert other.payload == "another"


async def test_a_key_of_any_length_and_any_text_can_be_kept(stored: Database) -> None:
    key = "k" * 5000
    assert await save(stored, "a\0b", 0, key)
    kept = await found(stored, key)
    assert kept is not None
    assert kept.payload == "a\ufffdb"


async def test_drafts_that_were_left_are_forgotten(stored: Database) -> None:
    await save(stored, "old", 0, "old")
    await save(stored, "new", 0, "new", START + MINUTE)
    await stored.write(lambda tx: prune_drafts(tx, START + MINUTE))
    assert await found(stored, "old") is None
    assert await found(stored, "new") is not None


@pytest.mark.slow
async def test_of_two_processes_that_save_one_draft_each_time_only_one_does(stored: Database, url: str) -> None:
    saved = [text for texts in await asyncio.to_thread(together, 2, save_drafts, url) for text in texts]
    last = await found(stored)
    assert last is not None
    assert (len(saved), last.payload in saved) == (last.version, True), "each version is one process's"


async def test_of_two_connections_one_saves(url: str) -> None:
    one, other = storage.open_database(url), storage.open_database(url)
    for version in (0, 1):
        assert sorted(await asyncio.gather(*(save(db, "text", version) for db in (one, other)))) == [False, True]
    await one.close()
    await other.close()


async def take(stored: Database, holder: str, at: datetime = START, name: str = "polling") -> bool:
    return await stored.write(lambda tx: take_lease(tx, name, holder, at, at + MINUTE))


async def test_a_lease_is_one_holders_until_it_runs_out(stored: Database) -> None:
    assert await take(stored, "a")
    assert not await take(stored, "b", START + MINUTE / 2)
    assert await take(stored, "a", START + MINUTE / 2)
    assert not await take(stored, "b", START + MINUTE)
    assert await take(stored, "b", START + MINUTE * 3 / 2)
    assert not await take(stored, "a", START + MINUTE * 3 / 2)
    assert await take(stored, "a", START, "another")


async def test_a_lease_that_is_released_can_be_taken_at_once(stored: Database) -> None:
    await take(stored, "a")
    await stored.write(lambda tx: release_lease(tx, "polling", "b"))
    assert not await take(stored, "b")
    await stored.write(lambda tx: release_lease(tx, "polling", "a"))
    assert await take(stored, "b")


@pytest.mark.slow
@pytest.mark.usefixtures("stored")
def test_no_two_processes_hold_one_lease(url: str) -> None:
    held = together(PROCESSES, keep_a_lease, url)
    spans = sorted(span for spans in held for span in spans)
    assert spans
    assert all(ends <= begins for (_, ends), (begins, _) in pairwise(spans))


async def test_of_two_connections_one_takes_it(url: str) -> None:
    one, other = storage.open_database(url), storage.open_database(url)
    taken = await asyncio.gather(take(one, "a"), take(other, "b"))
    assert sorted(taken) == [False, True]
    await one.close()
    await other.close()
