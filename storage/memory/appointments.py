"""Appointments with their claims on time and the answers kept, in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from core.access import may_undo
from core.appointments import Answer, Appointment, EndingKind, Invitation
from core.errors import NotFound, VersionConflict
from core.ports import Figure
from core.times import Interval
from storage.memory.busy import stands
from storage.memory.claims import of_appointment, take
from storage.memory.state import Claim, State

_NOBODY = 0


class MemoryAppointments:
    """Implements `core.ports.Appointments`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, appointment_id: int) -> Appointment | None:
        return self._state.appointments.get(appointment_id)

    def find_all(self, appointment_ids: Sequence[int]) -> list[Appointment]:
        stored = self._state.appointments
        return sorted((stored[i] for i in set(appointment_ids) if i in stored), key=_by_start)

    def of_main_worker(self, worker_id: int, window: Interval, now: datetime) -> list[Appointment]:
        own = self._touching([worker_id], window)
        return [a for a in own if stands(a, now)]

    def coming(self, worker_id: int, now: datetime) -> list[Appointment]:
        found = (a for a in self._state.appointments.values() if a.during.start > now)
        his = (a for a in found if a.main_worker_id == worker_id or a.invitation_of(worker_id) is not None)
        return sorted((a for a in his if a.ending is None or a.ending.settles_at > now), key=_by_start)

    def unsettled(self, worker_id: int, now: datetime) -> list[Appointment]:
        stored = self._state.appointments.values()
        return sorted((a for a in stored if _may_take_back(a, worker_id, now)), key=_by_start)

    def figures(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Figure]:
        ended = ((a, a.ended_for(_NOBODY, now)) for a in self._touching(worker_ids, window))
        return [
            Figure(a.main_worker_id, a.during, a.place_id, cancelled=ending is EndingKind.CANCELLED)
            for a, ending in ended
            if ending is not EndingKind.DELETED
        ]

    def of_case(self, number: int, viewer_id: int, now: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        found = [
            a
            for a in self._state.appointments.values()
            if a.case_number == number and a.ended_for(viewer_id, now) is not EndingKind.DELETED
        ]
        found.sort(key=lambda a: (a.during.start, a.id), reverse=True)
        return found[offset : offset + limit]

    def invited(self, worker_id: int, since: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        return self._waiting(worker_id, since)[offset : offset + limit]

    def count_invited(self, worker_id: int, since: datetime) -> int:
        return len(self._waiting(worker_id, since))

    def add(self, appointment: Appointment) -> Appointment:
        appointment = replace(appointment, id=self._state.new_id("appointments"))
        self._claim(appointment, appointment.created_at)
        self._state.appointments[appointment.id] = appointment
        for invitation in appointment.invitations:
            if invitation.answer is not Answer.PENDING:
                self._keep_answer(appointment.id, invitation, appointment.created_at)
        return appointment

    def replace(self, old: Appointment, new: Appointment, now: datetime) -> Appointment:
        stored = self._state.appointments.get(old.id)
        if stored is None:
            raise NotFound
        if stored.version != old.version:
            raise VersionConflict
        new = replace(new, id=old.id, version=old.version + 1)
        self._move_claim(new, now)
        for invitation in new.invitations:
            before = stored.invitation_of(invitation.worker_id)
            if invitation.answer is not (before.answer if before else Answer.PENDING):
                self._keep_answer(new.id, invitation, now)
        self._state.appointments[new.id] = new
        return new

    def answer(self, appointment: Appointment, invitation: Invitation, now: datetime) -> Appointment:
        stored = self._state.appointments.get(appointment.id)
        before = stored.invitation_of(invitation.worker_id) if stored else None
        if stored is None or before is None or before.sequence != invitation.sequence - 1:
            raise VersionConflict
        version = stored.version + 1
        answered = replace(invitation, version=version)
        invitations = tuple(answered if i is before else i for i in stored.invitations)
        stored = replace(stored, version=version, invitations=invitations)
        self._state.appointments[stored.id] = stored
        self._keep_answer(stored.id, answered, now)
        return stored

    def lock(self, appointment_id: int) -> None:
        """One transaction at a time: there is nobody to keep off."""

    def answers(self, appointment_id: int) -> list[tuple[int, str, datetime]]:
        return list(self._state.answers.get(appointment_id, ()))

    def _waiting(self, worker_id: int, since: datetime) -> list[Appointment]:
        found = [
            a
            for a in self._state.appointments.values()
            if a.during.start > since
            and a.ended_for(worker_id, since) is None
            and (own := a.invitation_of(worker_id)) is not None
            and own.answer is Answer.PENDING
        ]
        return sorted(found, key=_by_start)

    def _touching(self, worker_ids: Sequence[int], window: Interval) -> list[Appointment]:
        found = self._state.appointments.values()
        return sorted((a for a in found if a.main_worker_id in worker_ids and a.during.overlaps(window)), key=_by_start)

    def _move_claim(self, new: Appointment, now: datetime) -> None:
        own, ending = self._state.claims.get(of_appointment(new.id)), new.ending
        if ending is None:
            self._claim(new, now)
        elif own is not None and not own.gone(now):
            self._claim(new, now, own.expires_at if ending.was_cancelled else ending.settles_at)

    def _claim(self, appointment: Appointment, now: datetime, expires_at: datetime | None = None) -> None:
        claim = Claim(appointment.main_worker_id, appointment.during, expires_at)
        take(self._state, of_appointment(appointment.id), claim, now)

    def _keep_answer(self, appointment_id: int, invitation: Invitation, now: datetime) -> None:
        kept = (invitation.worker_id, str(invitation.answer), now)
        self._state.answers[appointment_id] = (*self._state.answers.get(appointment_id, ()), kept)


def _by_start(appointment: Appointment) -> tuple[datetime, int]:
    return appointment.during.start, appointment.id


def _may_take_back(appointment: Appointment, worker_id: int, now: datetime) -> bool:
    own = appointment.invitation_of(worker_id)
    declines = own is not None and own.answer is Answer.DECLINED and own.settles_at is not None and own.settles_at > now
    return may_undo(appointment, worker_id, now) or (declines and appointment.during.start > now)
