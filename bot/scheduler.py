"""What happens by the clock: a few interval jobs that only wake sweeps; the truth is always a row."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every `every`, never twice at a time."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[None] | None]


class Scheduler:
    """Runs the jobs of one process; its store is its own memory, so any number of processes may each have one."""

    def __init__(self, jobs: list[Job]) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for job in jobs:
            self._scheduler.add_job(_on_the_loop(job.run), "interval", id=job.name, seconds=job.every.total_seconds())

    def start(self) -> None:
        """Start the clock; called once, inside the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop the clock; what runs is not waited for."""
        self._scheduler.shutdown(wait=False)


def _on_the_loop(run: Callable[[], Awaitable[None] | None]) -> Callable[[], Awaitable[None]]:
    """Return the job as a coroutine: a plain function would be run in a thread, where nothing of the loop is safe."""

    async def job() -> None:
        waited = run()
        if waited is not None:
            await waited

    return job
