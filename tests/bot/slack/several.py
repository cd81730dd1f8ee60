"""The bot with several workspaces: what the tests of installing and of workspaces share."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from bot.outbox import OutboxSender
from bot.platform import Deps, Platform
from bot.settings import SlackSettings
from bot.slack.app import SlackPlatform, build
from bot.slack.several import SeveralWorkspaces
from core.appointments import Appointment
from core.booking import book
from tests.bot.slack.client import SECRET, HttpLine, Payload, Person, event_body
from tests.bot.slack.fake_oauth import CLIENT_ID, CLIENT_SECRET, Team, World
from tests.bot.slack.fake_state import Message
from tests.bot.slack.screen import labels, text_of
from tests.builders import Guide
from tests.clock import SetClock

PUBLIC = "https://rdv.test"
AGATHE, ECOUTE = "agathe@example.org", "ecoute@example.org"


class TeamLine(HttpLine):
    """Signed HTTP out of one workspace."""

    def __init__(self, http: httpx.AsyncClient, team: Team, where: str = "") -> None:
        """`where` is the workspace of an organisation in which something happens."""
        super().__init__(http)
        self.team = team
        self.where = where or team.team

    async def command(self, body: Payload) -> Payload:
        """Send a slash command."""
        whole = "true" if self.team.whole else "false"
        grid = {"enterprise_id": self.team.enterprise, "enterprise_name": "Grid"} if self.team.enterprise else {}
        return await super().command({**body, "team_id": self.where, "is_enterprise_install": whole, **grid})

    async def interact(self, body: Payload) -> Payload:
        """Send an interaction; from an organisation that installed the app, Slack names no workspace."""
        grid = {"id": self.team.enterprise, "name": "Grid"} if self.team.enterprise else None
        team = {"id": self.where, "domain": "rdv"}
        moved = {
            "team": None if self.team.whole else {**team, **({"enterprise_id": grid["id"]} if grid else {})},
            "enterprise": grid,
            "is_enterprise_install": self.team.whole,
            "user": {**body["user"], "team_id": self.where},
        }
        view = {"view": {**body["view"], "team_id": self.where}} if "view" in body else {}
        return await super().interact({**body, **moved, **view})

    async def event(self, body: Payload, **headers: str) -> None:
        """Send an event."""
        await super().event({**body, **self.address()}, **headers)

    def address(self) -> Payload:
        """Return what an event says of where it comes from."""
        whole = {"is_enterprise_install": self.team.whole, "is_bot": True, "user_id": self.team.bot_user}
        home = {"enterprise_id": self.team.enterprise, "team_id": None if self.team.whole else self.team.team}
        return {"team_id": self.where, "enterprise_id": self.team.enterprise, "authorizations": [{**home, **whole}]}


@dataclass
class Offices:
    """The bot on its database, and the workspaces around it."""

    deps: Deps
    guide: Guide
    clock: SetClock
    world: World
    platform: SlackPlatform
    http: httpx.AsyncClient
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def workspaces(self) -> SeveralWorkspaces:
        """The platform's workspaces."""
        assert isinstance(self.platform.workspaces, SeveralWorkspaces)
        return self.platform.workspaces

    def person(self, user: str, team: Team, where: str = "") -> Person:
        """Return a member of a workspace."""
        return Person(user, team, TeamLine(self.http, team, where))

    async def begin(self, **headers: str) -> str:
        """Open the page that offers to install; return the address that its button leads to."""
        answer = await self.http.get("/slack/install", headers=headers)
        assert answer.status_code == 200, answer.text
        return authorize_url(answer.text)

    async def install(self, team: Team) -> httpx.Response:
        """Install the app in a workspace, as its administrator does."""
        return await self.http.get(self.world.allow(await self.begin(), team))

    async def tell(self, team: Team, event: dict[str, Any], **more: Any) -> None:
        """Let Slack tell of something that happened in a workspace just now."""
        at = int(self.clock.now().timestamp())
        await TeamLine(self.http, team).event({**event_body(event), "event_time": at, **more})

    async def settle(self, **later: float) -> None:
        """Let everything be answered and sent, after some time if it is said."""
        self.clock.advance(timedelta(**later))
        await self.platform.workspaces.background.drain(20)
        sender = OutboxSender(self.deps.db, {"slack": self.platform.messenger}, self.clock)
        while await sender.sweep():
            pass
        await self.platform.workspaces.background.drain(20)


def authorize_url(page: str) -> str:
    """Return where the button of a page leads."""
    found = re.search(r'<a class="button primary" href="([^"]+)"', page)
    assert found is not None, page
    return html.unescape(found[1])


def settings_for(world: World, **changes: Any) -> SlackSettings:
    """Return the settings with which several workspaces may install the app."""
    whole = SlackSettings(
        signing_secret=SECRET,
        api_url=f"{world.url}/api/",
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        teams=frozenset({"T0ONE", "T0TWO", "E0GRID"}),
    )
    return replace(whole, **changes)


@asynccontextmanager
async def opened(
    deps: Deps, guide: Guide, clock: SetClock, world: World, settings: SlackSettings
) -> AsyncIterator[Offices]:
    """Run the platform."""
    platform: Platform = build(deps, settings)
    assert isinstance(platform, SlackPlatform)
    api = FastAPI()
    platform.mount(api)
    await platform.start()
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url=PUBLIC) as http:
            yield Offices(deps, guide, clock, world, platform, http)
    finally:
        await platform.stop()


def process(several: Deps, guide: Guide, clock: SetClock, world: World) -> AbstractAsyncContextManager[Offices]:
    """Run the platform: each time is a process of its own, on the same database."""
    return opened(several, guide, clock, world, settings_for(world))


async def two_of_them(offices: Offices) -> tuple[Team, Team]:
    """Install the app in two workspaces; Agathe has an account in both, ecoute in the second."""
    one, two = offices.world.add("T0ONE"), offices.world.add("T0TWO")
    one.join("U1AGATHE", AGATHE)
    two.join("U2AGATHE", AGATHE)
    two.join("U2ECOUTE", ECOUTE)
    for team in (one, two):
        assert (await offices.install(team)).status_code == 200
    return one, two


async def booked(offices: Offices) -> Appointment:
    """Let Agathe book in seforme's agenda and invite ecoute; everybody's cards are sent."""
    guide, now = offices.guide, offices.clock.now()
    appointment = await offices.deps.db.write(
        lambda tx: book(tx, guide.agathe, guide.request(), now, offices.deps.rules)
    )
    await offices.settle()
    return appointment


async def accounts(offices: Offices, name: str) -> list[tuple[str, str]]:
    """Return where somebody is known, the current account first."""
    worker = getattr(offices.guide, name)
    found = await offices.deps.db.read(lambda tx: tx.accounts.of_worker(worker.id))
    return [(a.tenant, a.external_id) for a in found]


async def given_up(offices: Offices) -> list[str]:
    """Return why notices were given up."""
    return [error for _, error in await offices.deps.db.read(lambda tx: tx.outbox.failed(100))]


async def speak(offices: Offices, user: str, team: Team, where: str = "") -> str:
    """Let somebody ask for help; return what he reads."""
    person = offices.person(user, team, where)
    await person.command("/rdv aide")
    await offices.settle()
    return text_of(team.screen(user)[-1].blocks)


def cards(team: Team, user: str, label: str) -> list[Message]:
    """Return the messages that somebody sees with that button."""
    return [m for m in team.screen(user) if label in labels(m.blocks)]
