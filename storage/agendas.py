"""Availability and what occupies people, in SQL."""

from datetime import datetime

from core.times import Interval
from storage.absences import SqlAbsences
from storage.busy import SqlBusy
from storage.choices import SqlChoices
from storage.claims import Claims
from storage.events import SqlEvents
from storage.ranges import SqlRanges


class SqlAgendas(SqlRanges, SqlBusy, SqlEvents, SqlAbsences, SqlChoices):
    """Implements `core.ports.Agendas`."""

    def hold(self, worker_id: int, holder_id: int, during: Interval, now: datetime, expires_at: datetime) -> None:
        Claims(self._connection).hold(worker_id, holder_id, during, now, expires_at)

    def release(self, holder_id: int) -> None:
        Claims(self._connection).release(holder_id)
