"""Absences in SQL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.availability import Absence, AbsenceKind
from core.errors import NotFound
from core.times import Interval
from storage.locks import take_worker
from storage.sql import Repository, is_number
from storage.tables import absences
from storage.windows import bounds, touching

_A = absences.c
_FIND = (
    sa.select(_A.id, _A.worker_id, _A.kind, _A.starts_at, _A.ends_at, _A.zone)
    .where(
        _A.worker_id.in_(sa.bindparam("workers", expanding=True)),
        touching(absences),
    )
    .order_by(_A.starts_at, _A.id)
)
_THIS = sa.and_(_A.id == sa.bindparam("absence"), _A.worker_id == sa.bindparam("worker"))
_ADD = sa.insert(absences).returning(_A.id)
_CHANGE = sa.update(absences).where(_THIS)
_DELETE = sa.delete(absences).where(_THIS)


class SqlAbsences(Repository):
    """The part of `core.ports.Agendas` that keeps absences; who changes them keeps bookings waiting."""

    def absences(self, worker_ids: Sequence[int], window: Interval) -> list[Absence]:
        if not worker_ids:
            return []
        values = {"workers": list(worker_ids)} | bounds(window)

        def read() -> list[Absence]:
            return [
                Absence(absence_id, worker_id, AbsenceKind(kind), Interval(start, end), zone)
                for absence_id, worker_id, kind, start, end, zone in self._connection.execute(_FIND, values)
            ]

        return self._once(("absences", window, *worker_ids), read)

    def save_absence(self, absence: Absence) -> Absence:
        values = {
            "worker_id": absence.worker_id,
            "kind": str(absence.kind),
            "starts_at": absence.during.start,
            "ends_at": absence.during.end,
            "zone": absence.zone,
        }
        if absence.id:
            self._change_absence(_CHANGE, absence.worker_id, absence.id, values)
            return absence
        take_worker(self._connection, absence.worker_id)
        return replace(absence, id=int(self._connection.execute(_ADD, values).scalar_one()))

    def delete_absence(self, worker_id: int, absence_id: int) -> None:
        self._change_absence(_DELETE, worker_id, absence_id, {})

    def _change_absence(
        self, statement: sa.Update | sa.Delete, worker_id: int, absence_id: int, values: dict[str, Any]
    ) -> None:
        take_worker(self._connection, worker_id)
        this = {"absence": absence_id, "worker": worker_id}
        if not is_number(absence_id) or self._connection.execute(statement, values | this).rowcount != 1:
            raise NotFound
