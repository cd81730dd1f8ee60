"""Workers' limits and viewers' toggles, in SQL."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from core.availability import Limits, Shown
from storage.locks import take_worker
from storage.sql import Repository, upsert_by_dialect
from storage.tables import agenda_toggles, booking_limits

_L, _T = booking_limits.c, agenda_toggles.c
_LIMITS = sa.select(
    _L.worker_id, _L.notice_seconds, _L.before_seconds, _L.after_seconds, _L.travel_seconds, _L.daily
).where(_L.worker_id.in_(sa.bindparam("workers", expanding=True)))
_SAVE_LIMITS = upsert_by_dialect(booking_limits, "worker_id")
_SHOWN = sa.select(_T.worker_id, _T.availability, _T.external).where(
    _T.viewer_id == sa.bindparam("viewer"), _T.worker_id.in_(sa.bindparam("workers", expanding=True))
)
_SAVE_SHOWN = upsert_by_dialect(agenda_toggles, "viewer_id", "worker_id")


class SqlChoices(Repository):
    """The part of `core.ports.Agendas` that keeps what people have chosen."""

    def limits(self, worker_ids: Sequence[int]) -> dict[int, Limits]:
        if not worker_ids:
            return {}
        rows = self._connection.execute(_LIMITS, {"workers": list(worker_ids)})
        return {
            worker_id: Limits(_lasting(notice), _lasting(before), _lasting(after), _lasting(travel), daily)
            for worker_id, notice, before, after, travel, daily in rows
        }

    def save_limits(self, worker_id: int, limits: Limits) -> None:
        take_worker(self._connection, worker_id)  # a booking checks them in its transaction
        values = {
            "worker_id": worker_id,
            "notice_seconds": _seconds(limits.notice),
            "before_seconds": _seconds(limits.before),
            "after_seconds": _seconds(limits.after),
            "travel_seconds": _seconds(limits.travel),
            "daily": limits.daily,
        }
        self._connection.execute(_SAVE_LIMITS[self._connection.dialect.name], values)

    def shown(self, viewer_id: int, worker_ids: Sequence[int]) -> dict[int, Shown]:
        if not worker_ids:
            return {}
        rows = self._connection.execute(_SHOWN, {"viewer": viewer_id, "workers": list(worker_ids)})
        return {worker_id: Shown(availability, external) for worker_id, availability, external in rows}

    def save_shown(self, viewer_id: int, worker_id: int, shown: Shown) -> None:
        values = {
            "viewer_id": viewer_id,
            "worker_id": worker_id,
            "availability": shown.availability,
            "external": shown.external,
        }
        self._connection.execute(_SAVE_SHOWN[self._connection.dialect.name], values)


def _lasting(seconds: int) -> timedelta:
    return timedelta(seconds=seconds)


def _seconds(lasts: timedelta) -> int:
    return int(lasts.total_seconds())
