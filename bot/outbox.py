"""The outbox: claims due notices and sends each alone, with back-off; the truth is always a row (rule 7)."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from bot.delivery import Delivery
from bot.ports import Messenger, TryAgain, Undeliverable
from core.ports import Database, OutboxRow, Transaction
from core.times import Clock

LEASE = timedelta(seconds=60)
TIMEOUT = 45.0
AT_ONCE = 16
ATTEMPTS = 10
PATIENCE = 3
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
        self._sending: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """Look for due notices now: a commit may have added some, or time has passed."""
        self._awake.set()

    async def run(self) -> None:
        """Send whatever falls due after each `wake`, until `stop`."""
        while not self._stopping:
            await self._awake.wait()
            self._awake.clear()
            free = AT_ONCE - len(self._sending)
            if free <= 0:
                continue  # whoever finishes wakes this loop
            try:
                rows = await self._claim(free)
            except Exception as fault:  # the database may be away for a while; the next tick tries again
                log.warning("outbox_unreachable", fault=type(fault).__name__)
                continue
            for row in rows:
                task = asyncio.create_task(self._handle(row))
                self._sending.add(task)
                task.add_done_callback(self._finished)

    async def sweep(self) -> int:
        """Claim one batch and send it; return how many rows were handled."""
        rows = await self._claim(AT_ONCE)
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

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self._awake.set()

    async def _claim(self, limit: int) -> list[OutboxRow]:
        now = self._clock.now()
        return await self._db.write(lambda tx: tx.outbox.claim_due(now, now + LEASE, limit))

    async def _handle(self, row: OutboxRow) -> None:
        """Send one row; whatever happens to it stops no other, and no content reaches the log."""
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._delivery.send(row)
        except Undeliverable as fault:
            await self._mark(row, self._set_aside(row, f"undeliverable: {fault}"))
        except TryAgain as fault:
            await self._mark(row, self._later(row, f"try again: {fault}", fault.after))
        except Exception as fault:
            await self._mark(row, self._later(row, type(fault).__name__, None))

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
