"""Accounts in SQL: a worker who has any has exactly one current one."""

from typing import Any

import sqlalchemy as sa

from core.errors import VersionConflict
from core.people import Account, Worker
from storage.locks import take_worker
from storage.marking import mark_home
from storage.people import WORKER_COLUMNS
from storage.sql import storable
from storage.tables import accounts, copies, homes, workers

_A = accounts.c
ACCOUNT_COLUMNS = (_A.id, _A.worker_id, _A.platform, _A.tenant, _A.external_id, _A.is_current, _A.email)
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
_OF_WORKER = sa.select(*ACCOUNT_COLUMNS).where(_A.worker_id == _WORKER).order_by(_A.is_current.desc(), _A.id)
_ADD = sa.insert(accounts).returning(_A.id)
_MOVE = sa.update(accounts).where(_A.id == _ID).values(worker_id=sa.bindparam("new_worker"), is_current=False)
_PROVED = sa.update(accounts).where(_A.id == _ID).values(email=sa.bindparam("proof"))
_NONE_CURRENT = sa.update(accounts).where(_A.worker_id == _WORKER, _A.is_current).values(is_current=False)
_CURRENT = sa.update(accounts).where(_A.id == _ID, _A.worker_id == _WORKER).values(is_current=True)
# Who has joined it otherwise meanwhile keeps it.
_AS_SEEN = (
    sa.select(_A.id).where(_A.id == _ID, _A.worker_id == _WORKER, _A.email == sa.bindparam("proof")).with_for_update()
)
_FORGET = (
    sa.delete(copies).where(copies.c.account_id == _ID),
    sa.delete(homes).where(homes.c.account_id == _ID),
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
        if current or not self._has_current(worker_id):
            self._make_current(account_id, worker_id)
        return next(a for a in self.of_worker(worker_id) if a.id == account_id)

    def make_current(self, account: Account) -> None:
        take_worker(self._connection, account.worker_id)
        self._make_current(account.id, account.worker_id)

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

    def _choose_current(self, worker_id: int) -> None:
        left = self.of_worker(worker_id)
        if left and not left[0].current:
            self._make_current(left[0].id, worker_id)

    def _has_current(self, worker_id: int) -> bool:
        return any(a.current for a in self.of_worker(worker_id))

    def _make_current(self, account_id: int, worker_id: int) -> None:
        self._connection.execute(_NONE_CURRENT, {"worker": worker_id})
        self._connection.execute(_CURRENT, {"account": account_id, "worker": worker_id})
