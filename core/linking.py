"""Joining accounts to a worker by a one-time code, and what he wants of each: names of accounts are never trusted."""

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from core.errors import AccountTaken, CodeUnknown, LastAccount, NotFound, VersionConflict
from core.people import Account, Worker
from core.ports import Transaction

VALID_FOR: Final = timedelta(minutes=10)
_SIGNS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the letters that are read as others (Crockford's base 32): twelve of them are 60 bits."""
_LENGTH, _GROUP = 12, 4
_ALIKE: Final = str.maketrans("OIL", "011")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]+")


def new_code() -> str:
    """Return a code that nobody guesses, in groups as it is read and typed."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    return "-".join(signs[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def read_code(typed: str) -> str:
    """Return the code that was typed, "" if it is none: case, spaces and letters that look alike do not matter."""
    found = _BETWEEN.sub("", typed).upper().translate(_ALIKE)
    return found if len(found) == _LENGTH and set(found) <= set(_SIGNS) else ""


def give_code(tx: Transaction, actor: Worker, code: str, now: datetime) -> datetime:
    """Let a code join one account to the actor; return until when. A code that he had before is no longer valid."""
    expires_at = now + VALID_FOR
    tx.codes.add(_digest(code), actor.id, expires_at)
    return expires_at


def redeem(
    tx: Transaction, code: str, platform: str, tenant: str, external_id: str, now: datetime
) -> tuple[Account, Worker]:
    """Spend a code: join the account to the worker who asked for it. The same account may say it again.

    Raises CodeUnknown; AccountTaken if the account is another active worker's.
    """
    digest = _digest(code)
    found, known = tx.codes.find(digest), tx.accounts.find(platform, tenant, external_id)
    if found is None:
        raise CodeUnknown
    if found.account_id is not None:
        if known is None or (known[0].id, known[1].id) != (found.account_id, found.worker_id) or not known[1].active:
            raise CodeUnknown
        return known
    worker = tx.people.worker(found.worker_id)
    if now >= found.expires_at or not worker.active:
        raise CodeUnknown
    if known is not None and known[1].active and known[1].id != worker.id:
        raise AccountTaken(known[1].name)
    own = known is not None and known[1].id == worker.id
    account = known[0] if known and own else tx.accounts.link(worker.id, platform, tenant, external_id, current=True)
    if not tx.codes.use(digest, account.id):
        raise VersionConflict  # it was just spent, perhaps on this very account: look again
    return next(a for a in tx.accounts.of_worker(worker.id) if a.id == account.id), worker


def burn(tx: Transaction, code: str, now: datetime) -> None:
    """Let a code that others have read join nothing any more."""
    found = tx.codes.find(_digest(code))
    if found is not None and found.account_id is None:
        tx.codes.add(_digest(new_code()), found.worker_id, now)


def own_account(tx: Transaction, actor: Worker, account_id: int) -> Account:
    """Return one of the actor's accounts. Raises NotFound."""
    found = next((a for a in tx.accounts.of_worker(actor.id) if a.id == account_id), None)
    if found is None:
        raise NotFound
    return found


def spare_account(tx: Transaction, actor: Worker, account_id: int) -> Account:
    """Return one of the actor's accounts without which he is still told. Raises NotFound, LastAccount."""
    account = own_account(tx, actor, account_id)
    if all(a.muted or a.id == account.id for a in tx.accounts.of_worker(actor.id)):
        raise LastAccount
    return account


def unlink(tx: Transaction, actor: Worker, account_id: int) -> None:
    """Part one of the actor's accounts from him. Raises NotFound, LastAccount."""
    tx.accounts.unlink(spare_account(tx, actor, account_id))


def _digest(code: str) -> str:
    return sha256(f"rdv link {read_code(code)}".encode()).hexdigest()
