"""What occupies people, and the times they hold, in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.appointments import Answer, Appointment
from core.availability import Busy, BusyKind, EventSpans, ExternalEvent, Span
from core.times import Interval
from storage.memory.claims import of_holder, take
from storage.memory.state import Claim, State

_KINDS = {
    Answer.ACCEPTED: BusyKind.ACCEPTED,
    Answer.TENTATIVE: BusyKind.TENTATIVE,
    Answer.PENDING: BusyKind.PENDING,
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class MemoryBusy:
    """The part of `core.ports.Agendas` that tells what occupies people."""

    _state: State

    def busy(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Busy]:
        wanted = set(worker_ids)
        found = [*self._claimed(now), *self._invited(now), *self._external(wanted)]
        found = [b for b in found if b.worker_id in wanted and b.during.overlaps(window)]
        return sorted(found, key=lambda b: (b.during, b.worker_id, b.kind))

    def spans(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Span]:
        found = [b for b in (*self._claimed(now), *self._invited(now)) if b.worker_id in worker_ids]
        return [_span(b) for b in found if b.during.overlaps(window)]

    def event_spans(self, worker_ids: Sequence[int], window: Interval) -> list[EventSpans]:
        found: dict[tuple[int, str], list[Span]] = {}
        for b in self._external(worker_ids):
            if b.during.overlaps(window):
                found.setdefault((b.worker_id, str(b.kind)), []).append(_span(b))
        return [EventSpans(w, kind, [s.start for s in of], [s.end for s in of]) for (w, kind), of in found.items()]

    def hold(self, worker_id: int, holder_id: int, during: Interval, now: datetime, expires_at: datetime) -> None:
        take(self._state, of_holder(holder_id), Claim(worker_id, during, expires_at), now)

    def release(self, holder_id: int) -> None:
        self._state.claims.pop(of_holder(holder_id), None)

    def external_events(self, worker_id: int, window: Interval) -> list[ExternalEvent]:
        found = [e for e in self._state.external.get(worker_id, ()) if e.during.overlaps(window)]
        return sorted(found, key=lambda e: (e.during, e.uid, e.recurrence_id))

    def replace_external_events(self, worker_id: int, events: Sequence[ExternalEvent]) -> None:
        self._state.external[worker_id] = tuple(replace(e, worker_id=worker_id) for e in events)

    def _claimed(self, now: datetime) -> Iterable[Busy]:
        for (appointment_id, holder_id), claim in self._state.claims.items():
            if claim.gone(now):
                continue
            if holder_id:
                yield Busy(claim.worker_id, claim.during, BusyKind.HOLD, held_by=holder_id)
            else:
                place_id = self._state.appointments[appointment_id].place_id
                yield Busy(claim.worker_id, claim.during, BusyKind.APPOINTMENT, appointment_id, place_id)

    def _invited(self, now: datetime) -> Iterable[Busy]:
        for a in self._state.appointments.values():
            if stands(a, now):
                for invitation in a.invitations:
                    if invitation.answer in _KINDS:
                        yield Busy(invitation.worker_id, a.during, _KINDS[invitation.answer], a.id, a.place_id)

    def _external(self, worker_ids: Iterable[int]) -> Iterable[Busy]:
        for worker_id in worker_ids:
            for event in self._state.external.get(worker_id, ()):
                yield Busy(worker_id, event.during, BusyKind.TENTATIVE if event.tentative else BusyKind.EXTERNAL)


def stands(appointment: Appointment, now: datetime) -> bool:
    """Tell whether it still takes people's time: a deletion of what was cancelled before does not bring it back."""
    ending = appointment.ending
    return ending is None or (now < ending.settles_at and not ending.was_cancelled)


def _span(busy: Busy) -> Span:
    return Span(
        busy.worker_id,
        (busy.during.start - _EPOCH) // _SECOND,
        -((_EPOCH - busy.during.end) // _SECOND),
        str(busy.kind),
        busy.appointment_id or 0,
        busy.place_id or 0,
        busy.held_by or 0,
    )
