"""Deliveries and the audit, in SQL."""

from datetime import datetime

import sqlalchemy as sa

from core.errors import DuplicateDelivery
from storage.sql import insert_by_dialect, short_key
from storage.tables import audit, deliveries

_FIND = sa.select(deliveries.c.outcome).where(deliveries.c.key == sa.bindparam("sought"))
_LOCK = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("sought", type_=sa.Text), 0)))
# PostgreSQL waits here for another transaction that is storing the same key.
_ADD = insert_by_dialect(deliveries, lambda insert: insert.on_conflict_do_nothing())
_ADD_LINE = sa.insert(audit)
_LINES = (
    sa.select(audit.c.actor_id, audit.c.action, audit.c.at, audit.c.detail)
    .where(audit.c.appointment_id == sa.bindparam("appointment"))
    .order_by(audit.c.id)
)


class SqlDeliveries:
    """Implements `core.ports.Deliveries`."""

    def __init__(self, connection: sa.Connection, *, lock_keys: bool) -> None:
        """With `lock_keys`, who looks for a key waits for another transaction that did and may store it."""
        self._connection = connection
        self._lock_keys = lock_keys

    def find(self, key: str) -> str | None:
        if self._lock_keys:
            self._connection.execute(_LOCK, {"sought": short_key(key)})
        outcome: str | None = self._connection.execute(_FIND, {"sought": short_key(key)}).scalar()
        return outcome

    def add(self, key: str, outcome: str, now: datetime) -> None:
        values = {"key": short_key(key), "outcome": outcome, "at": now}
        if self._connection.execute(_ADD[self._connection.dialect.name], values).rowcount == 0:
            raise DuplicateDelivery


class SqlAudit:
    """Implements `core.ports.Audit`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, actor_id: int, action: str, appointment_id: int, now: datetime, detail: str = "") -> None:
        values = {
            "actor_id": actor_id,
            "action": str(action),
            "appointment_id": appointment_id,
            "at": now,
            "detail": detail,
        }
        self._connection.execute(_ADD_LINE, values)

    def of(self, appointment_id: int) -> list[tuple[int, str, datetime, str]]:
        rows = self._connection.execute(_LINES, {"appointment": appointment_id})
        return [(actor_id, action, at, detail) for actor_id, action, at, detail in rows]
