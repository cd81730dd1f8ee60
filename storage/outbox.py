"""Notices waiting to be sent, in SQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.notices import Notice, NoticeKind
from core.ports import OutboxRow
from storage.copies import SqlCopies
from storage.sql import insert_by_dialect, storable
from storage.tables import outbox
from storage.types import Instant

_O = outbox.c
_CLAIMING = sa.select(sa.func.pg_advisory_xact_lock(0x726476))
_ROWS = (
    sa.select(
        _O.id,
        _O.attempts,
        _O.appointment_id,
        _O.opening_id,
        _O.recipient_id,
        _O.kind,
        _O.version,
        _O.due_at,
        _O.minutes,
        _O.about_id,
        _O.expires_at,
    )
)  # fmt: skip
_ADD = insert_by_dialect(outbox, lambda insert: insert.on_conflict_do_nothing())
_WAITING = _O.next_at.is_not(None)
_THIS = sa.and_(_O.id == sa.bindparam("row"), _WAITING)
_NOW = sa.bindparam("now", type_=Instant())
_SETTLE = {"next_at": None, "lease_until": None, "settled": sa.bindparam("why"), "settled_at": _NOW}
_DONE = sa.update(outbox).where(_THIS).values(_SETTLE)
_WITHDRAW = (
    sa.update(outbox)
    .where(
        _O.appointment_id == sa.bindparam("appointment"),
        _O.kind == sa.bindparam("sort"),
        _WAITING,
    )
    .values(_SETTLE)
)
_WITHDRAW_OF = _WITHDRAW.where(_O.recipient_id == sa.bindparam("recipient"))
_RETRY = (
    sa.update(outbox)
    .where(_THIS)
    .values(next_at=sa.bindparam("again_at"), lease_until=None, error=sa.bindparam("fault"))
)
_SET_ASIDE = (
    sa.update(outbox).where(_THIS).values(next_at=None, lease_until=None, failed_at=_NOW, error=sa.bindparam("fault"))
)
_DROP_REFRESH = sa.delete(outbox).where(
    _O.appointment_id == sa.bindparam("appointment"),
    _O.recipient_id == sa.bindparam("worker"),
    _O.kind == str(NoticeKind.REFRESH),
    _O.version == sa.bindparam("shown"),
    _O.minutes == 0,
)
_other = outbox.alias("other")


def _is_first(subject: str) -> sa.ColumnElement[bool]:
    """Whether no row with the same subject and recipient is in flight or comes before."""
    return sa.not_(
        sa.exists().where(
            _other.c[subject] == _O[subject],
            _other.c.recipient_id == _O.recipient_id,
            _other.c.next_at.is_not(None),
            sa.or_(
                _other.c.lease_until > _NOW,
                _other.c.next_at < _O.next_at,
                sa.and_(_other.c.next_at == _O.next_at, _other.c.id < _O.id),
            ),
        )
    )


_DUE = (
    _ROWS.where(_O.next_at <= _NOW, _is_first("appointment_id"), _is_first("opening_id"))
    .order_by(_O.next_at, _O.id)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_LEASE = (
    sa.update(outbox)
    .where(_O.id.in_(sa.bindparam("rows", expanding=True)))
    .values(lease_until=sa.bindparam("until"), attempts=_O.attempts + 1)
)
_FAILED = (
    _ROWS.add_columns(_O.error)
    .where(_O.failed_at.is_not(None))
    .order_by(_O.failed_at.desc(), _O.id.desc())
    .limit(sa.bindparam("most"))
)
_OLDEST_DUE = sa.select(sa.func.min(_O.next_at)).where(_O.next_at <= _NOW)
_NEXT_DUE = sa.select(_O.next_at).where(_WAITING, _O.lease_until.is_(None)).order_by(_O.next_at).limit(1)


class SqlOutbox(SqlCopies):
    """Implements `core.ports.Outbox`."""

    def add(self, notices: Iterable[Notice], now: datetime) -> None:
        rows = [_values(notice, now) for notice in notices]
        if rows:
            self._connection.execute(_ADD[self._connection.dialect.name], rows)

    def withdraw(
        self, appointment_id: int, kind: NoticeKind, now: datetime, *, recipient_id: int | None = None
    ) -> None:
        values: dict[str, Any] = {"appointment": appointment_id, "sort": str(kind), "why": "withdrawn", "now": now}
        if recipient_id is not None:
            values["recipient"] = recipient_id
        self._connection.execute(_WITHDRAW if recipient_id is None else _WITHDRAW_OF, values)

    def refresh_again(self, appointment_id: int, worker_id: int, version: int, now: datetime) -> None:
        self._outdate(appointment_id, worker_id)
        values = {"appointment": appointment_id, "worker": worker_id, "shown": version}
        # A new id: whoever is sending the row that was there must not mark this one as sent.
        self._connection.execute(_DROP_REFRESH, values)
        self.add([Notice(appointment_id, worker_id, NoticeKind.REFRESH, version, now)], now)

    def claim_due(self, now: datetime, lease_until: datetime, limit: int) -> list[OutboxRow]:
        if self._connection.dialect.name == "postgresql":  # one at a time, so that no pair is claimed twice
            self._connection.execute(_CLAIMING)
        rows = self._connection.execute(_DUE, {"now": now, "most": limit}).all()
        if rows:
            self._connection.execute(_LEASE, {"rows": [row.id for row in rows], "until": lease_until})
        return [_row(row, attempts=row.attempts + 1) for row in rows]

    def done(self, row_id: int, now: datetime, why: str = "sent") -> None:
        self._connection.execute(_DONE, {"row": row_id, "now": now, "why": why})

    def retry(self, row_id: int, due_at: datetime, error: str) -> None:
        self._connection.execute(_RETRY, {"row": row_id, "again_at": due_at, "fault": storable(error)})

    def set_aside(self, row_id: int, now: datetime, error: str) -> None:
        self._connection.execute(_SET_ASIDE, {"row": row_id, "now": now, "fault": storable(error)})

    def failed(self, limit: int) -> list[tuple[OutboxRow, str]]:
        rows = self._connection.execute(_FAILED, {"most": limit}).all()
        return [(_row(row, attempts=row.attempts), row.error) for row in rows]

    def oldest_due(self, now: datetime) -> datetime | None:
        oldest: datetime | None = self._connection.execute(_OLDEST_DUE, {"now": now}).scalar()
        return oldest

    def next_due(self) -> datetime | None:
        soonest: datetime | None = self._connection.execute(_NEXT_DUE).scalar()
        return soonest


def _values(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "appointment_id": notice.appointment_id or None,
        "opening_id": notice.opening_id or None,
        "recipient_id": notice.recipient_id,
        "kind": str(notice.kind),
        "version": notice.version,
        "minutes": notice.minutes,
        "due_at": notice.due_at,
        "about_id": notice.about_id,
        "expires_at": notice.expires_at,
        "next_at": notice.due_at,
        "attempts": 0,
        "created_at": now,
        "error": "",
    }


def _row(row: Sequence[Any], *, attempts: int) -> OutboxRow:
    row_id, _attempts, appointment_id, opening_id, recipient_id, kind, version, due_at, *more = row
    minutes, about_id, expires_at, *_ = more
    notice = Notice(
        appointment_id or 0,
        recipient_id,
        NoticeKind(kind),
        version,
        due_at,
        minutes,
        about_id=about_id,
        expires_at=expires_at,
        opening_id=opening_id or 0,
    )
    return OutboxRow(row_id, notice, attempts)
