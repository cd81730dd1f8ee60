"""The outbox: claims due notices and sends each alone, with back-off; the truth is always a row (rule 7)."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from bot.delivery import Delivery
from bot.ports import Messenger, NotYet, TryAgain, Undeliverable
from core.ports import Database, OutboxRow, Transaction
from core.times import Clock

LEASE = timedelta(seconds=60)
TIMEOUT = 45.0
AT_ONCE, TO_ONE_PLACE = 32, 8
"""Rows in flight: of all, and of those for one workspace, whose pace must not keep the others waiting."""

ATTEMPTS = 10
PATIENCE, SOON = 3, 5.0
FIRST_DELAY, FACTOR, LONGEST_DELAY = 5.0, 3.0, 3600.0
DRAIN = 5.0

log = structlog.get_logger()


class OutboxSender:
    """Sends what falls due, `AT_ONCE` rows at a time; any number of processes may run one on the same database."""

    def __init__(
        self,
        db: Database,
        messengers: Mapping[str, Messenger],
        clock: Clock,
        *,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`messengers` by platform name; `jitter` gives numbers from 0 to 1."""
        self._db = db
        self._clock = clock
        self._jitter = jitter
        self._delivery = Delivery(db, messengers, clock)
        self._awake = asyncio.Event()
        self._sending: dict[asyncio.Task[None], tuple[str, str] | None] = {}
        self._stopping = False

    def wake(self) -> None:
        """Look for due notices now: a commit may have added some, or time has passed."""
        self._awake.set()

    def ahead(self, worker_id: int) -> None:
        """Bring up to date what this person sees of what he has just done, before all others; then look as `wake` does.

        It does not wait for a platform's pace either.
        """
        self._keep(asyncio.create_task(self._first(worker_id)), None)

    async def run(self) -> None:
        """Send whatever falls due after each `wake`, until `stop`."""
        while not self._stopping:
            await self._awake.wait()
            self._awake.clear()
            limit = self._free()
            if limit <= 0:
                continue  # whoever finishes wakes this loop
            try:
                rows = await self._claim(limit)
            except Exception as fault:  # the database may be away for a while; the next tick tries again
                log.warning("outbox_unreachable", fault=type(fault).__name__)
                continue
            for row in rows:
                self._keep(asyncio.create_task(self._handle(row)), row.towards)
            if len(rows) == limit:
                self._awake.set()

    async def sweep(self) -> int:
        """Claim one batch and send it; return how many rows were handled."""
        rows = await self._claim(self._free())
        await asyncio.gather(*(self._handle(row) for row in rows))
        return len(rows)

    async def stop(self, running: asyncio.Task[None]) -> None:
        """End `run`, and let those in flight finish, for some seconds; what does not is sent again when its lease ends.

        A claim is never cut off: what it leased would wait for nothing.
        """
        self._stopping = True
        self._awake.set()
        await asyncio.wait([running])
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=DRAIN)
            for task in late:
                task.cancel()

    async def _first(self, worker_id: int) -> None:
        now, rows = self._clock.now(), list[OutboxRow]()
        try:
            rows = await self._db.write(lambda tx: tx.outbox.claim_own(worker_id, now, now + LEASE))
        except Exception as fault:  # they are sent in their turn
            log.warning("outbox_unreachable", fault=type(fault).__name__)
        self._awake.set()
        await asyncio.gather(*(self._handle(row, waits=False) for row in rows))

    def _keep(self, task: asyncio.Task[None], towards: tuple[str, str] | None) -> None:
        self._sending[task] = towards
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        del self._sending[task]
        self._awake.set()

    def _free(self) -> int:
        """Return how many rows may be claimed, whichever workspaces that are not full they are for."""
        fullest = max((n for n in self._to_each().values() if n < TO_ONE_PLACE), default=0)
        return min(AT_ONCE - len(self._sending), TO_ONE_PLACE - fullest)

    def _to_each(self) -> Counter[tuple[str, str]]:
        return Counter(place for place in self._sending.values() if place is not None)

    async def _claim(self, limit: int) -> list[OutboxRow]:
        now = self._clock.now()
        full = [place for place, n in self._to_each().items() if n >= TO_ONE_PLACE]
        return await self._db.write(lambda tx: tx.outbox.claim_due(now, now + LEASE, limit, closed=full))

    async def _handle(self, row: OutboxRow, *, waits: bool = True) -> None:
        """Send one row; whatever happens to it stops no other, and no content reaches the log."""
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._send(row, waits=waits)
        except Undeliverable as fault:
            await self._mark(row, self._set_aside(row, f"undeliverable: {fault}"))
        except NotYet as fault:
            log.debug("outbox_postponed", row=row.id, kind=row.notice.kind, reason=str(fault))
            due_at = self._clock.now() + timedelta(seconds=FIRST_DELAY if fault.after is None else fault.after)
            await self._mark(row, lambda tx: tx.outbox.postpone(row.id, due_at))
        except TryAgain as fault:
            await self._mark(row, self._later(row, f"try again: {fault}", fault.after))
        except Exception as fault:
            await self._mark(row, self._later(row, type(fault).__name__, None))

    async def _send(self, row: OutboxRow, *, waits: bool) -> None:
        """Send one row; when the platform asks for a little patience, the row keeps its place in the queue."""
        last = row.attempts >= ATTEMPTS
        try:
            await self._delivery.send(row, waits=waits, last=last)
        except NotYet as fault:
            if fault.after is None or fault.after > SOON:
                raise
            await self._delivery.send(row, last=last)

    async def _mark(self, row: OutboxRow, mark: Callable[[Transaction], None]) -> None:
        try:
            await self._db.write(mark)
        except Exception as fault:  # its lease runs out and it is sent again
            log.warning("outbox_mark_failed", row=row.id, fault=type(fault).__name__)

    def _later(self, row: OutboxRow, error: str, after: float | None) -> Callable[[Transaction], None]:
        if row.attempts >= ATTEMPTS:
            return self._set_aside(row, error)
        delay = after or 0.0
        if after is None or row.attempts > PATIENCE:  # who is told to wait again and again waits longer
            delay = max(delay, min(FIRST_DELAY * FACTOR ** (row.attempts - 1), LONGEST_DELAY))
        due_at = self._clock.now() + timedelta(seconds=delay * (1 + self._jitter() / 4))
        log.warning("outbox_retry", row=row.id, kind=row.notice.kind, attempts=row.attempts, error=error)
        return lambda tx: tx.outbox.retry(row.id, due_at, error)

    def _set_aside(self, row: OutboxRow, error: str) -> Callable[[Transaction], None]:
        log.error("outbox_set_aside", row=row.id, kind=row.notice.kind, attempts=row.attempts, error=error)
        now = self._clock.now()
        return lambda tx: tx.outbox.set_aside(row.id, now, error)
