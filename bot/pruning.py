"""Forgetting what nobody uses any more: forms left open, what old cards lead to, and codes that expired."""

from datetime import datetime, timedelta

import structlog

from bot.scheduler import Job
from core.ports import Database, Transaction
from core.times import Clock
from storage.drafts import prune_drafts

EVERY = timedelta(hours=1)
KEPT = timedelta(days=14)
"""Longer than any form stays open or any code is valid, and as long as what a card leads to is looked at."""

log = structlog.get_logger()


def pruning_job(db: Database, clock: Clock) -> Job:
    """Return the job that forgets it; any number of processes may do so at once."""

    async def run() -> None:
        before = clock.now() - KEPT
        try:
            await db.write(lambda tx: _prune(tx, before))
        except Exception as fault:  # the database may be away for a while; the next hour tries again
            log.warning("pruning_unreachable", fault=type(fault).__name__)

    return Job("pruning", EVERY, run)


def _prune(tx: Transaction, before: datetime) -> None:
    tx.codes.prune(before)
    prune_drafts(tx, before)
