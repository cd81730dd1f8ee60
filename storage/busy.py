"""What occupies people, in SQL: claims, invitations and the events of other calendars, in one statement."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.appointments import Answer
from core.availability import Busy, BusyKind, Span
from core.times import Interval
from storage.expressions import seconds_down, seconds_up
from storage.sql import Repository
from storage.tables import appointments, claims, external_events, invitations
from storage.types import Instant
from storage.windows import bounds, touching_by_length, touching_shortly

_A, _C, _I, _E = appointments.c, claims.c, invitations.c, external_events.c
_Column = sa.ColumnElement[Any]
_Rows = sa.Select[*tuple[Any, ...]]
_NOW = sa.bindparam("now", type_=Instant())
_WORKERS: sa.BindParameter[Any] = sa.bindparam("workers", expanding=True)
_CLAIM = f"CASE WHEN held_by IS NULL THEN '{BusyKind.APPOINTMENT}' ELSE '{BusyKind.HOLD}' END"
_EVENT = f"CASE WHEN tentative THEN '{BusyKind.TENTATIVE}' ELSE '{BusyKind.EXTERNAL}' END"


def _occupied(
    start: Callable[[_Column], _Column],
    end: Callable[[_Column], _Column],
    number: Callable[[_Column], _Column],
    none: _Column,
) -> tuple[_Rows, _Rows]:
    """Return (worker, start, end, kind, appointment, place, holder) of these workers' claims and invitations.

    `start`, `end` and `number` say how a column of that sort is answered, and `none` stands for no number.
    """

    def times(table: sa.FromClause) -> tuple[_Column, _Column, _Column]:
        return table.c.worker_id, start(table.c.starts_at), end(table.c.ends_at)

    claimed: _Rows = sa.select(
        *times(claims),
        sa.literal_column(_CLAIM),
        number(_C.appointment_id),
        number(_C.place_id),
        number(_C.held_by),
    ).where(
        _C.worker_id.in_(_WORKERS),
        touching_shortly(claims),
        sa.or_(_C.expires_at.is_(None), _C.expires_at > _NOW),
    )
    invited: _Rows = (
        sa.select(*times(invitations), _I.answer, _I.appointment_id, number(_A.place_id), none)
        .join_from(invitations, appointments)
        .where(
            _I.worker_id.in_(_WORKERS),
            touching_shortly(invitations),
            _I.answer != str(Answer.DECLINED),
            sa.or_(_A.ending.is_(None), sa.and_(_A.settles_at > _NOW, sa.not_(_A.was_cancelled))),
        )
    )
    return claimed, invited


def _as_it_is(column: _Column) -> _Column:
    return column


def _or_zero(column: _Column) -> _Column:
    return sa.func.coalesce(column, sa.literal_column("0"))


_NULL = sa.null()
_EVENTS: _Rows = sa.select(
    _E.worker_id, _E.starts_at, _E.ends_at, sa.literal_column(_EVENT), _NULL, _NULL, _NULL
).where(_E.worker_id.in_(_WORKERS))
_BUSY = sa.union_all(
    *_occupied(_as_it_is, _as_it_is, _as_it_is, _NULL),
    *(_EVENTS.where(touching) for touching in touching_by_length(external_events)),
)
_SPANS = sa.union_all(*_occupied(seconds_down, seconds_up, _or_zero, sa.literal_column("0")))


class SqlBusy(Repository):
    """The part of `core.ports.Agendas` that tells what occupies people."""

    def busy(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Busy]:
        found = [
            Busy(worker_id, Interval(start, end), BusyKind(kind), appointment_id, place_id, held_by)
            for worker_id, start, end, kind, appointment_id, place_id, held_by in self._execute(
                _BUSY, worker_ids, window, now
            )
        ]
        return sorted(found, key=lambda b: (b.during, b.worker_id, b.kind))

    def spans(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Span]:
        cursor = self._execute(_SPANS, worker_ids, window, now).cursor
        return list(map(Span._make, cursor.fetchall()))  # SQLAlchemy would wrap each of thousands of rows

    def _execute(
        self, statement: sa.CompoundSelect[Any], worker_ids: Sequence[int], window: Interval, now: datetime
    ) -> sa.CursorResult[*tuple[Any, ...]]:
        return self._connection.execute(statement, {"workers": list(worker_ids), "now": now} | bounds(window))
