"""Reaching one worker: on the account he last used, on another of his, or where his e-mail address is known."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from bot.ports import AccountGone, Messenger, TryAgain, Undeliverable
from core.joining import is_given_away
from core.people import Account, Worker
from core.ports import Database, Transaction
from handlers.ui import Card


async def turn_of(
    db: Database, messengers: Mapping[str, Messenger], worker: Worker, accounts: Sequence[Account]
) -> bool:
    """Wait until the worker may be sent one message; tell whether what was read before is old by now.

    An account that he was not known by is looked for and stored. Raises TryAgain, NotYet.
    """
    running = _running(messengers, accounts) or await _found_accounts(db, messengers, worker)
    if not running:
        raise TryAgain("no account")
    waited = await messengers[running[0].platform].turn(running[0], replacing=False)
    return waited or running[0] not in accounts


async def post_to(
    db: Database, messengers: Mapping[str, Messenger], accounts: Sequence[Account], card: Card
) -> tuple[Account, tuple[str, ...]]:
    """Post to the first of the worker's accounts that can be reached; return it with the messages' ids.

    One that nobody is behind any more is forgotten, but for the last: the notice then tells that it leads nowhere.
    Raises TryAgain, Undeliverable.
    """
    running = _running(messengers, accounts)
    if not running:
        raise TryAgain("no account")
    for account in running[:-1]:
        try:
            return account, await messengers[account.platform].post(account, card)
        except AccountGone:
            await db.write(partial(_forget, account=account))
        except Undeliverable:
            continue
    return running[-1], await messengers[running[-1].platform].post(running[-1], card)


def _running(messengers: Mapping[str, Messenger], accounts: Sequence[Account]) -> list[Account]:
    return [a for a in accounts if a.platform in messengers]


def _forget(tx: Transaction, account: Account) -> None:
    tx.accounts.unlink(account)


async def _found_accounts(db: Database, messengers: Mapping[str, Messenger], worker: Worker) -> list[Account]:
    """Look for the worker on the platforms that run, by verified e-mail, and store the first that knows him."""
    for platform, messenger in messengers.items():
        found = await messenger.find_account(worker)
        if found is not None and (joined := await db.write(_joined(platform, *found, worker))) is not None:
            return [joined]
    return []


def _joined(platform: str, tenant: str, external_id: str, worker: Worker) -> Callable[[Transaction], Account | None]:
    """Join the account that was found, unless an administrator has given it to somebody else."""

    def join(tx: Transaction) -> Account | None:
        if is_given_away(tx, platform, tenant, external_id, worker):
            return None
        return tx.accounts.link(worker.id, platform, tenant, external_id, current=True, email=worker.email)

    return join
