"""Availability and what occupies people, in SQL."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.appointments import Answer
from core.availability import AvailabilityRange, Busy, BusyKind, ExternalEvent
from core.times import Interval
from storage.tables import appointments, availability_ranges, claims, external_events, invitations, workers
from storage.tables.base import LONGEST
from storage.types import Instant

_R, _A, _C, _I, _E = availability_ranges.c, appointments.c, claims.c, invitations.c, external_events.c
_WORKER: sa.BindParameter[Any] = sa.bindparam("worker")
_RANGES = (
    sa.select(
        _R.id,
        _R.worker_id,
        _R.place_id,
        _R.first_day,
        _R.starts,
        _R.lasts_seconds,
        _R.zone,
        _R.rule,
        _R.except_days,
    )
    .where(_R.worker_id == _WORKER)
    .order_by(_R.id)
)
# Who books shares the worker's row, who edits his ranges takes it: neither disturbs those who only refer to it.
_THIS_WORKER = sa.select(workers.c.id).where(workers.c.id == _WORKER)
_LOCK_SHARED = _THIS_WORKER.with_for_update(read=True)
_LOCK = _THIS_WORKER.with_for_update(key_share=True)
_DELETE_RANGES = sa.delete(availability_ranges).where(_R.worker_id == _WORKER)
_ADD_RANGES = sa.insert(availability_ranges)
_DELETE_EVENTS = sa.delete(external_events).where(_E.worker_id == _WORKER)
_ADD_EVENTS = sa.insert(external_events)

_NOW = sa.bindparam("now", type_=Instant())
_WORKERS: sa.BindParameter[Any] = sa.bindparam("workers", expanding=True)


def _inside(table: sa.FromClause, *more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Of these workers, inside the window."""
    return sa.and_(
        table.c.worker_id.in_(_WORKERS),
        table.c.ends_at > sa.bindparam("opens", type_=Instant()),
        table.c.starts_at < sa.bindparam("closes", type_=Instant()),
        *more,
    )


def _shortly(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The same for what lasts at most LONGEST, which an index on the start finds at once."""
    return _inside(table, table.c.starts_at > sa.bindparam("earliest", type_=Instant()))


_BUSY = sa.union_all(
    sa.select(
        _C.worker_id,
        _C.starts_at,
        _C.ends_at,
        sa.literal_column(f"'{BusyKind.APPOINTMENT}'"),
        _C.appointment_id,
        _A.place_id,
    )
    .join_from(claims, appointments)
    .where(_shortly(claims), sa.or_(_C.expires_at.is_(None), _C.expires_at > _NOW)),
    sa.select(_I.worker_id, _I.starts_at, _I.ends_at, _I.answer, _I.appointment_id, _A.place_id)
    .join_from(invitations, appointments)
    .where(
        _shortly(invitations),
        _I.answer != str(Answer.DECLINED),
        sa.or_(_A.ending.is_(None), sa.and_(_A.settles_at > _NOW, sa.not_(_A.was_cancelled))),
    ),
    sa.select(
        _E.worker_id,
        _E.starts_at,
        _E.ends_at,
        sa.literal_column(f"CASE WHEN tentative THEN '{BusyKind.TENTATIVE}' ELSE '{BusyKind.EXTERNAL}' END"),
        sa.null(),
        sa.null(),
    ).where(_inside(external_events)),
)


class SqlAgendas:
    """Implements `core.ports.Agendas`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._locks_rows = connection.dialect.name == "postgresql"  # SQLite has one writer at a time anyway

    def ranges(self, worker_id: int) -> list[AvailabilityRange]:
        return [_range(row) for row in self._connection.execute(_RANGES, {"worker": worker_id})]

    def lock_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        if self._locks_rows:
            self._connection.execute(_LOCK_SHARED, {"worker": worker_id})
        return self.ranges(worker_id)

    def replace_ranges(self, worker_id: int, ranges: Sequence[AvailabilityRange]) -> None:
        if self._locks_rows:
            self._connection.execute(_LOCK, {"worker": worker_id})
        self._connection.execute(_DELETE_RANGES, {"worker": worker_id})
        rows = [
            {
                "worker_id": worker_id,
                "place_id": r.place_id,
                "first_day": r.first_day,
                "starts": r.starts,
                "lasts_seconds": int(r.lasts.total_seconds()),
                "zone": r.zone,
                "rule": r.rule,
                "except_days": " ".join(day.isoformat() for day in sorted(r.except_days)),
            }
            for r in ranges
        ]
        if rows:
            self._connection.execute(_ADD_RANGES, rows)

    def busy(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Busy]:
        if not worker_ids:
            return []
        values = {
            "workers": list(worker_ids),
            "opens": window.start,
            "closes": window.end,
            "earliest": window.start - LONGEST,
            "now": now,
        }
        found = [
            Busy(worker_id, Interval(start, end), BusyKind(kind), appointment_id, place_id)
            for worker_id, start, end, kind, appointment_id, place_id in self._connection.execute(_BUSY, values)
        ]
        return sorted(found, key=lambda b: (b.during, b.worker_id, b.kind))

    def replace_external_events(self, worker_id: int, events: Sequence[ExternalEvent]) -> None:
        if self._locks_rows:
            self._connection.execute(_LOCK, {"worker": worker_id})
        self._connection.execute(_DELETE_EVENTS, {"worker": worker_id})
        rows = [
            {
                "worker_id": worker_id,
                "uid": e.uid,
                "recurrence_id": e.recurrence_id,
                "starts_at": e.during.start,
                "ends_at": e.during.end,
                "title": e.title,
                "tentative": e.tentative,
            }
            for e in events
        ]
        if rows:
            self._connection.execute(_ADD_EVENTS, rows)


def _range(row: Sequence[Any]) -> AvailabilityRange:
    range_id, worker_id, place_id, first_day, starts, lasts, zone, rule, except_days = row
    skipped = frozenset(date.fromisoformat(day) for day in except_days.split())
    return AvailabilityRange(
        range_id, worker_id, place_id, first_day, starts, timedelta(seconds=lasts), zone, rule, skipped
    )
