"""Availability and what occupies people, in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from core.appointments import Answer, Appointment
from core.availability import AvailabilityRange, Busy, BusyKind, ExternalEvent
from core.times import Interval
from storage.memory.state import State

_KINDS = {
    Answer.ACCEPTED: BusyKind.ACCEPTED,
    Answer.TENTATIVE: BusyKind.TENTATIVE,
    Answer.PENDING: BusyKind.PENDING,
}


class MemoryAgendas:
    """Implements `core.ports.Agendas`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def ranges(self, worker_id: int) -> list[AvailabilityRange]:
        return list(self._state.ranges.get(worker_id, ()))

    def lock_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        return self.ranges(worker_id)  # one transaction at a time

    def replace_ranges(self, worker_id: int, ranges: Sequence[AvailabilityRange]) -> None:
        self._state.ranges[worker_id] = tuple(
            replace(r, id=self._state.new_id("ranges"), worker_id=worker_id) for r in ranges
        )

    def busy(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Busy]:
        wanted = set(worker_ids)
        found = [*self._claimed(now), *self._invited(now), *self._external(wanted)]
        found = [b for b in found if b.worker_id in wanted and b.during.overlaps(window)]
        return sorted(found, key=lambda b: (b.during, b.worker_id, b.kind))

    def replace_external_events(self, worker_id: int, events: Sequence[ExternalEvent]) -> None:
        self._state.external[worker_id] = tuple(replace(e, worker_id=worker_id) for e in events)

    def _claimed(self, now: datetime) -> Iterable[Busy]:
        for appointment_id, claim in self._state.claims.items():
            if not claim.gone(now):
                place_id = self._state.appointments[appointment_id].place_id
                yield Busy(claim.worker_id, claim.during, BusyKind.APPOINTMENT, appointment_id, place_id)

    def _invited(self, now: datetime) -> Iterable[Busy]:
        for a in self._state.appointments.values():
            if _stands(a, now):
                for invitation in a.invitations:
                    if invitation.answer in _KINDS:
                        yield Busy(invitation.worker_id, a.during, _KINDS[invitation.answer], a.id, a.place_id)

    def _external(self, worker_ids: Iterable[int]) -> Iterable[Busy]:
        for worker_id in worker_ids:
            for event in self._state.external.get(worker_id, ()):
                yield Busy(worker_id, event.during, BusyKind.TENTATIVE if event.tentative else BusyKind.EXTERNAL)


def _stands(appointment: Appointment, now: datetime) -> bool:
    """Whether it still takes people's time: a deletion of what was cancelled before does not bring it back."""
    ending = appointment.ending
    return ending is None or (now < ending.settles_at and not ending.was_cancelled)
