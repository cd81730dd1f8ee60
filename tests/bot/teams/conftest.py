"""The Teams platform with real handlers and a real SQLite file, against a connector on loopback."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.platform import Deps, Platform
from bot.teams.app import build
from core.ports import Database
from core.rules import Rules
from tests.bot.teams.client import Person
from tests.bot.teams.fake_connector import FakeTeams
from tests.clock import SetClock
from tests.hall import Hall, deps_for, running

HANDLES = ("Agathe", "seforme", "ecoute", "Étienne")
PUBLIC = "https://rdv.example.org"


def builder(teams: FakeTeams) -> Callable[[Deps], Platform]:
    """Return what builds the platform against the stand-in."""
    return lambda deps: build(deps, teams.settings())


async def install_for_everybody(hall: Hall, teams: FakeTeams) -> None:
    """Let the app be installed for the guide's people, who are joined by their e-mail; the greetings are read."""
    for member in teams.members.values():
        await Person(hall, teams, member).install()
    teams.messages.clear()


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    """A tenant with the guide's people; what Teams would have refused fails the test."""
    fake = FakeTeams()
    for handle in HANDLES:
        fake.add_member(handle, f"{handle.casefold()}@example.org")
    await fake.start()
    yield fake
    await fake.stop()
    assert "\n".join(dict.fromkeys(fake.violations)) == ""


@pytest.fixture
async def hall(teams: FakeTeams, db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Hall]:
    """The bot on its server; the app is installed for everybody."""
    deps = deps_for(db, clock, rules, public_url=PUBLIC)
    async with running(deps, clock, builder(teams)) as hall:
        await install_for_everybody(hall, teams)
        yield hall


@pytest.fixture
def people(hall: Hall, teams: FakeTeams) -> dict[str, Person]:
    """The guide's people."""
    return {handle: Person(hall, teams, member) for handle, member in teams.members.items()}
