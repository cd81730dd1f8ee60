"""Whom a message is from: the worker behind its author, found while somebody waits for the form."""

import asyncio

from bot.dispatcher import Dispatcher, Sender
from bot.ports import TryAgain
from bot.slack.directory import Directory
from core.ports import Database

PATIENCE = 1.0
"""Seconds for asking Slack: the form must open within three."""


async def author_of(author: Sender, db: Database, dispatcher: Dispatcher, directory: Directory) -> int | None:
    """Return the worker's id: by his account, else by the e-mail address that Slack has verified; None if unknown.

    Nobody is linked by it: he did nothing himself.
    """
    known = await dispatcher.find(author)
    if known is not None:
        return known[1].id
    try:
        async with asyncio.timeout(PATIENCE):
            standing = await directory.standing_of(author.external_id)
    except (TryAgain, TimeoutError):
        return None
    if standing is None or not standing.email:
        return None
    worker = await db.read(lambda tx: tx.people.worker_by_email(standing.email))
    return worker.id if worker is not None and worker.active else None
