"""Reaching one worker: on the account he last used, on another of his, or where his e-mail address is known."""

from collections.abc import Callable, Mapping, Sequence

from bot.ports import Messenger, TryAgain, Undeliverable
from core.people import Account, Worker
from core.ports import Database, Transaction
from handlers.ui import Card


async def post_to(
    db: Database, messengers: Mapping[str, Messenger], worker: Worker, accounts: Sequence[Account], card: Card
) -> tuple[Account, tuple[str, ...]]:
    """Post to the first of the worker's accounts that can be reached; return it with the messages' ids.

    Raises TryAgain, Undeliverable.
    """
    running = [a for a in accounts if a.platform in messengers]
    if not running:
        running = await _found_accounts(db, messengers, worker)
    if not running:
        raise TryAgain("no account")
    for account in running[:-1]:
        try:
            return account, await messengers[account.platform].post(account, card)
        except Undeliverable:
            continue
    return running[-1], await messengers[running[-1].platform].post(running[-1], card)


async def _found_accounts(db: Database, messengers: Mapping[str, Messenger], worker: Worker) -> list[Account]:
    """Look for the worker on the platforms that run, by verified e-mail, and store the first that knows him."""
    for platform, messenger in messengers.items():
        found = await messenger.find_account(worker)
        if found is not None:
            tenant, external_id = found
            return [await db.write(_linked(worker.id, platform, tenant, external_id))]
    return []


def _linked(worker_id: int, platform: str, tenant: str, external_id: str) -> Callable[[Transaction], Account]:
    return lambda tx: tx.accounts.link(worker_id, platform, tenant, external_id, current=True)
