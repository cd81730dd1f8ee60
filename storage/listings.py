"""Lists of appointments, in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.appointments import Answer, Appointment, EndingKind
from core.ports import Figure
from core.times import Interval
from storage.appointment_rows import APPOINTMENTS, load
from storage.sql import Repository, is_number
from storage.tables import appointments, claims, invitations
from storage.types import Instant
from storage.windows import bounds, touching_shortly

_A, _C, _I = appointments.c, claims.c, invitations.c
_WORKER: sa.BindParameter[Any] = sa.bindparam("worker")
_NOW = sa.bindparam("now", type_=Instant())
_MOST: sa.BindParameter[Any] = sa.bindparam("most")
_SKIPPED: sa.BindParameter[Any] = sa.bindparam("skipped")
_FIND_ALL = APPOINTMENTS.where(_A.id.in_(sa.bindparam("appointments", expanding=True))).order_by(_A.starts_at, _A.id)
_UNSETTLED = _A.settles_at > _NOW
_COMING = APPOINTMENTS.where(
    _A.id.in_(
        sa.union(
            sa.select(_A.id).where(_A.main_worker_id == _WORKER, _A.starts_at > _NOW),
            sa.select(_I.appointment_id).where(_I.worker_id == _WORKER, _I.starts_at > _NOW),
        )
    ),
    sa.or_(_A.ending.is_(None), _UNSETTLED),
).order_by(_A.starts_at, _A.id)
_TAKEN_BACK = APPOINTMENTS.where(
    _A.id.in_(
        sa.union(
            sa.select(_A.id).where(_A.ended_by == _WORKER, _UNSETTLED),
            sa.select(_I.appointment_id).where(
                _I.worker_id == _WORKER,
                _I.starts_at > _NOW,
                _I.answer == str(Answer.DECLINED),
                _I.settles_at > _NOW,
            ),
        )
    )
).order_by(_A.starts_at, _A.id)
_OF_MAIN_WORKER = (  # the claims are those that are not ended
    APPOINTMENTS.join(claims, _C.appointment_id == _A.id)
    .where(_C.worker_id == _WORKER, touching_shortly(claims), sa.or_(_C.expires_at.is_(None), _C.expires_at > _NOW))
    .order_by(_C.starts_at, _A.id)
)
_CANCELLED = sa.or_(
    sa.and_(_A.ending == str(EndingKind.CANCELLED), _A.settles_at <= _NOW),
    sa.and_(_A.was_cancelled, _A.settles_at > _NOW),
)
_FIGURES = (
    sa.select(
        _A.main_worker_id,
        _A.starts_at,
        _A.ends_at,
        _A.place_id,
        sa.case((_CANCELLED, sa.true()), else_=sa.false()),
    )
    .where(
        _A.main_worker_id.in_(sa.bindparam("workers", expanding=True)),
        touching_shortly(appointments),
        sa.or_(_A.ending.is_(None), _A.ending != str(EndingKind.DELETED), _A.settles_at > _NOW),
    )
    .order_by(_A.starts_at, _A.id)
)
_OF_CASE = (
    APPOINTMENTS.where(
        _A.case_number == sa.bindparam("number"),
        sa.or_(
            _A.ending.is_(None),
            _A.ending != str(EndingKind.DELETED),
            sa.and_(_A.ended_by != _WORKER, _A.settles_at > _NOW),
        ),
    )
    .order_by(_A.case_number.desc(), _A.starts_at.desc(), _A.id.desc())
    .limit(_MOST)
    .offset(_SKIPPED)
)
_IS_WAITING = sa.and_(
    _I.worker_id == _WORKER,
    _I.starts_at > _NOW,
    _I.answer == sa.literal_column(f"'{Answer.PENDING}'"),  # no parameter: it names the rows of an index
    sa.or_(_A.ending.is_(None), sa.and_(_A.ended_by != _WORKER, _A.settles_at > _NOW, sa.not_(_A.was_cancelled))),
)
_INVITED = (
    APPOINTMENTS.join(invitations, _I.appointment_id == _A.id)
    .where(_IS_WAITING)
    .order_by(_I.starts_at, _A.id)
    .limit(_MOST)
    .offset(_SKIPPED)
)
_COUNT_INVITED = (
    sa.select(sa.func.count())
    .select_from(invitations.join(appointments, _I.appointment_id == _A.id))
    .where(_IS_WAITING)
)


class SqlListings(Repository):
    """The part of `core.ports.Appointments` that lists them."""

    def find_all(self, appointment_ids: Sequence[int]) -> list[Appointment]:
        wanted = [number for number in dict.fromkeys(appointment_ids) if is_number(number)]
        return load(self._connection, _FIND_ALL, {"appointments": wanted}) if wanted else []

    def of_main_worker(self, worker_id: int, window: Interval, now: datetime) -> list[Appointment]:
        return load(self._connection, _OF_MAIN_WORKER, {"worker": worker_id, "now": now} | bounds(window))

    def coming(self, worker_id: int, now: datetime) -> list[Appointment]:
        return load(self._connection, _COMING, {"worker": worker_id, "now": now})

    def unsettled(self, worker_id: int, now: datetime) -> list[Appointment]:
        return load(self._connection, _TAKEN_BACK, {"worker": worker_id, "now": now})

    def figures(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Figure]:
        if not worker_ids:
            return []
        values = {"workers": list(worker_ids), "now": now} | bounds(window)
        return [
            Figure(worker_id, Interval(start, end), place_id, cancelled)
            for worker_id, start, end, place_id, cancelled in self._connection.execute(_FIGURES, values)
        ]

    def of_case(self, number: int, viewer_id: int, now: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        if not is_number(number):
            return []
        values = {"number": number, "worker": viewer_id, "now": now, "most": limit, "skipped": offset}
        return load(self._connection, _OF_CASE, values)

    def invited(self, worker_id: int, since: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        values = {"worker": worker_id, "now": since, "most": limit, "skipped": offset}
        return load(self._connection, _INVITED, values)

    def count_invited(self, worker_id: int, since: datetime) -> int:
        return int(self._connection.execute(_COUNT_INVITED, {"worker": worker_id, "now": since}).scalar_one())
