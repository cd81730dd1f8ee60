"""Keeps homes up to date: those that are due are made again, and published where they look otherwise than before.

Any number of processes may do so on the same database: a home is leased by one of them. Whatever tells somebody
something marks his home (`storage.marking`), and a home says itself when time alone will change it.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.patience import patiently
from bot.platform import Deps
from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.slack.api import Api, Refused
from bot.slack.blocks import Block
from bot.slack.directory import Directory
from bot.slack.home import digest_of, home_view
from bot.slack.inbound import HomeOpened
from bot.slack.members import Members
from bot.slack.updates import CONFLICT
from core.home import HomeView, view_home
from core.people import Account, Worker
from core.ports import Transaction
from handlers.home.card import home_card
from handlers.i18n import Texts
from handlers.ui import Card
from storage.homes import Home, any_home_due, claim_home, close_home, home_shown, open_home, postpone_home

LEASE = timedelta(seconds=60)
TIMEOUT = 45.0
AT_ONCE = 16
"""How many homes are looked after at a time, one of each workspace: a change waits behind no more than that."""

SOON, LATER, MUCH_LATER = 1.0, 30.0, 3600.0
DRAIN = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Look:
    """How a home looks, until `changes_at` at the latest; None for one that time does not change."""

    view: Block
    changes_at: datetime | None


class Homes:
    """The homes of every workspace; `api_of` gives what speaks to one, None if it has left us."""

    def __init__(self, deps: Deps, api_of: Callable[[str], Awaitable[Api | None]]) -> None:
        self._deps = deps
        self._db = deps.db
        self._clock = deps.clock
        self._api_of = api_of
        self._awake = asyncio.Event()
        self._busy: dict[asyncio.Task[None], str] = {}
        self._stopping = False

    # --- what falls due

    def wake(self) -> None:
        """Look for due homes now: a commit may have marked some, or time has passed."""
        self._awake.set()

    async def run(self) -> None:
        """Look after whatever falls due after each `wake`, until `stop`."""
        while not self._stopping:
            await self._awake.wait()
            self._awake.clear()
            try:
                while (home := await self._claim()) is not None:
                    task = asyncio.create_task(self._look_after(home))
                    self._busy[task] = home.account.tenant
                    task.add_done_callback(self._finished)
            except Exception as fault:  # the database may be away for a while; the next tick tries again
                log.warning("slack_homes_unreachable", fault=type(fault).__name__)

    async def sweep(self) -> int:
        """Look after all that is due, one after the other; return how many that were."""
        handled = 0
        while (home := await self._claim()) is not None:
            await self._look_after(home)
            handled += 1
        return handled

    async def stop(self, running: "asyncio.Task[None]") -> None:
        """End `run`, and let what it began finish, for some seconds; the rest is done again when its lease ends."""
        self._stopping = True
        self._awake.set()
        await asyncio.wait([running])
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=DRAIN)
            for task in late:
                task.cancel()

    def _finished(self, task: "asyncio.Task[None]") -> None:
        del self._busy[task]
        self._awake.set()

    async def _claim(self) -> Home | None:
        now = self._clock.now()
        busy = set(self._busy.values())
        if self._stopping or len(self._busy) >= AT_ONCE or not await self._db.read(lambda tx: any_home_due(tx, now)):
            return None
        return await self._db.write(lambda tx: claim_home(tx, now, now + LEASE, busy))

    # --- what somebody looks at

    async def show(self, account: Account, seen: str | None = None) -> None:
        """Bring a home up to date now, before every other; `seen` is the digest of what Slack shows there, if it said.

        If that is not what we know of, it is published anyway. While somebody else does so, he is left to do it again.
        """
        now = self._clock.now()
        home = await self._db.write(lambda tx: open_home(tx, account.id, now, now + LEASE))
        if home is None:
            self.wake()
        else:
            sure = seen is None or seen == home.shown
            await self._look_after(home if sure else replace(home, shown=""), at_once=True)

    async def enter(self, opened: HomeOpened, directory: Directory, members: Members) -> None:
        """Show a home to somebody who opens it: his own, or whom to ask. Raises as `Api.call` does."""
        sender = opened.sender
        who = await self._deps.dispatcher.find(sender)
        if who is None:
            who = await patiently(lambda: directory.identify(sender))
        elif not await members.admits(who[0]):
            who = None
        if who is not None:
            await self.show(who[0], opened.seen)
            return
        api, view = await self._api_of(sender.tenant), self._refusal()
        if api is not None and digest_of(view) != opened.seen:
            await _publish(api, sender.external_id, view)

    async def whole(self, who: tuple[Account, Worker]) -> Card:
        """Return all that there is to show in a home."""
        worker, now = who[1], self._clock.now()
        view = await self._db.read(lambda tx: view_home(tx, worker, now))
        return home_card(view, Texts(worker.locale, worker.zone), now)

    # --- one home

    async def _look_after(self, home: Home, *, at_once: bool = False) -> None:
        """Bring one leased home up to date; whatever happens to it stops no other, and no content reaches the log."""
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._bring(home, at_once=at_once)
        except (Undeliverable, MessageGone) as fault:
            log.info("slack_home_closed", reason=str(fault))
            await self._mark(lambda tx: close_home(tx, home))
        except TryAgain as fault:
            await self._later(home, str(fault), LATER if fault.after is None else fault.after)
        except Refused as fault:
            await self._later(home, fault.error, SOON if fault.error == CONFLICT else MUCH_LATER)
        except Exception as fault:
            await self._later(home, type(fault).__name__, LATER)

    async def _bring(self, home: Home, *, at_once: bool) -> None:
        api, seen = await self._api_of(home.account.tenant), await self._look(home)
        differs = api is not None and seen is not None and digest_of(seen.view) != home.shown
        if api is not None and differs and not at_once and await api.pace.turn("views.publish"):
            seen = await self._look(home)  # what was seen before the wait is old
        if api is None or seen is None:
            await self._mark(lambda tx: close_home(tx, home))
            return
        digest, changes_at = digest_of(seen.view), seen.changes_at
        if digest != home.shown:
            await _publish(api, home.account.external_id, seen.view)
        await self._db.write(lambda tx: home_shown(tx, home, digest, changes_at))

    async def _look(self, home: Home) -> _Look | None:
        """Return how a home is to look now; None if nobody is behind the account any more."""
        now = self._clock.now()
        found = await self._db.read(lambda tx: self._see(tx, home.account, now))
        if found is None:
            return None
        worker, view = found
        if view is None:
            return _Look(self._refusal(), None)
        texts = Texts(worker.locale, worker.zone)
        return _Look(home_view(home_card(view, texts, now), texts), view.changes_at)

    def _see(self, tx: Transaction, account: Account, now: datetime) -> tuple[Worker, HomeView | None] | None:
        """Return whose home it is and what is true of it; there is no view for a worker who has left."""
        known = tx.accounts.find(account.platform, account.tenant, account.external_id)
        if known is None:
            return None
        return known[1], view_home(tx, known[1], now) if known[1].active else None

    def _refusal(self) -> Block:
        return home_view(self._deps.dispatcher.stranger(), Texts(self._deps.locale, self._deps.zone))

    async def _later(self, home: Home, reason: str, seconds: float) -> None:
        log.warning("slack_home_later", reason=reason, seconds=round(seconds))
        due_at = self._clock.now() + timedelta(seconds=seconds * (1 + random.random() / 4))  # noqa: S311 - spreads
        await self._mark(lambda tx: postpone_home(tx, home, due_at))

    async def _mark(self, mark: Callable[[Transaction], None]) -> None:
        try:
            await self._db.write(mark)
        except Exception as fault:  # its lease runs out and it is looked at again
            log.warning("slack_home_mark_failed", fault=type(fault).__name__)


async def _publish(api: Api, user: str, view: Block) -> None:
    await api.call("views.publish", user_id=user, view=view)
