"""One rdv in Slack, Teams and on Telegram at once, with people who are on one of them, or on several."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.slack.app import SlackPlatform
from bot.slack.app import build as build_slack
from core.people import Account
from core.ports import Database
from core.rules import Rules
from tests.bot.slack.client import HttpLine
from tests.bot.slack.client import Person as Member
from tests.bot.slack.conftest import IDS as SLACK_IDS
from tests.bot.slack.conftest import Office, settings_for
from tests.bot.slack.driver import SlackChat
from tests.bot.slack.fake_api import FakeSlack
from tests.bot.teams.conftest import HANDLES
from tests.bot.teams.conftest import builder as teams_builder
from tests.bot.teams.driver import TeamsChat
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.telegram.conftest import IDS as TELEGRAM_IDS
from tests.bot.telegram.conftest import builder as telegram_builder
from tests.bot.telegram.driver import TelegramChat
from tests.bot.telegram.fake_api import FakeTelegram
from tests.clock import SetClock
from tests.hall import Hall, deps_for, running
from tests.scenarios.chat import Chat

PUBLIC = "https://rdv.example.org"


@dataclass
class Three:
    """The bot, and the chats as people see them; nobody is known anywhere before he is `join`ed."""

    hall: Hall
    office: Office
    slack: SlackChat
    teams: TeamsChat
    telegram: TelegramChat

    def chat(self, platform: str) -> Chat:
        """Return the chat of a platform."""
        chats: dict[str, Chat] = {"slack": self.slack, "teams": self.teams, "telegram": self.telegram}
        return chats[platform]

    def external_id(self, handle: str, platform: str) -> tuple[str, str]:
        """Return by which tenant and id a platform knows somebody."""
        match platform:
            case "slack":
                return "T0RDV", SLACK_IDS[handle]
            case "teams":
                member = self.teams.teams.members[handle]
                return member.tenant, member.object_id
            case _:
                return "telegram", str(TELEGRAM_IDS[handle])

    async def join(self, handle: str, platform: str) -> Account:
        """Join somebody's account by hand, and let him open the bot there; it is where he was last."""
        worker = next(w for w in self.hall.guide.workers if w.handle == handle)
        tenant, external_id = self.external_id(handle, platform)
        account = await self.hall.deps.db.write(
            lambda tx: tx.accounts.link(worker.id, platform, tenant, external_id, current=True)
        )
        if platform == "teams":
            await self.teams.people[handle].install()
        elif platform == "telegram":
            self.telegram.telegram.started.add(TELEGRAM_IDS[handle])
        return account

    async def accounts(self, handle: str) -> list[str]:
        """Return the platforms that somebody is known on, the one that notices go to first."""
        worker = next(w for w in self.hall.guide.workers if w.handle == handle)
        return [a.platform for a in await self.hall.deps.db.read(lambda tx: tx.accounts.of_worker(worker.id))]


@asynccontextmanager
async def three_platforms(db: Database, clock: SetClock, rules: Rules) -> AsyncIterator[Three]:
    """Run the bot against the three stand-ins; what one of them would have refused fails the test.

    Slack and Teams tell nobody's address, so that people are known by what joins them alone.
    """
    slack, teams, telegram = FakeSlack(), FakeTeams(), FakeTelegram()
    for user in SLACK_IDS.values():
        slack.add_user(user, f"{user.casefold()}@elsewhere.example")
    for handle in HANDLES:
        teams.add_member(handle, f"{handle.casefold()}@elsewhere.example")
    for fake in (slack, teams, telegram):
        await fake.start()
    deps = deps_for(db, clock, rules, public_url=PUBLIC)
    builds = (
        lambda deps: build_slack(deps, settings_for(slack, "http")),
        teams_builder(teams),
        telegram_builder(telegram),
    )
    try:
        async with running(deps, clock, *builds) as hall:
            platform = hall.platforms[0]
            assert isinstance(platform, SlackPlatform)
            line = HttpLine(hall.http)
            people = {handle: Member(user, slack, line) for handle, user in SLACK_IDS.items()}
            office = Office(hall.deps, hall.guide, clock, slack, platform, hall.http, line, people)
            yield Three(hall, office, SlackChat(office), TeamsChat(hall, teams), TelegramChat(hall, telegram))
    finally:
        for fake in (slack, teams, telegram):
            await fake.stop()
    assert slack.violations == []
    assert teams.violations == []
    assert telegram.violations == []
