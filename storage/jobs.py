"""Works that wait to be committed, and who waits for them."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from core.ports import Transaction


@dataclass(slots=True, eq=False)
class Job:
    """One work, and what became of it."""

    work: Callable[[Transaction], Any]
    future: "asyncio.Future[Any]"
    result: Any = field(default=None)
    error: BaseException | None = field(default=None)


def next_group(waiting: deque[Job], most: int) -> list[Job]:
    """Take the first jobs that somebody still waits for."""
    group: list[Job] = []
    while waiting and len(group) < most:
        job = waiting.popleft()
        if not job.future.done():
            group.append(job)
    return group


def answer(jobs: Iterable[Job]) -> None:
    """Answer everyone who still waits."""
    for job in jobs:
        if job.future.done():  # whoever waited was cancelled
            continue
        if job.error is None:
            job.future.set_result(job.result)
        elif isinstance(job.error, StopIteration):  # a future refuses to carry it
            job.future.set_exception(RuntimeError("the work raised StopIteration"))
        else:
            job.future.set_exception(job.error)
