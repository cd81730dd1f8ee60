"""The scheduler only wakes sweeps, and drops no late run."""

import asyncio
import threading
from datetime import timedelta

from bot.scheduler import Job, Scheduler


async def test_job_runs_again_and_again_until_stopped() -> None:
    runs, often_enough = 0, asyncio.Event()

    def run() -> None:
        nonlocal runs
        runs += 1
        if runs == 3:
            often_enough.set()

    scheduler = Scheduler([Job("sweep", timedelta(milliseconds=5), run)])
    scheduler.start()
    await often_enough.wait()
    scheduler.stop()

    assert runs >= 3


async def test_a_plain_function_runs_on_the_event_loop() -> None:
    """What it wakes lives there, and is not to be touched from a thread."""
    ran, threads = asyncio.Event(), []

    def run() -> None:
        threads.append(threading.current_thread())
        asyncio.get_running_loop().call_soon(ran.set)

    scheduler = Scheduler([Job("sweep", timedelta(milliseconds=5), run)])
    scheduler.start()
    await ran.wait()
    scheduler.stop()

    assert set(threads) == {threading.main_thread()}


async def test_failing_job_runs_again() -> None:
    runs, twice = 0, asyncio.Event()

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs == 2:
            twice.set()
        raise RuntimeError("down")

    scheduler = Scheduler([Job("sweep", timedelta(milliseconds=5), run)])
    scheduler.start()
    await twice.wait()
    scheduler.stop()

    assert runs >= 2


def test_late_runs_are_merged_and_never_dropped() -> None:
    scheduler = Scheduler([Job("sweep", timedelta(seconds=1), lambda: None)])

    defaults = scheduler._scheduler._job_defaults
    assert defaults == {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
