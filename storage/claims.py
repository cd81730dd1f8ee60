"""Claims on a main worker's time: the database itself refuses two that overlap (rule 1)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError

from core.appointments import Appointment
from core.errors import SlotTaken
from core.times import Interval
from storage.tables import claims

_C = claims.c
_OWN = _C.appointment_id == sa.bindparam("appointment")
_DELETE_EXPIRED = sa.delete(claims).where(_C.worker_id == sa.bindparam("worker"), _C.expires_at <= sa.bindparam("now"))
_DELETE_OWN = sa.delete(claims).where(_OWN)
_RELEASE = sa.delete(claims).where(_C.held_by == sa.bindparam("holder"))
_HOLDING = sa.select(sa.func.pg_advisory_xact_lock(0x686F6C64, sa.bindparam("holder", type_=sa.Integer())))
_LET_EXPIRE = (
    sa.update(claims).where(_OWN, _C.worker_id == sa.bindparam("worker")).values(expires_at=sa.bindparam("expires"))
)
_PLACE = sa.update(claims).where(_OWN).values(place_id=sa.bindparam("place"))
_FIND_EXPIRY = sa.select(_C.expires_at).where(_OWN)
# On PostgreSQL a refusal that raises would spoil the whole transaction; one that inserts nothing does not.
_CLAIM = {
    "sqlite": sa.insert(claims).execution_options(preserve_rowcount=True),
    "postgresql": postgresql.insert(claims).on_conflict_do_nothing().execution_options(preserve_rowcount=True),
}


class Claims:
    """Takes, moves and frees time."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take(self, appointment: Appointment, now: datetime, expires_at: datetime | None = None) -> None:
        """Claim the main worker's time, after deleting his claims that have expired. Raises SlotTaken."""
        owner = {"appointment_id": appointment.id, "held_by": None, "place_id": appointment.place_id}
        self._take(appointment.main_worker_id, appointment.during, now, owner | {"expires_at": expires_at})

    def hold(self, worker_id: int, holder_id: int, during: Interval, now: datetime, expires_at: datetime) -> None:
        """Claim a worker's time for a person, as `core.ports.Agendas.hold` says. Raises SlotTaken."""
        self.release(holder_id)
        owner = {"appointment_id": None, "held_by": holder_id, "place_id": None}
        self._take(worker_id, during, now, owner | {"expires_at": expires_at})

    def release(self, holder_id: int) -> None:
        """Let go of what this person holds."""
        if self._connection.dialect.name == "postgresql":  # one at a time: what he holds from elsewhere is seen then
            self._connection.execute(_HOLDING, {"holder": holder_id})
        self._connection.execute(_RELEASE, {"holder": holder_id})

    def move(self, old: Appointment, new: Appointment, now: datetime) -> None:
        """Let the claim follow from `old` to `new`, as `core.ports.Appointments.replace` says. Raises SlotTaken."""
        same = (old.main_worker_id, old.during) == (new.main_worker_id, new.during)
        if same and old.place_id != new.place_id:
            self._connection.execute(_PLACE, {"appointment": new.id, "place": new.place_id})
        if same and old.ending is None and new.ending is None:
            return
        if same and new.ending is not None:
            self._end(new, now)
            return
        self._delete_expired(old.main_worker_id, now)
        standing = self._connection.execute(_FIND_EXPIRY, {"appointment": new.id}).first()
        if new.ending is None or standing is not None:
            self._connection.execute(_DELETE_OWN, {"appointment": new.id})
            self.take(new, now, _expiry(new, standing))

    def _end(self, new: Appointment, now: datetime) -> None:
        self._delete_expired(new.main_worker_id, now)
        if new.ending is not None and not new.ending.was_cancelled:
            values = {"appointment": new.id, "worker": new.main_worker_id, "expires": new.ending.settles_at}
            self._connection.execute(_LET_EXPIRE, values)

    def _take(self, worker_id: int, during: Interval, now: datetime, claim: dict[str, Any]) -> None:
        self._delete_expired(worker_id, now)
        times = {"worker_id": worker_id, "starts_at": during.start, "ends_at": during.end}
        if not self._insert(claim | times):
            raise SlotTaken(worker_id)

    def _delete_expired(self, worker_id: int, now: datetime) -> None:
        self._connection.execute(_DELETE_EXPIRED, {"worker": worker_id, "now": now})

    def _insert(self, values: dict[str, Any]) -> bool:
        """Insert a claim; False if the database refuses it for the time it takes."""
        try:
            return bool(self._connection.execute(_CLAIM[self._connection.dialect.name], values).rowcount)
        except IntegrityError as refusal:
            if getattr(refusal.orig, "sqlite_errorname", "") == "SQLITE_CONSTRAINT_TRIGGER":
                return False
            raise


def _expiry(new: Appointment, standing: sa.Row[Any] | None) -> datetime | None:
    if new.ending is None:
        return None
    return standing[0] if new.ending.was_cancelled and standing is not None else new.ending.settles_at
