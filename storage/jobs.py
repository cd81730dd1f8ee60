"""Works on their way to a thread and back to the event loop that waits for them."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from core.ports import Transaction


@dataclass(slots=True, eq=False)
class Job:
    """One work, and what became of it."""

    work: Callable[[Transaction], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    result: Any = field(default=None)
    error: BaseException | None = field(default=None)


Jobs = SimpleQueue[Job | None]
"""Jobs in their order; None tells one thread to end."""


def next_batch(queue: Jobs, most: int) -> tuple[list[Job], bool]:
    """Wait for a job; return it with those behind it that still matter, and whether to end after them."""
    job = queue.get()
    batch: list[Job] = []
    while job is not None:
        if not job.future.cancelled():
            batch.append(job)
        if len(batch) == most:
            return batch, False
        try:
            job = queue.get_nowait()
        except Empty:
            return batch, False
    return batch, True


def settle(jobs: Iterable[Job]) -> None:
    """Answer everyone who waits, with one call into each event loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job)
    for loop, waiting in by_loop.items():
        try:
            loop.call_soon_threadsafe(_answer, waiting)
        except RuntimeError:  # that loop is closed: nobody waits any more
            continue


def _answer(jobs: Iterable[Job]) -> None:
    for job in jobs:
        if job.future.done():  # whoever waited was cancelled
            continue
        if job.error is None:
            job.future.set_result(job.result)
        elif isinstance(job.error, StopIteration):  # a future refuses to carry it
            job.future.set_exception(RuntimeError("the work raised StopIteration"))
        else:
            job.future.set_exception(job.error)
