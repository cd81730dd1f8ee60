"""What is done after a platform was answered: tasks that are kept, reported when they fail, and waited for."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.ports import TryAgain, Undeliverable

GRACE = 5.0

log = structlog.get_logger()


class Background:
    """Runs what must call a platform back: a click is answered in time even when the platform itself is slow."""

    def __init__(self, platform: str, *told: type[Exception]) -> None:
        """`told` are further faults whose message names nobody: it reaches the log."""
        self._event = f"{platform}_answer_failed"
        self._told = (TryAgain, Undeliverable, *told)
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Start the work; a fault of it reaches the log, without content."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def drain(self, grace: float = GRACE) -> None:
        """Wait until nothing is left to do, but no longer than `grace` seconds."""

        async def idle() -> None:
            while self._tasks:
                await asyncio.wait(self._tasks)

        try:
            await asyncio.wait_for(idle(), grace)
        except TimeoutError:
            for task in self._tasks:
                task.cancel()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            reason = str(fault) if isinstance(fault, self._told) else ""
            log.warning(self._event, fault=type(fault).__name__, reason=reason)
