"""Appointments with their parties, invitations and answers, in SQL."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.appointments import Answer, Appointment, Invitation
from core.errors import NotFound, VersionConflict
from storage.appointment_rows import (
    ONE,
    answer_row,
    appointment_values,
    invitation_rows,
    load,
    party_rows,
)
from storage.claims import Claims
from storage.listings import SqlListings
from storage.sql import is_number
from storage.tables import answers, appointments, invitations, parties

_A, _I = appointments.c, invitations.c
_ID: sa.BindParameter[Any] = sa.bindparam("appointment")
_WORKER: sa.BindParameter[Any] = sa.bindparam("worker")
_ADD = sa.insert(appointments).returning(_A.id)
_ADD_PARTIES, _ADD_INVITATIONS, _ADD_ANSWERS = sa.insert(parties), sa.insert(invitations), sa.insert(answers)
_CLEAR_PARTIES = sa.delete(parties).where(parties.c.appointment_id == _ID)
_CLEAR_INVITATIONS = sa.delete(invitations).where(_I.appointment_id == _ID)
_REPLACE = (
    sa.update(appointments)
    .where(_A.id == _ID, _A.version == sa.bindparam("old_version"))
    .values(version=_A.version + 1)
)
_RAISE_VERSION = sa.update(appointments).where(_A.id == _ID).values(version=_A.version + 1).returning(_A.version)
_ANSWER = sa.update(invitations).where(
    _I.appointment_id == _ID, _I.worker_id == _WORKER, _I.sequence == sa.bindparam("old_sequence")
)
_LOCK = sa.select(_A.id).where(_A.id == _ID).with_for_update(key_share=True)
_ANSWERS = (
    sa.select(answers.c.worker_id, answers.c.answer, answers.c.at)
    .where(answers.c.appointment_id == _ID)
    .order_by(answers.c.id)
)


class SqlAppointments(SqlListings):
    """Implements `core.ports.Appointments`."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._claims = Claims(connection)

    def find(self, appointment_id: int) -> Appointment | None:
        if not is_number(appointment_id):
            return None
        found = load(self._connection, ONE, {"appointment": appointment_id})
        return found[0] if found else None

    def add(self, appointment: Appointment) -> Appointment:
        values = appointment_values(appointment) | {"version": appointment.version}
        appointment = replace(appointment, id=int(self._connection.execute(_ADD, values).scalar_one()))
        self._claims.take(appointment, appointment.created_at)
        self._insert(_ADD_PARTIES, party_rows(appointment))
        self._insert(_ADD_INVITATIONS, invitation_rows(appointment))
        self._keep_answers(appointment, {}, appointment.created_at)
        return appointment

    def replace(self, old: Appointment, new: Appointment, now: datetime) -> Appointment:
        new = replace(new, id=old.id, version=old.version + 1)
        values = appointment_values(new) | {"appointment": old.id, "old_version": old.version}
        if self._connection.execute(_REPLACE, values).rowcount != 1:
            raise VersionConflict if self.find(old.id) else NotFound
        self._claims.move(old, new, now)
        if new.parties != old.parties:
            self._connection.execute(_CLEAR_PARTIES, {"appointment": new.id})
            self._insert(_ADD_PARTIES, party_rows(new))
        if (new.invitations, new.during) != (old.invitations, old.during):
            self._connection.execute(_CLEAR_INVITATIONS, {"appointment": new.id})
            self._insert(_ADD_INVITATIONS, invitation_rows(new))
            self._keep_answers(new, {i.worker_id: i.answer for i in old.invitations}, now)
        return new

    def answer(self, appointment: Appointment, invitation: Invitation, now: datetime) -> Appointment:
        version = self._connection.execute(_RAISE_VERSION, {"appointment": appointment.id}).scalar()
        if version is None:
            raise VersionConflict
        answered = replace(invitation, version=version)
        values = {
            "appointment": appointment.id,
            "worker": answered.worker_id,
            "old_sequence": answered.sequence - 1,
            "answer": str(answered.answer),
            "previous": str(answered.previous),
            "sequence": answered.sequence,
            "version": version,
            "settles_at": answered.settles_at,
        }
        if self._connection.execute(_ANSWER, values).rowcount != 1:
            raise VersionConflict
        self._connection.execute(_ADD_ANSWERS, answer_row(appointment.id, answered, now))
        if version != appointment.version + 1:
            return self._overtaken(appointment)
        rest = appointment.invitations
        all_answers = tuple(answered if i.worker_id == answered.worker_id else i for i in rest)
        return replace(appointment, version=version, invitations=all_answers)

    def lock(self, appointment_id: int) -> None:
        if self._connection.dialect.name == "postgresql" and is_number(appointment_id):  # SQLite has one writer anyway
            self._connection.execute(_LOCK, {"appointment": appointment_id})

    def answers(self, appointment_id: int) -> list[tuple[int, str, datetime]]:
        rows = self._connection.execute(_ANSWERS, {"appointment": appointment_id})
        return [(worker_id, answer, at) for worker_id, answer, at in rows]

    def _overtaken(self, seen: Appointment) -> Appointment:
        """Return the appointment, which others answered meanwhile. Raises VersionConflict if it changed or ended."""
        stored = self.find(seen.id)
        if stored is None or (stored.revision, stored.ending) != (seen.revision, seen.ending):
            raise VersionConflict
        return stored

    def _keep_answers(self, appointment: Appointment, before: dict[int, Answer], now: datetime) -> None:
        given = [i for i in appointment.invitations if i.answer is not before.get(i.worker_id, Answer.PENDING)]
        self._insert(_ADD_ANSWERS, [answer_row(appointment.id, i, now) for i in given])

    def _insert(self, statement: sa.Insert, rows: list[dict[str, object]]) -> None:
        if rows:
            self._connection.execute(statement, rows)
