"""Many cards to bring up to date in one workspace, through everything but the network, on a virtual clock."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from slack_sdk.web.async_client import AsyncWebClient

from bot.dispatcher import Dispatcher
from bot.outbox import OutboxSender
from bot.pictures import Pictures
from bot.slack.api import Api
from bot.slack.directory import Directory
from bot.slack.files import Files
from bot.slack.messenger import SlackMessenger
from bot.slack.pace import Pace
from core.appointments import Appointment
from core.booking import book
from core.people import Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Interval
from tests.bot.slack.windows import WindowedSlack
from tests.builders import Guide, make_worker, store_guide
from tests.virtual import VirtualTime, WatchedDatabase

TEAM = "T0FAN"
QUARTER, FOR_EVER = timedelta(minutes=15), timedelta(days=365)
RULES = Rules(reminders=(), region="")


@dataclass
class Fanout:
    """Appointments whose cards everybody has already, and what sends in one process or several."""

    time: VirtualTime
    slack: WindowedSlack
    guide: Guide
    people: list[Worker]
    appointments: list[Appointment] = field(default_factory=list)
    cards: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    async def of(cls, db: Database, slack: WindowedSlack, time: VirtualTime, cards: int, each: int) -> "Fanout":
        """Store as many cards, `each` of one appointment: the first of the people has made it and leads it."""

        def prepare(tx: Transaction) -> Fanout:
            people = [tx.people.save_worker(make_worker(f"p{n}")) for n in range(each)]
            fanout = cls(time, slack, store_guide(tx), people)
            accounts = [tx.accounts.link(w.id, "slack", TEAM, f"U{w.id}", current=True) for w in people]
            for n in range(cards // each):
                start = time.now() + timedelta(days=7) + n * QUARTER
                request = fanout.guide.request(
                    main_worker_id=people[0].id,
                    during=Interval.lasting(start, QUARTER),
                    parties=(fanout.guide.gisele.ref, *(w.ref for w in people[1:])),
                )
                appointment = book(tx, people[0], request, time.now(), RULES)
                fanout.appointments.append(appointment)
                for account in accounts:
                    message = (f"D{account.worker_id}", f"{n:010}.000001")
                    fanout.cards.add(message)
                    slack.shown[message] = {}
                    tx.outbox.save_copy(appointment.id, account.id, (":".join(message),), appointment.version)
            while rows := tx.outbox.claim_due(time.now(), time.now(), cards):
                for row in rows:
                    tx.outbox.done(row.id, time.now())
            return fanout

        return await db.write(prepare)

    def outdate(self, tx: Transaction) -> None:
        """Make every card due to be brought up to date."""
        for appointment in self.appointments:
            for worker in self.people:
                tx.outbox.refresh_again(appointment.id, worker.id, appointment.version, self.time.now())

    async def send(self, *databases: Database) -> None:
        """Send until nothing is left, through as many processes as there are databases."""
        watched = [WatchedDatabase(db, self.time) for db in databases]
        senders = [OutboxSender(db, {"slack": self._messenger(db)}, self.time, jitter=lambda: 0.0) for db in watched]

        async def until_nothing_is_left() -> None:
            running = [(sender, asyncio.create_task(sender.run())) for sender in senders]
            while await watched[0].read(lambda tx: tx.outbox.oldest_due(self.time.now() + FOR_EVER)) is not None:
                for sender in senders:
                    sender.wake()
                await self.time.sleep(1)
            for sender, task in running:
                await sender.stop(task)

        await self.time.run(until_nothing_is_left())

    def _messenger(self, db: Database) -> SlackMessenger:
        api = Api("xoxb-1", "http://127.0.0.1/", Pace(db, self.time, TEAM, self.time.sleep))
        api.client = cast("AsyncWebClient", self.slack)
        dispatcher = Dispatcher(db, self.time, RULES, locale="fr", zone="Europe/Brussels", contact="")
        return SlackMessenger(api, Directory(api, dispatcher), Files(api, Pictures()))
