"""What workers have chosen for themselves, in SQL."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

import sqlalchemy as sa

from core.availability import Shown
from core.preferences import Preferences
from storage.locks import share_workers, take_worker
from storage.marking import mark_own_home
from storage.sql import Repository, upsert_by_dialect
from storage.tables import preferences, workers
from storage.types import Instant

_P, _W = preferences.c, workers.c
_MINUTE: Final = timedelta(minutes=1)
_OF = (
    sa.select(
        _W.id, _W.own_locale, _W.own_zone, _P.worker_id, _P.reminders, _P.summary_at, _P.availability, _P.external
    )
    .join_from(workers, preferences, isouter=True)
    .where(_W.id.in_(sa.bindparam("workers", expanding=True)))
)
_SAVE = upsert_by_dialect(preferences, "worker_id")
_SAVE_OWN = (
    sa.update(workers)
    .where(_W.id == sa.bindparam("worker"))
    .values(own_locale=sa.bindparam("chosen_locale"), own_zone=sa.bindparam("chosen_zone"))
)
_DUE_OF = sa.select(_P.summary_due).where(_P.worker_id == sa.bindparam("worker"))
_DUE = (
    sa.select(_P.worker_id, _P.summary_due)
    .where(_P.summary_due <= sa.bindparam("now", type_=Instant()))
    .order_by(_P.summary_due, _P.worker_id)
    .limit(sa.bindparam("most"))
)
_NEXT = (
    sa.update(preferences)
    .where(_P.worker_id == sa.bindparam("worker"), _P.summary_due == sa.bindparam("due"))
    .values(summary_due=sa.bindparam("after"))
)


class SqlPreferences(Repository):
    """Implements `core.ports.Choices`."""

    def of(self, worker_ids: Sequence[int]) -> dict[int, Preferences]:
        found = dict.fromkeys(worker_ids, Preferences())
        if found:
            rows = self._connection.execute(_OF, {"workers": list(found)})
            found |= {row[0]: _preferences(row) for row in rows}
        return found

    def lock(self, worker_ids: Sequence[int]) -> dict[int, Preferences]:
        share_workers(self._connection, worker_ids)
        return self.of(worker_ids)

    def save(self, worker_id: int, preferences: Preferences, summary_due: datetime | None) -> None:
        take_worker(self._connection, worker_id)  # two forms of his may be sent at once
        own = {"chosen_locale": preferences.locale or None, "chosen_zone": preferences.zone or None}
        self._connection.execute(_SAVE_OWN, {"worker": worker_id, **own})
        values = {
            "worker_id": worker_id,
            "reminders": _minutes(preferences.reminders),
            "summary_at": preferences.summary_at.isoformat("minutes") if preferences.summary_at else None,
            "summary_due": summary_due,
            "availability": preferences.shown.availability,
            "external": preferences.shown.external,
        }
        self._connection.execute(_SAVE[self._connection.dialect.name], values)
        mark_own_home(self._connection, worker_id)

    def summary_due(self, worker_id: int) -> datetime | None:
        due: datetime | None = self._connection.execute(_DUE_OF, {"worker": worker_id}).scalar()
        return due

    def summaries_due(self, now: datetime, limit: int) -> list[tuple[int, datetime]]:
        return [(worker_id, due) for worker_id, due in self._connection.execute(_DUE, {"now": now, "most": limit})]

    def summary_next(self, worker_id: int, due: datetime, after: datetime) -> bool:
        values = {"worker": worker_id, "due": due, "after": after}
        return self._connection.execute(_NEXT, values).rowcount == 1


def _preferences(row: Sequence[Any]) -> Preferences:
    _worker_id, locale, zone, chose, reminders, summary_at, *shown = row
    chosen = Preferences(locale or "", zone or "")
    if chose is None:
        return chosen
    return Preferences(
        chosen.locale,
        chosen.zone,
        _lasting(reminders),
        time.fromisoformat(summary_at) if summary_at else None,
        Shown(*shown),
    )


def _minutes(reminders: Sequence[timedelta] | None) -> str | None:
    return None if reminders is None else ",".join(str(before // _MINUTE) for before in reminders)


def _lasting(minutes: str | None) -> tuple[timedelta, ...] | None:
    if minutes is None:
        return None
    return tuple(int(before) * _MINUTE for before in minutes.split(",") if before)
