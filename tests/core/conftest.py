"""The world of the use cases: in memory for most tests, on each database in turn for some."""

import time
from collections.abc import Iterator

import pytest

from core.ports import Database
from core.rules import Rules
from storage.memory import MemoryDatabase
from tests.builders import Guide, store_guide
from tests.clock import SetClock
from tests.core.world import World


@pytest.fixture
async def world(memory: MemoryDatabase, clock: SetClock, rules: Rules) -> World:
    """The guide's people, in memory."""
    return World(memory, clock, rules, await memory.write(store_guide))


@pytest.fixture
def every_world(database: Database, clock: SetClock, rules: Rules, guide: Guide) -> World:
    """The guide's people, on each database in turn."""
    return World(database, clock, rules, guide)


@pytest.fixture(params=["UTC", "Europe/Brussels", "America/New_York"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's own zone, which must make no difference."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()
