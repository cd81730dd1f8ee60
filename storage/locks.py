"""Locks on a worker's row: on PostgreSQL alone, since SQLite has one writer at a time anyway."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage.tables import workers

_ROW = sa.select(workers.c.id).where(workers.c.id == sa.bindparam("worker"))
# Who books shares the worker's row, who edits his agenda takes it: neither disturbs those who only refer to it.
_SHARE = _ROW.with_for_update(read=True)
_SHARE_ALL = (
    sa.select(workers.c.id).where(workers.c.id.in_(sa.bindparam("workers", expanding=True))).with_for_update(read=True)
)
_TAKE = _ROW.with_for_update(key_share=True)


def share_worker(connection: sa.Connection, worker_id: int) -> None:
    """Keep what belongs to the worker from being edited until the transaction ends."""
    _lock(connection, _SHARE, worker_id)


def share_workers(connection: sa.Connection, worker_ids: Sequence[int]) -> None:
    """Keep what belongs to these workers from being edited until the transaction ends."""
    if worker_ids and connection.dialect.name == "postgresql":
        connection.execute(_SHARE_ALL, {"workers": list(worker_ids)})


def take_worker(connection: sa.Connection, worker_id: int) -> None:
    """Let nobody else share or edit what belongs to the worker until the transaction ends."""
    _lock(connection, _TAKE, worker_id)


def _lock(connection: sa.Connection, statement: sa.Select[Any], worker_id: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(statement, {"worker": worker_id})
