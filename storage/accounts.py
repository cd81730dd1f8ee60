"""Accounts in SQL: a worker who has any that is not muted has exactly one current one, the preferred one if any."""

from typing import Any

import sqlalchemy as sa

from core.errors import LastAccount, VersionConflict
from core.people import Account, Worker
from storage.locks import take_worker
from storage.marking import mark_home
from storage.people import WORKER_COLUMNS
from storage.sql import storable
from storage.tables import accounts, copies, homes, link_codes, workers

_A = accounts.c
_best = accounts.alias("best")
_OUTRANKED = sa.exists().where(_best.c.worker_id == _A.worker_id, _best.c.preferred, _best.c.id != _A.id)
ACCOUNT_COLUMNS = (
    _A.id,
    _A.worker_id,
    _A.platform,
    _A.tenant,
    _A.external_id,
    _A.is_current,
    _A.email,
    _A.muted,
    _A.preferred,
    _OUTRANKED.label("outranked"),
)
_FIND = (
    sa.select(*ACCOUNT_COLUMNS, *WORKER_COLUMNS)
    .join_from(accounts, workers)
    .where(
        _A.platform == sa.bindparam("platform"),
        _A.tenant == sa.bindparam("tenant"),
        _A.external_id == sa.bindparam("external_id"),
    )
)
_WORKER: sa.BindParameter[Any] = sa.bindparam("worker")
_ID: sa.BindParameter[Any] = sa.bindparam("account")
_OF_WORKER = sa.select(*ACCOUNT_COLUMNS).where(_A.worker_id == _WORKER).order_by(_A.is_current.desc(), _A.muted, _A.id)
_ADD = sa.insert(accounts).returning(_A.id)
_MOVE = (
    sa.update(accounts)
    .where(_A.id == _ID)
    .values(worker_id=sa.bindparam("new_worker"), is_current=False, muted=False, preferred=False)
)
_PROVED = sa.update(accounts).where(_A.id == _ID).values(email=sa.bindparam("proof"))
_NONE_CURRENT = sa.update(accounts).where(_A.worker_id == _WORKER, _A.is_current).values(is_current=False)
_CURRENT = sa.update(accounts).where(_A.id == _ID, _A.worker_id == _WORKER).values(is_current=True)
_NONE_PREFERRED = sa.update(accounts).where(_A.worker_id == _WORKER, _A.preferred).values(preferred=False)
_PREFERRED = sa.update(accounts).where(_A.id == _ID).values(preferred=True, muted=False)
_MUTED = sa.update(accounts).where(_A.id == _ID).values(muted=True, preferred=False, is_current=False)
_HEARD = sa.update(accounts).where(_A.id == _ID).values(muted=False)
# Who has joined it otherwise meanwhile keeps it.
_AS_SEEN = (
    sa.select(_A.id).where(_A.id == _ID, _A.worker_id == _WORKER, _A.email == sa.bindparam("proof")).with_for_update()
)
_FORGET = (
    sa.delete(copies).where(copies.c.account_id == _ID),
    sa.delete(homes).where(homes.c.account_id == _ID),
    sa.delete(link_codes).where(link_codes.c.account_id == _ID),
    sa.delete(accounts).where(_A.id == _ID),
)


class SqlAccounts:
    """Implements `core.ports.Accounts`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, platform: str, tenant: str, external_id: str) -> tuple[Account, Worker] | None:
        values = {"platform": platform, "tenant": storable(tenant), "external_id": storable(external_id)}
        row = self._connection.execute(_FIND, values).first()
        split = len(ACCOUNT_COLUMNS)
        return (Account(*row[:split]), Worker(*row[split:])) if row is not None else None

    def of_worker(self, worker_id: int) -> list[Account]:
        return [Account(*row) for row in self._connection.execute(_OF_WORKER, {"worker": worker_id})]

    def link(
        self, worker_id: int, platform: str, tenant: str, external_id: str, *, current: bool, email: str = ""
    ) -> Account:
        take_worker(self._connection, worker_id)  # one transaction at a time chooses his current account
        known = self.find(platform, tenant, external_id)
        if known is None:
            values: dict[str, object] = {
                "worker_id": worker_id,
                "platform": platform,
                "tenant": tenant,
                "external_id": external_id,
            }
            values |= {"is_current": False, "email": email}
            account_id = int(self._connection.execute(_ADD, values).scalar_one())
        else:
            account_id = known[0].id
            if self._connection.execute(_PROVED, {"account": account_id, "proof": email}).rowcount != 1:
                raise VersionConflict  # it has just been forgotten
            self._move(known[0], worker_id)
        self._choose_current(worker_id, account_id if current else 0)
        return next(a for a in self.of_worker(worker_id) if a.id == account_id)

    def make_current(self, account: Account) -> None:
        take_worker(self._connection, account.worker_id)
        self._choose_current(account.worker_id, account.id)

    def prefer(self, account: Account, *, preferred: bool) -> None:
        take_worker(self._connection, account.worker_id)
        known = self._still(account)
        if known is None or known.preferred == preferred:
            return
        self._connection.execute(_NONE_PREFERRED, {"worker": account.worker_id})
        if preferred:
            self._connection.execute(_PREFERRED, {"account": account.id})
        self._choose_current(account.worker_id)

    def mute(self, account: Account, *, muted: bool) -> None:
        take_worker(self._connection, account.worker_id)
        known = self._still(account)
        if known is None or known.muted == muted:
            return
        if muted and all(a.muted or a.id == known.id for a in self.of_worker(account.worker_id)):
            raise LastAccount
        self._connection.execute(_MUTED if muted else _HEARD, {"account": account.id})
        self._choose_current(account.worker_id)

    def unlink(self, account: Account) -> None:
        take_worker(self._connection, account.worker_id)
        values = {"account": account.id, "worker": account.worker_id, "proof": account.email}
        if self._connection.execute(_AS_SEEN, values).first() is None:
            return
        for statement in _FORGET:
            self._connection.execute(statement, {"account": account.id})
        self._choose_current(account.worker_id)

    def _move(self, account: Account, worker_id: int) -> None:
        if account.worker_id == worker_id:
            return
        self._connection.execute(_MOVE, {"account": account.id, "new_worker": worker_id})
        mark_home(self._connection, account.id)
        self._choose_current(account.worker_id)

    def _still(self, account: Account) -> Account | None:
        """Return the account as it is now, if it is this worker's still."""
        return next((a for a in self.of_worker(account.worker_id) if a.id == account.id), None)

    def _choose_current(self, worker_id: int, wanted: int = 0) -> None:
        """Let the right one be current: the preferred one, else the one `wanted`, else the one that is, else any."""
        heard = [a for a in self.of_worker(worker_id) if not a.muted]
        best = max(heard, key=lambda a: (a.preferred, a.id == wanted, a.current, -a.id), default=None)
        if best is not None and not best.current:
            self._connection.execute(_NONE_CURRENT, {"worker": worker_id})
            self._connection.execute(_CURRENT, {"account": best.id, "worker": worker_id})
