"""A bench for every platform."""

from collections.abc import AsyncIterator
from importlib import import_module

import pytest

from core.ports import Database
from core.rules import Rules
from tests.clock import SetClock
from tests.platforms.harness import Bench

ABROAD = ("slack", "telegram", "teams")
"""Platforms whose vendor stands between the bot and the person."""

PLATFORMS = ("web", *ABROAD)


@pytest.fixture(params=PLATFORMS)
async def bench(request: pytest.FixtureRequest, db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Bench]:
    """A bench of each platform; what its vendor would have refused fails the test."""
    opened = import_module(f"tests.platforms.benches.{request.param}").opened
    async with opened(db, clock, rules) as bench:
        yield bench
        assert bench.refused() == []
