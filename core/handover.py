"""An appointment given to a colleague, or moved to a time free for all; people are told as of any change (rule 5)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.access import access_appointment
from core.appointments import Appointment
from core.availability import Slot
from core.booking import BookingRequest, change
from core.conflicts import NeedsConfirmation, conflict_key
from core.errors import NotFound
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from core.rules import HORIZON, Rules
from core.slots import free_slots
from core.times import Interval

_SEARCHED_AT_ONCE = timedelta(days=28)


def hand_over(
    tx: Transaction,
    actor: Worker,
    appointment_id: int,
    to_worker_id: int,
    now: datetime,
    rules: Rules,
    *,
    confirmed: Collection[str] = frozenset(),
) -> Appointment:
    """Make a colleague the main worker, at the same time and place; who had it is no longer concerned.

    If he made it, he stays its organiser. What else occupies those who were invited already is not asked about: for
    them the time stays. `confirmed` are the keys of the colleague's own conflicts that the actor was shown.

    Raises:
        NotFound: the appointment, or an active worker of that id, is not there for the actor.
        MissingChoice: nobody but that colleague was concerned.
        RdvError: as `change`: the actor may not, or the colleague is not available or not free (rules 2 and 3).
    """
    if not tx.people.worker(to_worker_id).active:
        raise NotFound
    appointment = access_appointment(tx, actor, appointment_id, now)
    colleague = PartyRef(PartyKind.WORKER, to_worker_id)
    parties = tuple(p for p in appointment.parties if p != colleague)

    def give(accepted: Collection[str]) -> Appointment:
        request = replace(
            _as_it_is(appointment), main_worker_id=to_worker_id, parties=parties, confirmed=frozenset(accepted)
        )
        return change(tx, actor, appointment_id, appointment.revision, request, now, rules)

    try:
        return give(confirmed)
    except NeedsConfirmation as question:
        own = tuple(c for c in question.conflicts if c.worker_id == to_worker_id)
        if any(conflict_key(c) not in confirmed for c in own):
            raise NeedsConfirmation(own) from question
        return give({*confirmed, *map(conflict_key, question.conflicts)})


def next_free(tx: Transaction, appointment: Appointment, after: datetime, now: datetime, rules: Rules) -> Slot | None:
    """Return the first slot of the same length from `after` on that is free for the main worker and all required.

    None if there is none as far ahead as one can book.
    """
    required = [i.worker_id for i in appointment.invitations if not i.optional]
    start, end = max(after, now), now + HORIZON
    while start < end:
        window = Interval(start, min(start + _SEARCHED_AT_ONCE, end))
        found = free_for_all(tx, appointment, required, window, now, rules)
        if found:
            return found[0]
        start = window.end
    return None


def free_for_all(
    tx: Transaction, appointment: Appointment, workers: Sequence[int], window: Interval, now: datetime, rules: Rules
) -> list[Slot]:
    """Return the slots of its length, beginning in `window`, that are free for its main worker and these workers.

    Nothing uncertain lies on them; the appointment itself is in nobody's way.
    """
    slots = free_slots(
        tx,
        appointment.main_worker_id,
        window,
        appointment.during.duration,
        now,
        rules,
        invitees=workers,
        everyone=True,
        kind=appointment.kind,
        ignoring=appointment.id,
    )
    return [s for s in slots if not s.marked]


def move_to(
    tx: Transaction, actor: Worker, appointment_id: int, slot: Slot, now: datetime, rules: Rules
) -> Appointment:
    """Move the appointment to a slot, and to its place if it has one. Raises as `change`."""
    appointment = access_appointment(tx, actor, appointment_id, now)
    place_id = slot.place_id if slot.place_id is not None else appointment.place_id
    request = replace(_as_it_is(appointment), during=slot.during, place=place_id)
    return change(tx, actor, appointment_id, appointment.revision, request, now, rules)


def _as_it_is(appointment: Appointment) -> BookingRequest:
    """Return what one would ask for to leave the appointment as it is."""
    return BookingRequest(
        case_number=appointment.case_number,
        main_worker_id=appointment.main_worker_id,
        during=appointment.during,
        zone=appointment.zone,
        parties=appointment.parties,
        place=appointment.place_id,
        comment=appointment.comment,
        kind=appointment.kind,
        optional=frozenset(i.worker_id for i in appointment.invitations if i.optional),
    )
