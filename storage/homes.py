"""Homes of accounts: what each shows, when it is looked at again, and who is looking after it now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from core.people import Account
from core.ports import Transaction
from storage.accounts import ACCOUNT_COLUMNS
from storage.marking import AT_ONCE, MARKED
from storage.sql import insert_by_dialect
from storage.tables import accounts, homes
from storage.types import Instant

if TYPE_CHECKING:
    from storage.transaction import SqlTransaction


@dataclass(frozen=True, slots=True)
class Home:
    """A home that was leased: `shown` is the digest of what it shows, "" for nothing; `mark` counts its changes."""

    account: Account
    shown: str
    mark: int


_H, _A = homes.c, accounts.c
_NOW = sa.bindparam("now", type_=Instant())
_ACCOUNT: sa.BindParameter[Any] = sa.bindparam("account")
_OPEN = insert_by_dialect(
    homes, lambda insert: insert.on_conflict_do_update(index_elements=["account_id"], set_=MARKED)
)
_MARK_ALL = sa.update(homes).values(MARKED)
_FREE = sa.or_(_H.lease_until.is_(None), _H.lease_until <= _NOW)
_ROWS = sa.select(*ACCOUNT_COLUMNS, _H.digest, _H.mark).join_from(homes, accounts)
_DUE = (
    _ROWS.where(
        _H.next_at <= _NOW,
        _FREE,
        _A.tenant.not_in(sa.bindparam("closed", expanding=True)),
    )
    .order_by(_H.next_at, _H.account_id)
    .limit(1)
    .with_for_update(skip_locked=True, of=homes)
)
_ANY_DUE = sa.select(_H.account_id).where(_H.next_at <= _NOW, _FREE).limit(1)
_ONE = _ROWS.where(_H.account_id == _ACCOUNT, _FREE).with_for_update(of=homes)
# What it shows is not known until whoever has it says so: a call may be cut off after Slack has taken it.
_LEASE = (
    sa.update(homes)
    .where(_H.account_id == _ACCOUNT)
    .values(digest="", lease_until=sa.bindparam("until", type_=Instant()))
)
_SHOWN = (
    sa.update(homes)
    .where(_H.account_id == _ACCOUNT)
    .values(
        digest=sa.bindparam("shows"),
        lease_until=None,
        next_at=sa.case((_H.mark == sa.bindparam("seen"), sa.bindparam("again_at", type_=Instant())), else_=_H.next_at),
    )
)
_POSTPONE = (
    sa.update(homes)
    .where(_H.account_id == _ACCOUNT)
    .values(lease_until=None, next_at=sa.bindparam("again_at", type_=Instant()))
)
_CLOSE = sa.delete(homes).where(_H.account_id == _ACCOUNT)


def mark_every_home(tx: Transaction, now: datetime) -> None:
    """Let all homes be looked at, as an import may have changed any."""
    _connection(tx).execute(_MARK_ALL, {"at": now})


def open_home(tx: Transaction, account_id: int, now: datetime, lease_until: datetime) -> Home | None:
    """Lease the account's home, which is made if there is none.

    Returns None while somebody else looks after it; then he, or whoever comes next, looks again.
    """
    connection = _connection(tx)
    row = {"account_id": account_id, "digest": "", "next_at": now, "mark": 0, "lease_until": None}
    connection.execute(_OPEN[connection.dialect.name], {**row, "at": AT_ONCE})
    found = connection.execute(_ONE, {"account": account_id, "now": now}).first()
    return _leased(connection, found, lease_until)


def any_home_due(tx: Transaction, now: datetime) -> bool:
    """Tell whether some home is to be looked at; it only reads."""
    return _connection(tx).execute(_ANY_DUE, {"now": now}).first() is not None


def claim_home(tx: Transaction, now: datetime, lease_until: datetime, closed: Collection[str] = ()) -> Home | None:
    """Lease the home that is due first, in none of the tenants `closed`.

    Those that a change has marked come before those that the clock makes look otherwise.
    """
    connection = _connection(tx)
    found = connection.execute(_DUE, {"now": now, "closed": list(closed)}).first()
    return _leased(connection, found, lease_until)


def home_shown(tx: Transaction, home: Home, digest: str, next_at: datetime | None) -> None:
    """Free a home that shows `digest` now; it is looked at again at `next_at`, or sooner if it was marked since."""
    values = {"account": home.account.id, "shows": digest, "seen": home.mark, "again_at": next_at}
    _connection(tx).execute(_SHOWN, values)


def postpone_home(tx: Transaction, home: Home, due_at: datetime) -> None:
    """Free a home that could not be shown; it is tried again at `due_at`, and counts as showing nothing until then."""
    _connection(tx).execute(_POSTPONE, {"account": home.account.id, "again_at": due_at})


def close_home(tx: Transaction, home: Home) -> None:
    """Forget a home that nobody can be shown any more; opening it makes it again."""
    _connection(tx).execute(_CLOSE, {"account": home.account.id})


def _leased(connection: sa.Connection, row: Any, until: datetime) -> Home | None:
    if row is None:
        return None
    *account, digest, mark = row
    home = Home(Account(*account), digest, mark)
    connection.execute(_LEASE, {"account": home.account.id, "until": until})
    return home


def _connection(tx: Transaction) -> sa.Connection:
    return cast("SqlTransaction", tx).connection
