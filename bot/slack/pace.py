"""How fast Slack lets us call it, and waiting for one's turn (docs.slack.dev/apis/web-api/rate-limits).

Limits hold for each method, app and workspace. Which tier a method is in stands on its page at
docs.slack.dev/reference/methods.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

import structlog

from bot.ports import NotYet
from core.ports import Database, Transaction
from core.times import Clock
from storage.paces import Rate, count, held_until, hold_off, reserve

MINUTE: Final = timedelta(minutes=1)
TIER_3, TIER_4 = 50, 100
WHOLE_WORKSPACE: Final = 240
"""Messages a minute: "several hundred", says the page of chat.postMessage."""

PER_MINUTE: Final = {
    "auth.test": WHOLE_WORKSPACE,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": WHOLE_WORKSPACE,
    "chat.update": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "users.info": TIER_4,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
PER_CHANNEL: Final = {"chat.postMessage": timedelta(seconds=1)}
AT_ONCE: Final = 25
"""One call in so many may come ahead of its time: a whole window holds what is allowed even so."""

LONGEST: Final = timedelta(seconds=20)
IN_A_CHANNEL: Final = timedelta(seconds=2)
BACK: Final = timedelta(seconds=6)
HOLD: Final = timedelta(seconds=30)
"""How long a method rests when Slack does not say it."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Ticket:
    """What whoever waited may now call without being counted again."""

    method: str
    used: bool = False


_ticket: ContextVar[_Ticket | None] = ContextVar("slack_turn", default=None)
"""Of the task that waited: what it calls next is what it waited for."""


class Pace:
    """The limits of one workspace, kept in the database for all processes."""

    def __init__(
        self, db: Database, clock: Clock, name: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """`name` tells the workspace from others, in every process alike; `sleep` takes seconds of `clock`."""
        self._db = db
        self._clock = clock
        self._name = name
        self._sleep = sleep
        self._uncounted: list[Rate] = []
        self._counting: asyncio.Task[None] | None = None

    async def turn(self, method: str, channel: str = "") -> bool:
        """Wait until the method may be called once (in the channel); tell whether that took any time.

        The next call of the method by the same task is the one that was waited for. Raises NotYet when it would be
        long.
        """
        return await self._turn(method, channel, IN_A_CHANNEL)

    async def another(self, method: str, channel: str = "") -> None:
        """Wait for one more turn if this task waited for its first: what answers a person at once does not."""
        if _ticket.get() is not None:
            await self._turn(method, channel, LONGEST)

    def called(self, method: str, channel: str = "") -> None:
        """Note a call that is made now; one that did not wait for its turn is counted a little later."""
        ticket = _ticket.get()
        if ticket is not None and not ticket.used and ticket.method == method:
            ticket.used = True
        elif method in PER_MINUTE:
            self._uncounted += self._rates(method, channel)
            if self._counting is None or self._counting.done():
                self._counting = asyncio.create_task(self._count())

    async def hold_off(self, method: str, seconds: float | None) -> None:
        """Let nobody call the method for so long: Slack asked for it, or refuses us altogether."""
        if method in PER_MINUTE:
            rest = HOLD if seconds is None else timedelta(seconds=seconds)
            await self._kept(partial(hold_off, rate=self._rates(method, "")[0], until=self._clock.now() + rest))

    async def counted(self) -> None:
        """Wait until every call that was made is counted."""
        if self._counting is not None:
            await asyncio.wait([self._counting])

    async def _turn(self, method: str, channel: str, in_a_channel: timedelta) -> bool:
        rates, begun, waited = self._rates(method, channel), self._clock.now(), False
        while True:
            now = self._clock.now()
            turn = await self._db.write(partial(reserve, rates=rates, now=now, longest=begun + LONGEST - now))
            if turn.at > now:
                if turn.at > begun + LONGEST:
                    raise NotYet(f"{method}: no room yet", (turn.at - now).total_seconds())
                if not turn.granted and turn.at > begun + in_a_channel:  # others wait for the same channel
                    raise NotYet(f"{method}: no room yet", max(turn.at - now, BACK).total_seconds())
                await self._sleep((turn.at - now).total_seconds())
                waited = True
            if turn.granted and not (waited and await self._held(rates)):
                _ticket.set(_Ticket(method))
                return waited

    async def _held(self, rates: Sequence[Rate]) -> bool:
        """Tell whether Slack asked for quiet while somebody waited for his turn."""
        return await self._db.read(partial(held_until, rates=rates)) > self._clock.now()

    async def _count(self) -> None:
        while self._uncounted:
            calls, self._uncounted = self._uncounted, []
            await self._kept(partial(count, calls=calls, now=self._clock.now()))

    async def _kept(self, work: Callable[[Transaction], None]) -> None:
        """Write what others are to obey; a database that is away keeps no call from its answer."""
        try:
            await self._db.write(work)
        except Exception as fault:  # whatever it is: Slack's next 429 says the same again
            log.warning("slack_pace_not_kept", fault=type(fault).__name__)

    def _rates(self, method: str, channel: str) -> list[Rate]:
        """Return what limits a call, the widest first; what may burst is left free in the long run."""
        allowed = PER_MINUTE[method]
        burst = max(allowed // AT_ONCE, 1)
        rates = [Rate(f"slack {self._name} {method}", MINUTE / (allowed - burst), burst)]
        if channel and method in PER_CHANNEL:
            rates.append(Rate(f"slack {self._name} {method} {channel}", PER_CHANNEL[method]))
        return rates
