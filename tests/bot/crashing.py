"""A process that books and sends until it is killed; each thing it does is written down durably before the next."""

import asyncio
import os
import re
from datetime import datetime, timedelta
from pathlib import Path

from bot.outbox import OutboxSender
from core.booking import book
from core.people import Account, Worker
from core.ports import Transaction
from core.rules import Rules
from core.times import Interval
from handlers.codec import encode
from handlers.ui import Card
from storage import open_database
from tests.builders import Guide
from tests.clock import SetClock

TOKEN = re.compile(r'"token":"(\d+)')
RULES = Rules(reminders=(), region="")  # a booking falls on any day, holidays too


class FileMessenger:
    """Appends one durable line for each message posted: the account's worker, and the appointment in its buttons."""

    platform = "web"

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    async def turn(self, account: Account, *, replacing: bool) -> bool:  # noqa: ARG002
        """Nobody waits."""
        return False

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Write the line; one that was cut off by the kill has no end, and does not spoil the next."""
        found = TOKEN.search(encode(card))
        assert found
        self._file.write(f"\n{account.worker_id} {found[1]};".encode())
        os.fsync(self._file.fileno())
        return (f"{account.worker_id}",)

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:  # noqa: ARG002
        """Write nothing: replacing twice shows the same."""
        return messages

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Everybody is here."""
        return "local", worker.handle


def work(url: str, log: str, guide: Guide, round_: int, now: datetime) -> None:
    """Book and send for ever: new appointments on the days of this round."""
    asyncio.run(_work(url, Path(log), guide, round_, now))


async def _work(url: str, log: Path, guide: Guide, round_: int, now: datetime) -> None:
    db, clock = open_database(url), SetClock(now)
    messenger = FileMessenger(log)
    sender = OutboxSender(db, {"web": messenger}, clock)
    running = asyncio.create_task(sender.run())
    sender.wake()
    for n in range(400):
        start = now + timedelta(days=1 + 5 * round_, minutes=15 * n)
        request = guide.request(main_worker_id=guide.agathe.id, during=Interval.lasting(start, timedelta(minutes=15)))

        def once(tx: Transaction, request=request) -> None:  # type: ignore[no-untyped-def]
            book(tx, guide.agathe, request, clock.now(), RULES)

        await db.write(once)
        sender.wake()
    await running
