"""The conversations of the web chat: its messages, and what changed in them since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

import sqlalchemy as sa

from core.ports import Transaction
from storage.tables import web_messages, workers
from storage.transaction import SqlTransaction

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class WebMessage:
    """One message; `card` is the neutral card as JSON, `seq` grows within the worker's conversation at each change."""

    id: int
    worker_id: int
    direction: Direction
    card: str
    seq: int
    created_at: datetime


_M = web_messages.c
_SEEN = sa.select(_M.id, _M.worker_id, _M.direction, _M.card, _M.seq, _M.created_at).where(
    _M.worker_id == sa.bindparam("worker"), sa.not_(_M.gone)
)
_FIND = _SEEN.where(_M.id == sa.bindparam("message"))
_CHANGED = _SEEN.where(_M.seq > sa.bindparam("after")).order_by(_M.seq).limit(sa.bindparam("most"))
_NEWEST = _SEEN.order_by(_M.id.desc()).limit(sa.bindparam("most"))
_BEFORE = _SEEN.where(_M.id < sa.bindparam("before")).order_by(_M.id.desc()).limit(sa.bindparam("most"))
_LATEST = sa.select(sa.func.coalesce(sa.func.max(_M.seq), 0)).where(_M.worker_id == sa.bindparam("worker"))
# Two writers of one conversation wait for each other here, so that changes are committed in the order of `seq`.
_LOCK = sa.select(workers.c.id).where(workers.c.id == sa.bindparam("worker")).with_for_update(key_share=True)
_ADD = sa.insert(web_messages).returning(_M.id)
_REPLACE = (
    sa.update(web_messages)
    .where(_M.id == sa.bindparam("message"), _M.worker_id == sa.bindparam("worker"), sa.not_(_M.gone))
    .values(card=sa.bindparam("new_card"), seq=sa.bindparam("new_seq"))
)
_TOUCH = (
    sa.update(web_messages)
    .where(_M.id == sa.bindparam("message"), _M.worker_id == sa.bindparam("worker"), sa.not_(_M.gone))
    .values(seq=sa.bindparam("new_seq"))
)


def add_message(tx: Transaction, worker_id: int, direction: Direction, card: str, now: datetime) -> int:
    """Append a message to the worker's conversation; return its id."""
    connection = _connection(tx)
    row = {
        "worker_id": worker_id,
        "direction": direction,
        "card": card,
        "seq": _next(connection, worker_id),
        "created_at": now,
        "gone": False,
    }
    return int(connection.execute(_ADD, row).scalar_one())


def replace_message(tx: Transaction, worker_id: int, message_id: int, card: str) -> bool:
    """Put `card` in the place of a message, which counts as changed; False if it is gone."""
    connection = _connection(tx)
    values = {"message": message_id, "worker": worker_id, "new_card": card, "new_seq": _next(connection, worker_id)}
    return connection.execute(_REPLACE, values).rowcount == 1


def touch_message(tx: Transaction, worker_id: int, message_id: int) -> None:
    """Let a message count as changed, so that it is shown anew."""
    connection = _connection(tx)
    connection.execute(_TOUCH, {"message": message_id, "worker": worker_id, "new_seq": _next(connection, worker_id)})


def find_message(tx: Transaction, worker_id: int, message_id: int) -> WebMessage | None:
    """Return a message of this worker's conversation."""
    row = _connection(tx).execute(_FIND, {"worker": worker_id, "message": message_id}).first()
    return _message(row) if row is not None else None


def changed_messages(tx: Transaction, worker_id: int, after: int, limit: int = 200) -> list[WebMessage]:
    """Return what was added or replaced since `after`, in the order of the changes."""
    rows = _connection(tx).execute(_CHANGED, {"worker": worker_id, "after": after, "most": limit})
    return [_message(row) for row in rows]


def page_of_messages(tx: Transaction, worker_id: int, limit: int, before: int | None = None) -> list[WebMessage]:
    """Return the newest messages (older than the message `before`), the oldest of them first."""
    values: dict[str, Any] = {"worker": worker_id, "most": limit}
    statement = _NEWEST if before is None else _BEFORE
    if before is not None:
        values["before"] = before
    return [_message(row) for row in reversed(_connection(tx).execute(statement, values).all())]


def latest_change(tx: Transaction, worker_id: int) -> int:
    """Return the number of the conversation's last change, 0 for an empty one."""
    return int(_connection(tx).execute(_LATEST, {"worker": worker_id}).scalar_one())


def _next(connection: sa.Connection, worker_id: int) -> int:
    connection.execute(_LOCK, {"worker": worker_id})
    return int(connection.execute(_LATEST, {"worker": worker_id}).scalar_one()) + 1


def _connection(tx: Transaction) -> sa.Connection:
    return cast("SqlTransaction", tx).connection


def _message(row: Sequence[Any]) -> WebMessage:
    return WebMessage(*row)
