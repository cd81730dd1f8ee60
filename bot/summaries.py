"""Daily summaries: the sweep that plans them."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.scheduler import Job
from core.ports import Database
from core.summaries import plan
from core.times import Clock

EVERY = timedelta(minutes=1)

log = structlog.get_logger()


def summary_job(db: Database, clock: Clock, wake: Callable[[], None]) -> Job:
    """Return the job that plans what has fallen due, and wakes the outbox if anything has."""

    async def run() -> None:
        try:
            if await plan_summaries(db, clock):
                wake()
        except Exception as fault:  # the database may be away for a while; the next minute tries again
            log.warning("summaries_unreachable", fault=type(fault).__name__)

    return Job("summaries", EVERY, run)


async def plan_summaries(db: Database, clock: Clock) -> int:
    """Plan those that have fallen due; return how many. Any number of processes may do so at once.

    Where many have, the rest follow a minute later: what is told of a booking would else wait behind them all.
    """
    now = clock.now()
    if not await db.read(lambda tx: tx.choices.summaries_due(now, 1)):
        return 0
    return await db.write(lambda tx: plan(tx, now))
