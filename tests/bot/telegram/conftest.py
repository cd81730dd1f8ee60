"""The Telegram platform with real handlers and a real SQLite file, against a Bot API on loopback."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.platform import Deps, Platform
from bot.settings import TelegramSettings
from bot.telegram.app import build
from core.ports import Database, Transaction
from core.rules import Rules
from tests.bot.telegram.client import Person
from tests.bot.telegram.fake_api import TOKEN, FakeTelegram
from tests.clock import SetClock
from tests.hall import Hall, deps_for, running

IDS = {"Agathe": 1001, "seforme": 1002, "ecoute": 1003, "Étienne": 1004}
PUBLIC = "https://rdv.example.org"


def builder(telegram: FakeTelegram) -> Callable[[Deps], Platform]:
    """Return what builds the platform against the stand-in."""
    settings = TelegramSettings(TOKEN, telegram.url)
    return lambda deps: build(deps, settings)


def link_everybody(tx: Transaction) -> None:
    """Join the guide's people to their Telegram accounts."""
    for handle, user in IDS.items():
        worker = tx.people.worker_by_handle(handle)
        assert worker is not None
        tx.accounts.link(worker.id, "telegram", "telegram", str(user), current=True)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """Telegram, where the guide's people have opened the bot; what it would have refused fails the test."""
    fake = FakeTelegram()
    fake.started |= set(IDS.values())
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.violations == []


@pytest.fixture
async def hall(telegram: FakeTelegram, db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Hall]:
    """The bot at its webhook; the guide's people are linked."""
    deps = deps_for(db, clock, rules, public_url=PUBLIC)
    async with running(deps, clock, builder(telegram)) as hall:
        await db.write(link_everybody)
        yield hall


@pytest.fixture
def people(hall: Hall, telegram: FakeTelegram) -> dict[str, Person]:
    """The guide's people."""
    return {handle: Person(hall, telegram, user, handle) for handle, user in IDS.items()}
