"""Notices waiting to be sent, in SQL."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.notices import Notice, NoticeKind
from core.ports import OutboxRow
from storage.copies import SqlCopies
from storage.marking import mark_homes
from storage.sql import insert_by_dialect, is_number, storable
from storage.tables import accounts, outbox
from storage.tables.notices import SUBJECTS
from storage.types import Instant

_O, _A = outbox.c, accounts.c
_CHANGES_NOTHING = {NoticeKind.REMINDER, NoticeKind.SUMMARY}
_CLAIMING = sa.select(sa.func.pg_advisory_xact_lock(0x726476))
_ROWS = sa.select(
    _O.id,
    _O.attempts,
    _O.appointment_id,
    _O.opening_id,
    _O.proposal_id,
    _O.day,
    _O.recipient_id,
    _O.kind,
    _O.version,
    _O.due_at,
    _O.minutes,
    _O.about_id,
    _O.expires_at,
    _A.platform,
    _A.tenant,
    _O.created_at,
).join_from(outbox, accounts, sa.and_(_A.worker_id == _O.recipient_id, _A.is_current), isouter=True)
_NOTICE = _ROWS.where(_O.id == sa.bindparam("row"))
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
_DROP_REMINDERS = sa.delete(outbox).where(
    _O.appointment_id.in_(sa.bindparam("appointments", expanding=True)),
    _O.recipient_id == sa.bindparam("recipient"),
    _O.kind == str(NoticeKind.REMINDER),
    _O.due_at > _NOW,
)
_RETRY = (
    sa.update(outbox)
    .where(_THIS)
    .values(next_at=sa.bindparam("again_at"), lease_until=None, error=sa.bindparam("fault"))
)
_POSTPONE = (
    sa.update(outbox).where(_THIS).values(next_at=sa.bindparam("again_at"), lease_until=None, attempts=_O.attempts - 1)
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
    _ROWS.where(_O.next_at <= _NOW, *map(_is_first, SUBJECTS))
    .order_by(_O.next_at, _O.id)
    .limit(sa.bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_OPEN = sa.or_(_A.id.is_(None), sa.tuple_(_A.platform, _A.tenant).not_in(sa.bindparam("closed", expanding=True)))
_DUE_WHERE_OPEN = _DUE.where(_OPEN)
_newer = outbox.alias("newer")
_OWN = _ROWS.where(
    _O.next_at <= _NOW,
    _O.recipient_id == sa.bindparam("recipient"),
    _O.kind == str(NoticeKind.REFRESH),
    sa.not_(
        sa.exists().where(
            _newer.c.appointment_id == _O.appointment_id,
            _newer.c.recipient_id == _O.recipient_id,
            sa.or_(
                sa.and_(_newer.c.next_at.is_not(None), _newer.c.lease_until > _NOW),
                sa.and_(_newer.c.kind == str(NoticeKind.REFRESH), _newer.c.next_at <= _NOW, _newer.c.id > _O.id),
            ),
        )
    ),
).with_for_update(skip_locked=True, of=outbox)
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
        notices = list(notices)
        if notices:
            self._connection.execute(_ADD[self._connection.dialect.name], [_values(n, now) for n in notices])
        changed = (n.recipient_id for n in notices if n.due_at <= now and n.kind not in _CHANGES_NOTHING)
        mark_homes(self._connection, changed, now)

    def notice(self, row_id: int) -> Notice | None:
        row = self._connection.execute(_NOTICE, {"row": row_id}).first() if is_number(row_id) else None
        return _row(row, attempts=row.attempts).notice if row is not None else None

    def withdraw(
        self, appointment_id: int, kind: NoticeKind, now: datetime, *, recipient_id: int | None = None
    ) -> None:
        values: dict[str, Any] = {"appointment": appointment_id, "sort": str(kind), "why": "withdrawn", "now": now}
        if recipient_id is not None:
            values["recipient"] = recipient_id
        self._connection.execute(_WITHDRAW if recipient_id is None else _WITHDRAW_OF, values)

    def drop_reminders(self, recipient_id: int, appointment_ids: Collection[int], now: datetime) -> None:
        if appointment_ids:
            values = {"appointments": list(appointment_ids), "recipient": recipient_id, "now": now}
            self._connection.execute(_DROP_REMINDERS, values)

    def refresh_again(self, appointment_id: int, worker_id: int, version: int, now: datetime) -> None:
        self._outdate(appointment_id, worker_id)
        values = {"appointment": appointment_id, "worker": worker_id, "shown": version}
        # A new id: whoever is sending the row that was there must not mark this one as sent.
        self._connection.execute(_DROP_REFRESH, values)
        self.add([Notice(appointment_id, worker_id, NoticeKind.REFRESH, version, now)], now)

    def claim_due(
        self, now: datetime, lease_until: datetime, limit: int, *, closed: Collection[tuple[str, str]] = ()
    ) -> list[OutboxRow]:
        values: dict[str, Any] = {"now": now, "most": limit}
        if closed:
            values["closed"] = list(closed)
        return self._claimed(_DUE_WHERE_OPEN if closed else _DUE, values, lease_until)

    def claim_own(self, recipient_id: int, now: datetime, lease_until: datetime) -> list[OutboxRow]:
        return self._claimed(_OWN, {"now": now, "recipient": recipient_id}, lease_until)

    def done(self, row_id: int, now: datetime, why: str = "sent") -> None:
        self._connection.execute(_DONE, {"row": row_id, "now": now, "why": why})

    def retry(self, row_id: int, due_at: datetime, error: str) -> None:
        self._connection.execute(_RETRY, {"row": row_id, "again_at": due_at, "fault": storable(error)})

    def postpone(self, row_id: int, due_at: datetime) -> None:
        self._connection.execute(_POSTPONE, {"row": row_id, "again_at": due_at})

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

    def _claimed(self, due: sa.Select[Any], values: dict[str, Any], lease_until: datetime) -> list[OutboxRow]:
        if self._connection.dialect.name == "postgresql":  # one at a time, so that no pair is claimed twice
            self._connection.execute(_CLAIMING)
        rows = self._connection.execute(due, values).all()
        if rows:
            self._connection.execute(_LEASE, {"rows": [row.id for row in rows], "until": lease_until})
        changed = (r.recipient_id for r in rows if r.due_at > r.created_at and r.kind not in _CHANGES_NOTHING)
        mark_homes(self._connection, changed, values["now"])  # what was still open when it was added settles now
        return [_row(row, attempts=row.attempts + 1) for row in rows]


def _values(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "appointment_id": notice.appointment_id or None,
        "opening_id": notice.opening_id or None,
        "proposal_id": notice.proposal_id or None,
        "day": notice.day,
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
    row_id, _attempts, appointment_id, opening_id, proposal_id, day, recipient_id, *more = row
    kind, version, due_at, minutes, about_id, expires_at, platform, tenant, *_ = more
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
        proposal_id=proposal_id or 0,
        day=day,
    )
    return OutboxRow(row_id, notice, attempts, None if platform is None else (platform, tenant))
