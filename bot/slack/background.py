"""What is done after Slack was answered: tasks that are kept, reported when they fail, and waited for at the end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.ports import TryAgain, Undeliverable
from bot.slack.api import Refused

GRACE = 5.0

log = structlog.get_logger()


class Background:
    """Runs what must call Slack back: a click is answered in time even when Slack itself is slow."""

    def __init__(self) -> None:
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
            reason = str(fault) if isinstance(fault, Refused | TryAgain | Undeliverable) else ""
            log.warning("slack_answer_failed", fault=type(fault).__name__, reason=reason)
