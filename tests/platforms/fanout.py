"""Many cards to bring up to date on three platforms, through everything but the network, on a virtual clock."""

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any, Final, cast

from slack_sdk.web.async_client import AsyncWebClient

from bot.outbox import OutboxSender
from bot.pictures import Pictures
from bot.platform import Deps
from bot.ports import Messenger
from bot.settings import TeamsSettings
from bot.slack.api import Api as SlackApi
from bot.slack.directory import Directory as SlackDirectory
from bot.slack.files import Files
from bot.slack.messenger import SlackMessenger
from bot.slack.pace import Pace as SlackPace
from bot.teams.app import TeamsPlatform
from bot.telegram.api import Api as TelegramApi
from bot.telegram.chats import Chats
from bot.telegram.groups import Groups
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.pace import Pace as TelegramPace
from core.appointments import Appointment
from core.booking import book
from core.people import Account, Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Interval
from storage.conversations import Conversation, save_conversation
from tests.bot.slack.windows import WindowedSlack
from tests.builders import make_worker, store_guide
from tests.clock import SetClock
from tests.hall import deps_for
from tests.platforms.limited import LimitedTeams, LimitedTelegram
from tests.virtual import VirtualTime, WatchedDatabase

TEAM: Final = "T0FAN"
TENANT: Final = "6f2d7c1e-0000-4000-8000-000000000001"
SERVICE: Final = "http://127.0.0.1/"
PLATFORMS: Final = ("slack", "telegram", "teams")
OF_ONE: Final = 15
QUARTER, FOR_EVER = timedelta(minutes=15), timedelta(days=365)
RULES: Final = Rules(reminders=(), region="")


class FanoutOfThree:
    """Appointments of people who sit on different platforms, and what sends to them."""

    def __init__(self, time: VirtualTime) -> None:
        self.time = time
        self.slack = WindowedSlack(time)
        self.telegram = LimitedTelegram(time)
        self.teams = LimitedTeams(time)
        self.appointments: list[Appointment] = []
        self._numbers = count(1)

    def prepare(self, tx: Transaction, cards: int) -> None:
        """Store so many cards that are shown already, each to somebody else, and let all be due at once."""
        guide, now = store_guide(tx), self.time.now()
        people: list[list[Worker]] = []
        for n in range(cards // OF_ONE):
            invited = [tx.people.save_worker(make_worker(f"p{n}.{m}")) for m in range(OF_ONE)]
            accounts = [self._account(tx, worker, m) for m, worker in enumerate(invited)]
            request = guide.request(
                main_worker_id=invited[0].id,
                during=Interval.lasting(now + timedelta(days=7) + n * QUARTER, QUARTER),
                parties=(guide.gisele.ref, *(w.ref for w in invited[1:])),
            )
            appointment = book(tx, invited[0], request, now, RULES)
            self.appointments.append(appointment)
            people.append(invited)
            for account in accounts:
                tx.outbox.save_copy(appointment.id, account.id, (self._message(account),), appointment.version)
        while rows := tx.outbox.claim_due(now, now, cards):
            for row in rows:
                tx.outbox.done(row.id, now)
        for appointment, invited in zip(self.appointments, people, strict=True):
            for worker in invited:
                tx.outbox.refresh_again(appointment.id, worker.id, appointment.version, now)

    async def send(self, database: Database) -> None:
        """Send until nothing is left."""
        db = WatchedDatabase(database, self.time)
        clock = cast("SetClock", self.time)
        deps = deps_for(db, clock, RULES, sleep=self.time.sleep)
        sender = OutboxSender(db, self._messengers(deps), self.time, jitter=lambda: 0.0)

        async def until_nothing_is_left() -> None:
            running = asyncio.create_task(sender.run())
            while await db.read(lambda tx: tx.outbox.oldest_due(self.time.now() + FOR_EVER)) is not None:
                sender.wake()
                await self.time.sleep(1)
            await sender.stop(running)

        await self.time.run(until_nothing_is_left())

    def _messengers(self, deps: Deps) -> dict[str, Messenger]:
        db, time = deps.db, self.time
        slack = SlackApi("xoxb-1", SERVICE, SlackPace(db, time, TEAM, time.sleep))
        slack.client = cast("AsyncWebClient", self.slack)
        telegram = TelegramApi("1:bench", SERVICE, TelegramPace(db, time, "1", time.sleep))
        telegram._bot = cast("Any", self.telegram)
        teams = TeamsPlatform(deps, TeamsSettings("client", tenant_id=TENANT, skip_auth=True))
        teams.api._call = self.teams.call  # type: ignore[method-assign,assignment]
        chats = Chats(telegram, db, time, Pictures())
        return {
            "slack": SlackMessenger(slack, SlackDirectory(slack, deps.dispatcher), Files(slack, Pictures())),
            "telegram": TelegramMessenger(telegram, chats, Groups(telegram, db, time), db),
            "teams": teams.messenger,
        }

    def _account(self, tx: Transaction, worker: Worker, number: int) -> Account:
        platform = PLATFORMS[number % len(PLATFORMS)]
        if platform == "slack":
            return tx.accounts.link(worker.id, platform, TEAM, f"U{worker.id}", current=True)
        if platform == "telegram":
            return tx.accounts.link(worker.id, platform, platform, f"{worker.id}", current=True)
        person = f"user-{worker.id}"
        place = Conversation(platform, TENANT, f"a:{person}", "private", person, "", SERVICE)
        save_conversation(tx, place, self.time.now())
        return tx.accounts.link(worker.id, platform, TENANT, person, current=True)

    def _message(self, account: Account) -> str:
        number = next(self._numbers)
        match account.platform:
            case "slack":
                message = (f"D{account.worker_id}", f"{number:010}.000001")
                self.slack.shown[message] = {}
                return ":".join(message)
            case "telegram":
                return f"{account.external_id}:{number}"
            case _:
                return f"{SERVICE} a:{account.external_id} {number}"
