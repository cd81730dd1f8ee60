"""Long polling, where the server has no public address: one process fetches, and another goes on when it dies.

An update is confirmed, by asking for those after it, only when what it did is committed
(core.telegram.org/bots/api#getupdates).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from secrets import token_hex
from typing import Any, Final

import structlog

from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.telegram.api import Api, Elsewhere, Refused
from bot.telegram.inbound import PLATFORM, UPDATES, Malformed
from core.ports import Database
from core.times import Clock
from storage.leases import release_lease, take_lease

LEASE: Final = timedelta(seconds=60)
LONGEST: Final = 20
"""Seconds that Telegram keeps a question open when there is nothing to tell; the lease is renewed before each."""
LOOK = 5.0
"""Seconds between two looks whether the one that fetches is still there."""
AGAIN = 3.0
"""Seconds after a fault."""

Update = dict[str, Any]
log = structlog.get_logger()


class Poller:
    """Fetches a bot's updates while this process has the lease; any number of processes may run one."""

    def __init__(
        self, api: Api, db: Database, clock: Clock, bot_id: str, take: Callable[[Update], Awaitable[None]]
    ) -> None:
        """`take` does what an update asks for; it raises if Telegram is to tell of it again."""
        self._api = api
        self._db = db
        self._clock = clock
        self._take = take
        self._lease = f"{PLATFORM}:{bot_id}"
        self._holder = token_hex(8)
        self._offset = 0
        self._leads = False
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Fetch updates until `stop`."""
        while not self._stopping.is_set():
            try:
                wait = await self._turn()
            except (Refused, TryAgain, Undeliverable, MessageGone) as fault:
                log.warning("telegram_does_not_answer", reason=str(fault))
                wait = (fault.after if isinstance(fault, TryAgain) else None) or AGAIN
            except Exception as fault:  # the database may be away for a while
                log.warning("telegram_polling_failed", fault=type(fault).__name__)
                wait = AGAIN
            if wait:
                await self._unless_stopped(asyncio.sleep(wait))

    async def stop(self, running: asyncio.Task[None]) -> None:
        """End `run` when what was fetched is done, and let another process go on at once."""
        self._stopping.set()
        await asyncio.wait([running])
        if self._leads:
            with suppress(Exception):  # it runs out by itself
                await self._db.write(lambda tx: release_lease(tx, self._lease, self._holder))

    async def _turn(self) -> float:
        """Take or renew the lease, and fetch once; return how many seconds to wait before the next time."""
        now = self._clock.now()
        leads = await self._db.write(lambda tx: take_lease(tx, self._lease, self._holder, now, now + LEASE))
        if leads and not self._leads:
            await self._api.delete_webhook()
            log.info("telegram_polls")
            self._offset = 0  # whatever the one before has not confirmed is told again
        self._leads = leads
        if not leads:
            return LOOK
        try:
            found = await self._unless_stopped(self._api.updates(self._offset, LONGEST, UPDATES))
        except Elsewhere:  # a webhook that was set meanwhile would keep them for good
            await self._api.delete_webhook()
            raise
        return await self._handled(found) if found else 0.0

    async def _handled(self, updates: list[Update]) -> float:
        """Take updates, those of one chat in their order; those from the first that failed on are asked for again."""
        chats: dict[int, list[Update]] = {}
        for update in updates:
            chats.setdefault(_chat_of(update), []).append(update)
        failed = [number for number in await asyncio.gather(*map(self._in_order, chats.values())) if number]
        self._offset = min(failed, default=updates[-1]["update_id"] + 1)
        return AGAIN if failed else 0.0

    async def _in_order(self, updates: list[Update]) -> int:
        """Return the number of the update that could not be taken, 0 if all were."""
        for update in updates:
            try:
                await self._take(update)
            except Malformed:
                log.warning("telegram_update_malformed")
            except Exception as fault:
                log.warning("telegram_update_failed", fault=type(fault).__name__)
                return int(update["update_id"])
        return 0

    async def _unless_stopped(self, work: Awaitable[Any]) -> Any:
        """Return what the work does; None when it is broken off by `stop`."""
        doing, stopping = asyncio.ensure_future(work), asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait([doing, stopping], return_when=asyncio.FIRST_COMPLETED)
            return doing.result() if doing.done() else None
        finally:
            doing.cancel()
            stopping.cancel()
            await asyncio.gather(doing, stopping, return_exceptions=True)


def _chat_of(update: Update) -> int:
    """Return the chat of an update, 0 if it has none that can be read."""
    said = update.get("message") or update.get("my_chat_member") or update.get("callback_query", {}).get("message")
    chat = said.get("chat") if isinstance(said, dict) else None
    found = chat.get("id") if isinstance(chat, dict) else 0
    return found if isinstance(found, int) else 0
