"""Time that passes only where somebody waits for it: minutes of throttled work are done in a moment."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from core.ports import Database, Transaction
from tests.clock import START

T = TypeVar("T")
ROUNDS = 25
"""So often every task that is ready may go on before nobody is taken to have anything else to do."""


class VirtualTime:
    """A clock that jumps to the next moment that somebody waits for, as soon as nobody is busy."""

    def __init__(self, at: datetime = START) -> None:
        self._at = at
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._busy = 0

    def now(self) -> datetime:
        """Return the present instant."""
        return self._at

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        moment: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self._at + timedelta(seconds=seconds), next(self._numbers), moment))
        await moment

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Let no time pass meanwhile: something real is being done (a disk writes)."""
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Let time pass until the work is done."""
        task = asyncio.create_task(work)
        while not await self._nothing_to_do(task):
            self._at, _, moment = heapq.heappop(self._waiting)
            if not moment.done():
                moment.set_result(None)
        return task.result()

    async def _nothing_to_do(self, task: "asyncio.Task[Any]") -> bool:
        """Wait until everybody waits for time to pass; tell whether the task is done by then."""
        quiet = 0
        while quiet < ROUNDS and not task.done():
            quiet = 0 if self._busy or not self._waiting else quiet + 1
            await asyncio.sleep(0 if quiet else 0.0001)
        return task.done()


class WatchedDatabase:
    """A database whose work takes no virtual time, and during which none passes."""

    def __init__(self, database: Database, time: VirtualTime) -> None:
        self._database = database
        self._time = time

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Read."""
        return await self._watched(self._database.read(work))

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Write."""
        return await self._watched(self._database.write(work))

    async def close(self) -> None:
        """Close."""
        await self._database.close()

    async def _watched(self, work: Awaitable[T]) -> T:
        with self._time.busy():
            return await work
