"""Handlers are tested in memory: what they do to a real database is the contract suite's."""

import pytest

from storage.memory import MemoryDatabase
from tests.builders import Guide, store_guide
from tests.clock import SetClock
from tests.handlers.desk import Desk


@pytest.fixture
async def guide(memory: MemoryDatabase) -> Guide:
    """The guide's people, in memory."""
    return await memory.write(store_guide)


@pytest.fixture
def agathe(memory: MemoryDatabase, guide: Guide, clock: SetClock) -> Desk:
    """The one logged in in the guide."""
    return Desk(guide.agathe, memory, clock)


@pytest.fixture
def seforme(agathe: Desk, guide: Guide) -> Desk:
    """The lead of the case."""
    return agathe.as_(guide.seforme)


@pytest.fixture
def ecoute(agathe: Desk, guide: Guide) -> Desk:
    """A colleague who gets invited."""
    return agathe.as_(guide.ecoute)
