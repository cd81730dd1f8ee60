"""Modal updates in order, in one process and between two."""

import asyncio

import pytest

from bot.slack.api import Refused
from bot.slack.updates import MODALS, Updates


class Modal:
    """A modal at Slack's; `open` lets an update through."""

    def __init__(self) -> None:
        self.hash = "h0"
        self.shows = "as opened"
        self.open = asyncio.Event()
        self.open.set()

    def update(self, what: str) -> "Update":
        return Update(self, what)


class Update:
    def __init__(self, modal: Modal, what: str) -> None:
        self.modal, self.what = modal, what

    async def __call__(self, seen: str) -> str:
        await self.modal.open.wait()
        if seen != self.modal.hash:
            raise Refused("hash_conflict")
        self.modal.shows = self.what
        self.modal.hash = f"h-{self.what}"
        return self.modal.hash


async def test_a_newer_change_waits_for_the_older_and_knows_its_hash() -> None:
    updates, modal = Updates(), Modal()
    modal.open.clear()
    updates.arrived("V1", "1.0")
    first = asyncio.create_task(updates.apply("V1", "h0", "1.0", modal.update("first")))
    await asyncio.sleep(0)
    updates.arrived("V1", "2.0")
    second = asyncio.create_task(updates.apply("V1", "h0", "2.0", modal.update("second")))
    modal.open.set()
    assert await first
    assert await second
    assert modal.shows == "second"


async def test_an_older_change_that_comes_late_is_dropped() -> None:
    updates, modal = Updates(), Modal()
    updates.arrived("V1", "1.0")
    updates.arrived("V1", "2.0")
    assert await updates.apply("V1", "h0", "2.0", modal.update("second"))
    assert not await updates.apply("V1", "h0", "1.0", modal.update("first"))
    assert modal.shows == "second"


async def test_what_another_process_changed_is_left_alone() -> None:
    updates, modal = Updates(), Modal()
    modal.hash, modal.shows = "h9", "another process's"
    assert not await updates.apply("V1", "h0", "1.0", modal.update("ours"))
    assert modal.shows == "another process's"


async def test_another_fault_is_not_hidden() -> None:
    async def gone(_: str) -> str:
        raise Refused("not_found")

    with pytest.raises(Refused, match="not_found"):
        await Updates().apply("V1", "h0", "1.0", gone)


async def test_modals_are_forgotten_in_time() -> None:
    updates = Updates()
    for number in range(MODALS + 50):
        updates.arrived(f"V{number}", "1.0")
    assert len(updates._modals) == MODALS
