"""What the tests of the composition root share."""

import pytest

from tests.bot.office import Office


@pytest.fixture
async def office() -> Office:
    """An office in which nothing has been booked yet."""
    return await Office.open()
