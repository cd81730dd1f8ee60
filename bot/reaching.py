"""Reaching one worker: on the account that his notices go to, on another of his, or where his address is known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from bot.ports import AccountGone, Messenger, NotYet, TryAgain, Undeliverable
from core.joining import is_given_away
from core.people import Account, Worker
from core.ports import Database, Transaction
from handlers.ui import Card, Live

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letter:
    """A card for one worker, with his accounts; with `live`, it is a copy of that appointment."""

    worker: Worker
    accounts: Sequence[Account]
    card: Card
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a letter was posted, the messages' ids, and on which platforms that failed for good before."""

    letter: Letter
    account: Account
    messages: tuple[str, ...]
    failed: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tried:
    """What was tried in vain: the accounts' numbers, and what the ledger says of them."""

    accounts: set[int] = field(default_factory=set)
    why: list[str] = field(default_factory=list)


async def reach(
    db: Database,
    messengers: Mapping[str, Messenger],
    look: Callable[[Transaction], Letter | None],
    *,
    last: bool = False,
) -> Posted | None:
    """Post what `look` returns when it is the account's turn, to the first of the worker's that can be reached.

    A muted account is none of them. Each waits for its own turn. Where one fails for good, the next one is tried; one
    that nobody is behind any more is forgotten, but for the last: the notice then tells that it leads nowhere. An
    account that he was not known by is looked for and stored. With `last`, nobody will try again: an account that fails
    for now has failed for good, as long as there is another. Returns None once there is nothing to tell any more.
    Raises TryAgain, NotYet, Undeliverable.
    """
    tried, letter, ready = _Tried(), await db.read(look), 0
    while letter is not None:
        left = _left(messengers, letter.accounts, tried)
        account = left[0] if left else await _found_account(db, messengers, letter.worker, tried)
        messenger = messengers[account.platform]
        try:
            if account.id != ready:
                waited = await messenger.turn(account, replacing=False)
                ready = account.id
                if waited or not left:  # what was read before is old by now
                    letter = await db.read(look)
                    continue
            return Posted(letter, account, await messenger.post(account, letter.card), tuple(tried.why))
        except (Undeliverable, TryAgain) as fault:
            passes = isinstance(fault, TryAgain)
            if passes and (not last or isinstance(fault, NotYet) or len(left) <= 1):
                raise
            if len(left) <= 1:
                raise Undeliverable("; ".join([*tried.why, f"{account.platform}: {fault}"])) from fault
            if isinstance(fault, AccountGone):
                await db.write(partial(_forget, account=account))
            tried.accounts.add(account.id)
            tried.why.append(f"{account.platform}: {fault}")
            log.warning("account_failed", account=account.id, platform=account.platform, reason=str(fault))
    return None


def _left(messengers: Mapping[str, Messenger], accounts: Sequence[Account], tried: _Tried) -> list[Account]:
    return [a for a in accounts if a.platform in messengers and not a.muted and a.id not in tried.accounts]


def _forget(tx: Transaction, account: Account) -> None:
    tx.accounts.unlink(account)


async def _found_account(db: Database, messengers: Mapping[str, Messenger], worker: Worker, tried: _Tried) -> Account:
    """Look for the worker on the platforms that run, by verified e-mail, and store the first that knows him."""
    for platform, messenger in messengers.items():
        found = await messenger.find_account(worker)
        if found is None:
            continue
        joined = await db.write(_joined(platform, *found, worker))
        if joined is not None and not joined.muted and joined.id not in tried.accounts:
            return joined
    raise TryAgain("no account")


def _joined(platform: str, tenant: str, external_id: str, worker: Worker) -> Callable[[Transaction], Account | None]:
    """Join the account that was found, unless an administrator has given it to somebody else."""

    def join(tx: Transaction) -> Account | None:
        if is_given_away(tx, platform, tenant, external_id, worker):
            return None
        return tx.accounts.link(worker.id, platform, tenant, external_id, current=True, email=worker.email)

    return join
