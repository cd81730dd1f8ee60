"""One-time codes that join an account to a worker, in SQL."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.people import LinkCode
from storage.locks import take_worker
from storage.tables import link_codes
from storage.types import Instant

_L = link_codes.c
_DIGEST: sa.BindParameter[Any] = sa.bindparam("code")
_ADD = sa.insert(link_codes)
_FIND = sa.select(_L.worker_id, _L.expires_at, _L.account_id).where(_L.digest == _DIGEST)
_USE = (
    sa.update(link_codes)
    .where(_L.digest == _DIGEST, _L.account_id.is_(None))
    .values(account_id=sa.bindparam("account"))
)
_FORGET_UNUSED = sa.delete(link_codes).where(_L.worker_id == sa.bindparam("worker"), _L.account_id.is_(None))
_PRUNE = sa.delete(link_codes).where(_L.expires_at < sa.bindparam("before", type_=Instant()))


class SqlLinkCodes:
    """Implements `core.ports.LinkCodes`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, digest: str, worker_id: int, expires_at: datetime) -> None:
        take_worker(self._connection, worker_id)  # of two asked for at once, the second is the one that is valid
        self._connection.execute(_FORGET_UNUSED, {"worker": worker_id})
        self._connection.execute(_ADD, {"digest": digest, "worker_id": worker_id, "expires_at": expires_at})

    def find(self, digest: str) -> LinkCode | None:
        row = self._connection.execute(_FIND, {"code": digest}).first()
        return LinkCode(*row) if row is not None else None

    def use(self, digest: str, account_id: int) -> bool:
        return self._connection.execute(_USE, {"code": digest, "account": account_id}).rowcount == 1

    def prune(self, before: datetime) -> None:
        self._connection.execute(_PRUNE, {"before": before})
