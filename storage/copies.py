"""The card copies that were sent, in SQL."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.people import Account
from core.ports import Copy
from storage.accounts import ACCOUNT_COLUMNS
from storage.tables import accounts, copies

_C = copies.c
_COPIES = (
    sa.select(_C.id, _C.appointment_id, _C.account_id, _C.messages, _C.version, *ACCOUNT_COLUMNS)
    .join_from(copies, accounts)
    .where(_C.appointment_id == sa.bindparam("appointment"))
    .order_by(_C.id)
)
_COPIES_OF_WORKER = _COPIES.where(accounts.c.worker_id == sa.bindparam("worker"))
_OUTDATE = (
    sa.update(copies)
    .where(
        _C.appointment_id == sa.bindparam("appointment"),
        _C.account_id.in_(sa.select(accounts.c.id).where(accounts.c.worker_id == sa.bindparam("worker"))),
    )
    .values(version=0)
)
_ADD_COPY = sa.insert(copies).returning(_C.id)
_UPDATE_COPY = (
    sa.update(copies)
    .where(_C.id == sa.bindparam("copy"))
    .values(messages=sa.bindparam("ids"), version=sa.bindparam("shown"))
)
_DROP_COPY = sa.delete(copies).where(_C.id == sa.bindparam("copy"))


class SqlCopies:
    """The part of `core.ports.Outbox` that remembers which messages show an appointment."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def copies(self, appointment_id: int, worker_id: int | None = None) -> list[tuple[Copy, Account]]:
        values: dict[str, Any] = {"appointment": appointment_id}
        if worker_id is not None:
            values["worker"] = worker_id
        statement = _COPIES if worker_id is None else _COPIES_OF_WORKER
        return [_copy(row) for row in self._connection.execute(statement, values)]

    def save_copy(self, appointment_id: int, account_id: int, messages: tuple[str, ...], version: int) -> Copy:
        values = {
            "appointment_id": appointment_id,
            "account_id": account_id,
            "messages": json.dumps(messages),
            "version": version,
        }
        copy_id = int(self._connection.execute(_ADD_COPY, values).scalar_one())
        return Copy(copy_id, appointment_id, account_id, messages, version)

    def update_copy(self, copy_id: int, messages: tuple[str, ...], version: int) -> None:
        if messages:
            values = {"copy": copy_id, "ids": json.dumps(messages), "shown": version}
            self._connection.execute(_UPDATE_COPY, values)
        else:
            self._connection.execute(_DROP_COPY, {"copy": copy_id})

    def _outdate(self, appointment_id: int, worker_id: int) -> None:
        self._connection.execute(_OUTDATE, {"appointment": appointment_id, "worker": worker_id})


def _copy(row: Sequence[Any]) -> tuple[Copy, Account]:
    copy_id, appointment_id, account_id, messages, version, *account = row
    return Copy(copy_id, appointment_id, account_id, tuple(json.loads(messages)), version), Account(*account)
