"""`rdv run` in processes of their own on one database, which tests kill; the stand-in of Telegram lives on."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import httpx
from aiohttp import web

from bot.platform import Deps
from bot.telegram.polling import LEASE
from core.appointments import Appointment
from core.ports import Database
from storage import open_database
from storage.drafts import find_draft
from storage.leases import take_lease
from tests.bot.command_line import KEY
from tests.bot.telegram.checks import Arguments
from tests.bot.telegram.client import Person
from tests.bot.telegram.conftest import IDS, link_everybody
from tests.bot.telegram.driver import is_form, read
from tests.bot.telegram.fake_api import BOT_ID, TOKEN, FakeTelegram, Message
from tests.bot.test_start import Processes, first_line
from tests.bot.test_start_chats import until
from tests.builders import store_guide
from tests.clock import START, SetClock
from tests.hall import Hall

Update = dict[str, Any]
PATIENCE: Final = 60
"""Seconds for one answer: a busy machine starts slowly."""


@dataclass
class SilentTelegram(FakeTelegram):
    """Telegram that may leave calls of one method without an answer; whether it `does` what they ask or not."""

    silent: str = ""
    does: bool = True
    waiting: int = 0

    async def _called(self, method: str, arguments: Arguments) -> web.Response:
        if method != self.silent:
            return await super()._called(method, arguments)
        answer = await super()._called(method, arguments) if self.does else web.Response()
        self.waiting += 1
        try:
            await asyncio.Event().wait()  # until whoever asked is gone
        finally:
            self.waiting -= 1
        return answer


class Site:
    """The guide's people, one database, and the processes that serve it; `db` looks into it from outside."""

    def __init__(self, folder: Path, url: str, telegram: SilentTelegram, db: Database, hall: Hall) -> None:
        self.telegram = telegram
        self.db = db
        self.people = {handle: Person(hall, telegram, user, handle) for handle, user in IDS.items()}
        self._folder = folder
        self._url = url
        self._hall = hall
        self._started: list[tuple[Processes, asyncio.subprocess.Process]] = []

    # --- processes

    async def serve(self, public_url: str = "") -> None:
        """Start one more process and wait until it serves; where there is a public address, it has the webhook."""
        own = Processes(self._folder)
        process = await own.start(
            "run",
            database_url=self._url,
            secret_key=KEY,
            telegram_token=TOKEN,
            telegram_api_url=self.telegram.url,
            public_url=public_url,
            holidays="none",
        )
        self._started.append((own, process))
        assert own.address in await first_line(process)
        self._listens()

    async def kill(self) -> None:
        """kill -9 of the process that was started first; whatever it asked of Telegram has nobody left to answer."""
        _, process = self._started.pop(0)
        process.kill()
        await process.communicate()
        assert process.returncode == -signal.SIGKILL
        await until(lambda: not self.telegram.waiting)
        self.telegram.silent = ""
        self._listens()

    async def stop(self) -> None:
        """Leave none behind."""
        for own, _ in self._started:
            await own.stop()

    def _listens(self) -> None:
        """Let the process that was started first have what comes to the webhook."""
        if self._started:
            self._hall.http.base_url = httpx.URL(self._started[0][0].address)

    async def later(self) -> None:
        """Let the lease of who polls run out, as it does by itself in a minute."""
        now = datetime.now(UTC)
        await self.db.write(lambda tx: take_lease(tx, f"telegram:{BOT_ID}", "nobody", now + LEASE, now))

    # --- what people do and see

    def answer(self, who: str, said: str) -> Update:
        """Return the update that tells of an answer: the press on that button of the question, else a typed text."""
        person, question = self.people[who], self.question(who)
        if question is None or said not in question.labels:
            return person.said(said)
        return person.pressed(question, question.key(said)["callback_data"])

    async def give(self, who: str, said: str, then: str) -> None:
        """Answer the question, and wait until what is asked says so."""
        await self.people[who].deliver(self.answer(who, said))
        await self.asks(who, then)

    async def asks(self, who: str, words: str) -> None:
        """Wait until the question says this."""

        def asked() -> bool:
            question = self.question(who)
            return question is not None and words in read(question)

        await until(asked)

    def question(self, who: str) -> Message | None:
        """Return the message that asks something."""
        return next((m for m in reversed(self.people[who].screen) if is_form(m)), None)

    async def sees(self, who: str, words: str) -> Message:
        """Wait until a message says this; return it."""
        person = self.people[who]
        await until(lambda: any(words in read(m) for m in person.screen))
        return next(m for m in person.screen if words in read(m))

    async def closed(self, who: str) -> None:
        """Wait until no form of his is kept any more."""
        key = f"telegram:form:{IDS[who]}"
        while await self.db.read(lambda tx: find_draft(tx, key)) is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def told(self) -> None:
        """Wait until every notice that is due was sent, and is known to be."""
        while await self.db.read(lambda tx: tx.outbox.oldest_due(datetime.now(UTC))) is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def booked(self) -> list[Appointment]:
        """Return the appointments of the guide's case."""
        agathe = self._hall.guide.agathe.id
        return await self.db.read(lambda tx: tx.appointments.of_case(1285, agathe, START, limit=10))


@asynccontextmanager
async def site_on(url: str, folder: Path) -> AsyncIterator[Site]:
    """The guide's people on Telegram, before anything serves; what Telegram would have refused fails the test."""
    telegram, db = SilentTelegram(), open_database(url)
    telegram.started |= set(IDS.values())
    await telegram.start()
    guide = await db.write(store_guide)
    await db.write(link_everybody)
    nothing = cast("Any", None)
    async with httpx.AsyncClient(timeout=PATIENCE) as http:
        site = Site(folder, url, telegram, db, Hall(cast("Deps", None), guide, SetClock(), nothing, http))
        try:
            yield site
        finally:
            await site.stop()
            await telegram.stop()
            await db.close()
    assert telegram.violations == []
