"""Appointments with their claims on time and the answers kept, in memory."""

from dataclasses import replace
from datetime import datetime

from core.appointments import Answer, Appointment, EndingKind, Invitation
from core.errors import NotFound, SlotTaken, VersionConflict
from storage.memory.state import Claim, State


class MemoryAppointments:
    """Implements `core.ports.Appointments`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, appointment_id: int) -> Appointment | None:
        return self._state.appointments.get(appointment_id)

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
        return sorted(found, key=lambda a: (a.during.start, a.id))

    def _move_claim(self, new: Appointment, now: datetime) -> None:
        own, ending = self._state.claims.get(new.id), new.ending
        if ending is None:
            self._claim(new, now)
        elif own is not None and not own.gone(now):
            self._claim(new, now, own.expires_at if ending.was_cancelled else ending.settles_at)

    def _claim(self, appointment: Appointment, now: datetime, expires_at: datetime | None = None) -> None:
        """Take the main worker's time, in the place of what this appointment had claimed."""
        claims, worker_id = self._state.claims, appointment.main_worker_id
        claims.pop(appointment.id, None)
        for other_id in [i for i, claim in claims.items() if claim.worker_id == worker_id and claim.gone(now)]:
            del claims[other_id]
        if any(c.worker_id == worker_id and c.during.overlaps(appointment.during) for c in claims.values()):
            raise SlotTaken(worker_id)
        claims[appointment.id] = Claim(worker_id, appointment.during, expires_at)

    def _keep_answer(self, appointment_id: int, invitation: Invitation, now: datetime) -> None:
        kept = (invitation.worker_id, str(invitation.answer), now)
        self._state.answers[appointment_id] = (*self._state.answers.get(appointment_id, ()), kept)
