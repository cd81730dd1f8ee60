"""Daily summaries: the sweep that plans them, and what is sent of one when its turn comes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.scheduler import Job
from core.notices import Notice
from core.people import Account, Worker
from core.ports import Database, Transaction
from core.preferring import preferences_of
from core.summaries import plan, view_summary
from core.times import Clock
from handlers.cards.summary import summary_card
from handlers.i18n import Texts
from handlers.ui import Card

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


def summary_to_send(tx: Transaction, notice: Notice, now: datetime) -> tuple[Worker, list[Account], Card] | None:
    """Return whom a SUMMARY is told and the card of the day as it stands now; None if there is nothing to tell."""
    recipient = tx.people.worker(notice.recipient_id)
    over = notice.expires_at is not None and now >= notice.expires_at
    wanted = preferences_of(tx, recipient).summary_at is not None  # he may have switched it off since
    if over or notice.day is None or not recipient.active or not wanted:
        return None
    view = view_summary(tx, recipient, notice.day, now)
    if view is None:
        return None
    card = summary_card(view, Texts(recipient.locale, recipient.zone), now)
    return recipient, tx.accounts.of_worker(recipient.id), card
