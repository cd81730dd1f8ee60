"""What the tests of the composition root and of the platforms share."""

from collections.abc import AsyncIterator

import pytest

import storage
from core.ports import Database
from tests.bot.office import Office


@pytest.fixture
async def office() -> Office:
    """An office in which nothing has been booked yet."""
    return await Office.open()


@pytest.fixture
async def db(sqlite_url: str) -> AsyncIterator[Database]:
    """An empty SQLite file."""
    opened = storage.open_database(sqlite_url)
    yield opened
    await opened.close()
