"""Availability ranges in SQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from core.availability import AvailabilityRange
from core.errors import NotFound
from storage.locks import share_worker, take_worker
from storage.sql import Repository, is_number
from storage.tables import availability_ranges

_R = availability_ranges.c
_BETWEEN_KINDS: Final = "\x1f"  # a control character, which no kind holds (core.text.clean)
_WORKER: sa.BindParameter[Any] = sa.bindparam("worker")
_RANGES = sa.select(
    _R.id,
    _R.worker_id,
    _R.place_id,
    _R.first_day,
    _R.starts,
    _R.lasts_seconds,
    _R.zone,
    _R.rule,
    _R.except_days,
    _R.kinds,
).order_by(_R.id)
_OF_MANY = _RANGES.where(_R.worker_id.in_(sa.bindparam("workers", expanding=True)))
_THIS = sa.and_(_R.id == sa.bindparam("range"), _R.worker_id == _WORKER)
_CHANGE = sa.update(availability_ranges).where(_THIS)
_DELETE = sa.delete(availability_ranges).where(_THIS)
_DELETE_ALL = sa.delete(availability_ranges).where(_R.worker_id == _WORKER)
_ADD = sa.insert(availability_ranges)
_ADD_ONE = _ADD.returning(_R.id)


class SqlRanges(Repository):
    """The part of `core.ports.Agendas` that keeps availability."""

    def ranges(self, worker_id: int) -> list[AvailabilityRange]:
        return self.ranges_of([worker_id])

    def ranges_of(self, worker_ids: Sequence[int]) -> list[AvailabilityRange]:
        if not worker_ids:
            return []
        rows = {"workers": list(worker_ids)}
        key = ("ranges", *worker_ids)
        return self._once(key, lambda: [_range(row) for row in self._connection.execute(_OF_MANY, rows)])

    def lock_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        share_worker(self._connection, worker_id)
        return self.ranges(worker_id)

    def edit_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        take_worker(self._connection, worker_id)
        return self.ranges(worker_id)

    def save_range(self, found: AvailabilityRange) -> AvailabilityRange:
        values = _values(found)
        if not found.id:
            return replace(found, id=int(self._connection.execute(_ADD_ONE, values).scalar_one()))
        self._change(_CHANGE, found.worker_id, found.id, values)
        return found

    def delete_range(self, worker_id: int, range_id: int) -> None:
        self._change(_DELETE, worker_id, range_id, {})

    def replace_ranges(self, worker_id: int, ranges: Sequence[AvailabilityRange]) -> None:
        take_worker(self._connection, worker_id)
        self._connection.execute(_DELETE_ALL, {"worker": worker_id})
        rows = [_values(r) | {"worker_id": worker_id} for r in ranges]
        if rows:
            self._connection.execute(_ADD, rows)

    def _change(self, statement: sa.Update | sa.Delete, worker_id: int, range_id: int, values: dict[str, Any]) -> None:
        this = {"range": range_id, "worker": worker_id}
        if not is_number(range_id) or self._connection.execute(statement, values | this).rowcount != 1:
            raise NotFound


def _values(found: AvailabilityRange) -> dict[str, Any]:
    return {
        "worker_id": found.worker_id,
        "place_id": found.place_id,
        "first_day": found.first_day,
        "starts": found.starts,
        "lasts_seconds": int(found.lasts.total_seconds()),
        "zone": found.zone,
        "rule": found.rule,
        "except_days": " ".join(sorted(day.isoformat() for day in found.except_days)),
        "kinds": _BETWEEN_KINDS.join(sorted(found.kinds)),
    }


def _range(row: Sequence[Any]) -> AvailabilityRange:
    range_id, worker_id, place_id, first_day, starts, lasts, zone, rule, except_days, kinds = row
    return AvailabilityRange(
        range_id,
        worker_id,
        place_id,
        first_day,
        starts,
        timedelta(seconds=lasts),
        zone,
        rule,
        frozenset(date.fromisoformat(day) for day in except_days.split()),
        frozenset(kinds.split(_BETWEEN_KINDS)) if kinds else frozenset(),
    )
