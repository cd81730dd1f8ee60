"""The Slack platform with real handlers and a real SQLite file, against a Slack on loopback."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.dispatcher import Dispatcher
from bot.outbox import OutboxSender
from bot.platform import Deps, Platform
from bot.settings import SlackSettings
from bot.slack.app import SlackPlatform, build
from bot.slack.workspace import Workspace
from bot.slack.workspaces import OneWorkspace
from core.appointments import Appointment
from core.booking import book
from core.ports import Database
from core.rules import Rules
from tests.bot.slack.client import SECRET, HttpLine, Line, Person, SocketLine
from tests.bot.slack.fake_api import FakeSlack, Message
from tests.bot.slack.fake_oauth import World
from tests.bot.slack.screen import labels, text_of
from tests.bot.slack.several import PUBLIC, Offices, process
from tests.builders import Guide, store_guide
from tests.clock import SetClock

IDS = {"Agathe": "U0AGATHE", "seforme": "U0SEFORME", "ecoute": "U0ECOUTE", "Étienne": "U0ETIENNE"}


@dataclass
class Office:
    """The bot, the workspace, and the guide's people in it."""

    deps: Deps
    guide: Guide
    clock: SetClock
    slack: FakeSlack
    platform: SlackPlatform
    http: httpx.AsyncClient
    line: Line
    people: dict[str, Person]

    @property
    def workspace(self) -> Workspace:
        """The workspace of the bot token."""
        return the_workspace(self.platform)

    def __getitem__(self, handle: str) -> Person:
        return self.people[handle]

    async def answered(self) -> None:
        """Wait until the bot has done all that it does after an acknowledgement."""
        await self.platform.workspaces.background.drain(20)

    async def settle(self, **later: float) -> None:
        """Let everything be answered and sent, after some time if it is said."""
        self.clock.advance(timedelta(**later))
        await self.answered()
        sender = OutboxSender(self.deps.db, {"slack": self.platform.messenger}, self.clock)
        while await sender.sweep() or await self.platform.homes.sweep():
            pass

    async def book(self, **changes: Any) -> Appointment:
        """Agathe books in seforme's agenda, ecoute is invited; everybody's cards are sent."""
        request, now = self.guide.request(**changes), self.clock.now()
        booked = await self.deps.db.write(lambda tx: book(tx, self.guide.agathe, request, now, self.deps.rules))
        await self.settle()
        return booked

    async def stored(self, appointment: Appointment) -> Appointment:
        """Return the appointment as it is now."""
        found = await self.deps.db.read(lambda tx: tx.appointments.find(appointment.id))
        assert found is not None
        return found

    def screen(self, handle: str, channel: str = "") -> list[Message]:
        """Return what somebody sees."""
        return self.slack.screen(self.people[handle].user, channel)

    def newest(self, handle: str, channel: str = "") -> Message:
        """Return the last message that somebody sees."""
        return self.screen(handle, channel)[-1]

    def reads(self, handle: str, channel: str = "") -> str:
        """Return what the last message says."""
        return text_of(self.newest(handle, channel).blocks)

    def with_button(self, handle: str, label: str) -> Message:
        """Return the last message that has the button."""
        return next(m for m in reversed(self.screen(handle)) if label in labels(m.blocks))


def the_workspace(platform: SlackPlatform) -> Workspace:
    """Return the workspace of the bot token."""
    assert isinstance(platform.workspaces, OneWorkspace)
    return platform.workspaces.workspace


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace in which the guide's people have accounts; what Slack would have refused fails the test."""
    fake = FakeSlack()
    for handle, user in IDS.items():
        fake.add_user(user, f"{handle.casefold()}@example.org")
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.violations == []


@pytest.fixture
def deps(db: Database, clock: SetClock, rules: Rules) -> Deps:
    """What the platform is built from."""
    return Deps(
        db=db,
        dispatcher=Dispatcher(db, clock, rules, locale="fr", zone="Europe/Brussels", contact="Odile"),
        clock=clock,
        rules=rules,
        wake=lambda: None,
        hurry=lambda _: None,
        secret_key="",
        demo=False,
        public_url="",
        locale="fr",
        zone="Europe/Brussels",
        sleep=clock.sleep,
    )


def settings_for(slack: FakeSlack, mode: str) -> SlackSettings:
    """Return the settings of a workspace over HTTP or over Socket Mode."""
    whole = SlackSettings(bot_token="xoxb-1", signing_secret=SECRET, api_url=f"{slack.url}/api/")
    if mode == "http":
        return whole
    return replace(whole, app_token="xapp-1", signing_secret=SECRET if mode == "both" else None)


@pytest.fixture(params=["http"])
async def office(
    request: pytest.FixtureRequest, slack: FakeSlack, deps: Deps, clock: SetClock
) -> AsyncIterator[Office]:
    """The bot over signed HTTP, or over Socket Mode where a test asks for it."""
    guide = await deps.db.write(store_guide)
    platform: Platform = build(deps, settings_for(slack, request.param))
    assert isinstance(platform, SlackPlatform)
    api = FastAPI()
    platform.mount(api)
    await platform.start()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://slack.test") as http:
        line: Line = SocketLine(slack) if request.param == "socket" else HttpLine(http)
        people = {handle: Person(user, slack, line) for handle, user in IDS.items()}
        yield Office(deps, guide, clock, slack, platform, http, line, people)
    await platform.stop()


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a Slack that is not there."""
    monkeypatch.setattr("bot.slack.files.PAUSES", (0.0,) * 5)


# --- several workspaces


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """Slack with every workspace; what one of them would have refused fails the test."""
    world = World()
    await world.start()
    yield world
    await world.stop()
    assert [fault for team in world.teams.values() for fault in team.violations] == []


@pytest.fixture
async def guide(deps: Deps) -> Guide:
    """The guide's people, in the database."""
    return await deps.db.write(store_guide)


@pytest.fixture
def several(deps: Deps, sqlite_url: str) -> Deps:
    """What the platform is built from where the app is installed over OAuth."""
    return replace(deps, database_url=sqlite_url, public_url=PUBLIC)


@pytest.fixture
async def offices(several: Deps, guide: Guide, clock: SetClock, world: World) -> AsyncIterator[Offices]:
    """The bot that workspaces may install."""
    async with process(several, guide, clock, world) as offices:
        yield offices
