"""Proposing another time after declining, and the organiser's one click (guide, step 9; RFC 5546, section 3.2.7)."""

from dataclasses import replace
from datetime import datetime

from core.access import Right, require, rights
from core.appointments import Appointment
from core.availability import Slot
from core.counterproposals import CounterProposal, CounterState, why_over
from core.errors import NotAllowed, NotEveryoneFree, NotFound, OrganiserGone, Stale
from core.handover import free_for_all, move_to
from core.invitations import own_invitation
from core.notifying import counter_proposed_notice, counter_refused_notice
from core.people import Worker
from core.ports import Transaction
from core.rules import STEP, Rules
from core.times import Interval
from core.withdrawing import open_proposals, withdraw_own


def offer(
    tx: Transaction, actor: Worker, appointment_id: int, window: Interval, now: datetime, rules: Rules
) -> list[Slot]:
    """Return the other times that the actor, who declined, may propose: those at which everyone concerned is free.

    They begin inside `window`, by start, and last as long as the appointment. The main worker is bookable then
    (rules 2 and 3), each slot at its own place; everyone who must be there, the actor and a concerned organiser are
    available, and nothing uncertain lies on it: the organiser's one click could confirm nothing.
    Raises NotFound, NotInvited, NotAllowed, Ended, Started, Stale (he has not declined), OrganiserGone.
    """
    appointment = may_propose(tx, actor, appointment_id, now)
    return _free(tx, appointment, actor.id, window, now, rules)


def propose(
    tx: Transaction, actor: Worker, appointment_id: int, revision: int, slot: Slot, now: datetime, rules: Rules
) -> CounterProposal:
    """Propose the slot for the appointment that the actor saw at `revision`; the organiser is asked at once.

    Nothing is claimed while he is asked. Each invitee has one open proposal: a new one takes the place of the one
    before, and the same again is the same one. Raises as `offer`; Stale too for another revision; NotEveryoneFree when
    the slot is not, or no longer, offered.
    """
    tx.appointments.lock(appointment_id)  # who answers, moves it or proposes meanwhile finds this proposal
    appointment = may_propose(tx, actor, appointment_id, now)
    if appointment.revision != revision:
        raise Stale
    window = Interval.lasting(slot.during.start, STEP)
    offered = _free(tx, appointment, actor.id, window, now, rules)
    if (slot.during, slot.place_id) not in [(s.during, s.place_id) for s in offered]:
        raise NotEveryoneFree
    for earlier in open_proposals(tx, appointment_id):
        same = (earlier.during, earlier.place_id) == (slot.during, slot.place_id)
        if earlier.proposer_id == actor.id and same:
            return earlier
    withdraw_own(tx, appointment_id, actor.id)
    proposal = tx.counterproposals.add(
        CounterProposal(
            id=0,
            appointment_id=appointment_id,
            revision=revision,
            proposer_id=actor.id,
            during=slot.during,
            place_id=slot.place_id,
            created_at=now,
        )
    )
    tx.outbox.add([counter_proposed_notice(proposal, appointment, now)], now)
    tx.audit.add(actor.id, "proposed", appointment_id, now)
    return proposal


def accept(tx: Transaction, actor: Worker, proposal_id: int, now: datetime, rules: Rules) -> Appointment:
    """Move the appointment to the proposed time and place: everybody is asked again (rule 5), the proposer too.

    Every other proposal about it is overtaken by that. Nothing that may be confirmed is confirmed by this click: who
    wants the time all the same moves the appointment in its form.

    Raises:
        NotFound, NotAllowed: no such proposal, or not the actor's to decide.
        DecidedAlready, ProposalWithdrawn, AppointmentMoved, Ended, Started, InThePast: there is nothing left to decide.
        NeedsConfirmation: someone is no longer free.
        RdvError: as `core.booking.change`: the time was taken, the main worker is away, and so on.
    """
    proposal, appointment = _open_one(tx, actor, proposal_id, now)
    require(tx, actor, appointment, Right.EDIT, now)
    tx.counterproposals.decide(replace(proposal, state=CounterState.ACCEPTED))
    return move_to(tx, actor, appointment.id, Slot(proposal.during, proposal.place_id), now, rules)


def refuse(tx: Transaction, actor: Worker, proposal_id: int, now: datetime) -> CounterProposal:
    """Keep the time as it is, and tell who proposed another. Raises as `accept`, the last two apart."""
    proposal, appointment = _open_one(tx, actor, proposal_id, now)
    require(tx, actor, appointment, Right.EDIT, now)
    refused = replace(proposal, state=CounterState.REFUSED)
    tx.counterproposals.decide(refused)
    tx.outbox.add([counter_refused_notice(refused, appointment, now)], now)
    tx.audit.add(actor.id, "kept", appointment.id, now)
    return refused


def own_proposal(tx: Transaction, actor: Worker, appointment_id: int) -> CounterProposal | None:
    """Return what the actor proposes at present, if anything."""
    return next((p for p in open_proposals(tx, appointment_id) if p.proposer_id == actor.id), None)


def may_propose(tx: Transaction, actor: Worker, appointment_id: int, now: datetime) -> Appointment:
    """Return the appointment, if the actor may propose another time for it. Raises as `offer`."""
    appointment, _ = own_invitation(tx, actor, appointment_id, now)
    if actor.id == appointment.creator_id:
        raise NotAllowed
    if Right.PROPOSE not in rights(appointment, None, actor.id, now):
        raise Stale
    if not tx.people.worker(appointment.creator_id).active:
        raise OrganiserGone
    return appointment


def _open_one(tx: Transaction, actor: Worker, proposal_id: int, now: datetime) -> tuple[CounterProposal, Appointment]:
    proposal = tx.counterproposals.find(proposal_id)
    if proposal is None:
        raise NotFound
    tx.appointments.lock(proposal.appointment_id)  # before its proposals, as whoever changes or answers it does
    appointment = tx.appointments.find(proposal.appointment_id)
    if appointment is None:
        raise NotFound
    if actor.id != appointment.creator_id:
        raise NotAllowed
    if (over := why_over(proposal, appointment, actor.id, now)) is not None:
        raise over
    return proposal, appointment


def _free(
    tx: Transaction, appointment: Appointment, proposer_id: int, window: Interval, now: datetime, rules: Rules
) -> list[Slot]:
    needed = {proposer_id, appointment.creator_id}
    concerned = [i.worker_id for i in appointment.invitations if not i.optional or i.worker_id in needed]
    free = free_for_all(tx, appointment, concerned, window, now, rules)
    return [s for s in free if s.during != appointment.during]
