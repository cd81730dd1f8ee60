"""A bot that asks nobody who he is: on this machine alone (RDV_TEAMS_SKIP_AUTH)."""

from collections.abc import AsyncIterator

import pytest

from bot.teams.app import build
from core.ports import Database
from core.rules import Rules
from tests.bot.teams.client import Person
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.screen import text_of
from tests.clock import SetClock
from tests.hall import Hall, deps_for, running

REFUSED = 403


@pytest.fixture
async def agathe(teams: FakeTeams, db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Person]:
    """Agathe, at a client on this machine that brings no token and asks for none."""
    teams.open_to_all = True
    settings = teams.settings(client_secret="", skip_auth=True)
    async with running(deps_for(db, clock, rules), clock, lambda deps: build(deps, settings)) as hall:
        yield Person(hall, teams, teams.members["Agathe"])


@pytest.fixture
def hall(agathe: Person) -> Hall:
    return agathe.hall


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8000", "127.0.0.1:3978"])
async def test_no_token_is_checked_or_fetched(agathe: Person, teams: FakeTeams, host: str) -> None:
    response = await agathe.send(agathe.activity("message", text="aide"), authorization="", host=host)
    await agathe.hall.answered()
    assert response.status_code == 200
    assert len(agathe.screen) == 1
    assert (teams.logins, teams.fetched_keys) == (0, 0)


async def test_an_appointment_is_made_and_answered(agathe: Person, hall: Hall, teams: FakeTeams) -> None:
    """All of it, also what is sent unasked."""
    ecoute = Person(hall, teams, teams.members["ecoute"])
    for person in (agathe, ecoute):
        await person.install()
    await hall.book()
    await ecoute.press(ecoute.screen[-1], "Accepter")
    await hall.settle()
    assert "ecoute accepte l’invitation" in text_of(agathe.screen[-1].content)
    assert (teams.logins, teams.fetched_keys) == (0, 0)


@pytest.mark.parametrize(
    "host", ["rdv.example.org", "127.0.0.1.example.org", "localhost.example.org", "[::1]", "10.0.0.1", ""]
)
async def test_any_other_host_is_refused(agathe: Person, teams: FakeTeams, host: str) -> None:
    response = await agathe.send(agathe.activity("message", text="aide"), host=host)
    await agathe.hall.answered()
    assert response.status_code == REFUSED
    assert teams.calls == []


@pytest.mark.parametrize(
    "header", ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "CF-Ray"]
)
async def test_what_a_proxy_or_a_tunnel_brings_is_refused(agathe: Person, teams: FakeTeams, header: str) -> None:
    response = await agathe.send(agathe.activity("message", text="aide"), **{header: "127.0.0.1"})
    await agathe.hall.answered()
    assert response.status_code == REFUSED
    assert teams.calls == []


@pytest.mark.parametrize(
    "service", ["https://smba.trafficmanager.net/teams/", "http://169.254.169.254/", "", "file:///"]
)
async def test_it_talks_to_services_on_this_machine_alone(agathe: Person, teams: FakeTeams, service: str) -> None:
    response = await agathe.send(agathe.activity("message", text="aide") | {"serviceUrl": service})
    assert response.status_code == REFUSED
    assert teams.calls == []
