"""Waiting for one's turn where a platform limits how fast it is called; the limits are rows that all processes obey."""

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

LONGEST: Final = timedelta(seconds=20)
BACK: Final = timedelta(seconds=6)
"""After which the row of somebody for whom others wait too is looked at again."""
HOLD: Final = timedelta(seconds=30)
"""How long a call rests when the platform does not say it."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Ticket:
    """What whoever waited may now call without being counted again."""

    call: str
    used: bool = False


_ticket: ContextVar[_Ticket | None] = ContextVar("platform_turn", default=None)
"""Of the task that waited: what it calls next is what it waited for."""


class Pacing:
    """The limits of one platform, or one part of it, kept in the database for all processes."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        platform: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`sleep` takes seconds of `clock`."""
        self._db = db
        self._clock = clock
        self._platform = platform
        self._sleep = sleep
        self._uncounted: list[Rate] = []
        self._counting: asyncio.Task[None] | None = None

    async def turn(self, call: str, rates: Sequence[Rate], *, patience: timedelta = LONGEST) -> bool:
        """Wait until all rates, the widest first, allow the call once; tell whether that took any time.

        The next such call by the same task is the one that was waited for. Raises NotYet when it would be long: longer
        than `patience` for a rate that is not the widest, since others wait for the same thing.
        """
        begun, waited = self._clock.now(), False
        while True:
            now = self._clock.now()
            turn = await self._db.write(partial(reserve, rates=rates, now=now, longest=begun + LONGEST - now))
            if turn.at > now:
                if turn.at > begun + LONGEST:
                    raise NotYet(f"{call}: no room yet", (turn.at - now).total_seconds())
                if not turn.granted and turn.at > begun + patience:
                    raise NotYet(f"{call}: no room yet", max(turn.at - now, BACK).total_seconds())
                await self._sleep((turn.at - now).total_seconds())
                waited = True
            if turn.granted and not (waited and await self._held(rates)):
                _ticket.set(_Ticket(call))
                return waited

    async def another(self, call: str, rates: Sequence[Rate]) -> None:
        """Wait for one more turn if this task waited for its first: what answers a person at once does not."""
        if _ticket.get() is not None:
            await self.turn(call, rates)

    def called(self, call: str, rates: Sequence[Rate]) -> None:
        """Note a call that is made now; one that did not wait for its turn is counted a little later."""
        ticket = _ticket.get()
        if ticket is not None and not ticket.used and ticket.call == call:
            ticket.used = True
        elif rates:
            self._uncounted += rates
            if self._counting is None or self._counting.done():
                self._counting = asyncio.create_task(self._count())

    async def hold_off(self, rate: Rate, seconds: float | None) -> None:
        """Let nobody have a turn of the rate for so long: the platform asked for it, or refuses us altogether."""
        rest = HOLD if seconds is None else timedelta(seconds=seconds)
        await self._kept(partial(hold_off, rate=rate, until=self._clock.now() + rest))

    async def counted(self) -> None:
        """Wait until every call that was made is counted."""
        if self._counting is not None:
            await asyncio.wait([self._counting])

    async def _held(self, rates: Sequence[Rate]) -> bool:
        """Tell whether the platform asked for quiet while somebody waited for his turn."""
        return await self._db.read(partial(held_until, rates=rates)) > self._clock.now()

    async def _count(self) -> None:
        while self._uncounted:
            calls, self._uncounted = self._uncounted, []
            await self._kept(partial(count, calls=calls, now=self._clock.now()))

    async def _kept(self, work: Callable[[Transaction], None]) -> None:
        """Write what others are to obey; a database that is away keeps no call from its answer."""
        try:
            await self._db.write(work)
        except Exception as fault:  # whatever it is: the platform's next refusal says the same again
            log.warning("pace_not_kept", platform=self._platform, fault=type(fault).__name__)
