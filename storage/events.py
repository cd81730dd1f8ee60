"""The events of other calendars, in SQL."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.availability import BusyKind, EventSpans, ExternalEvent
from core.times import Interval
from storage.expressions import seconds_down, seconds_up, together
from storage.locks import take_worker
from storage.sql import Repository
from storage.tables import external_events
from storage.windows import bounds, touching_by_length

_E = external_events.c
_WORKER: sa.BindParameter[Any] = sa.bindparam("worker")
_SHORT, _LONG = (
    sa.select(_E.id, _E.worker_id, _E.uid, _E.recurrence_id, _E.starts_at, _E.ends_at, _E.title, _E.tentative).where(
        _E.worker_id == _WORKER, touching
    )
    for touching in touching_by_length(external_events)
)
_FIND = sa.union_all(_SHORT, _LONG)  # sorted here: to sort them there, SQLite would read every event
_SPANS = sa.union_all(
    *(
        sa.select(_E.worker_id, _E.tentative, together(seconds_down(_E.starts_at)), together(seconds_up(_E.ends_at)))
        .where(_E.worker_id.in_(sa.bindparam("workers", expanding=True)), touching)
        .group_by(_E.worker_id, _E.tentative)
        for touching in touching_by_length(external_events)
    )
)
_DELETE = sa.delete(external_events).where(_E.worker_id == _WORKER)
_ADD = sa.insert(external_events)


class SqlEvents(Repository):
    """The part of `core.ports.Agendas` that keeps the events of other calendars."""

    def external_events(self, worker_id: int, window: Interval) -> list[ExternalEvent]:
        found = self._connection.execute(_FIND, {"worker": worker_id} | bounds(window)).all()
        return [
            ExternalEvent(owner_id, uid, recurrence_id, Interval(start, end), title, tentative)
            for _, owner_id, uid, recurrence_id, start, end, title, tentative in sorted(found, key=_by_start)
        ]

    def event_spans(self, worker_ids: Sequence[int], window: Interval) -> list[EventSpans]:
        found = self._connection.execute(_SPANS, {"workers": list(worker_ids)} | bounds(window))
        return [
            EventSpans(worker_id, str(BusyKind.TENTATIVE if tentative else BusyKind.EXTERNAL), starts, ends)
            for worker_id, tentative, starts, ends in found
        ]

    def replace_external_events(self, worker_id: int, events: Sequence[ExternalEvent]) -> None:
        take_worker(self._connection, worker_id)
        self._connection.execute(_DELETE, {"worker": worker_id})
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
            self._connection.execute(_ADD, rows)


def _by_start(row: Sequence[Any]) -> tuple[Any, int]:
    return row[4], row[0]
