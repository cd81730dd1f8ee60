"""Proposals of another time that an answer or a move has made pointless: the organiser's card acts on them no more."""

from dataclasses import replace

from core.appointments import Appointment
from core.counterproposals import CounterProposal, CounterState
from core.ports import Transaction


def open_proposals(tx: Transaction, appointment_id: int) -> list[CounterProposal]:
    """Return the proposals about this appointment that nobody has decided, in the order they were made."""
    return [p for p in tx.counterproposals.of(appointment_id) if p.state is CounterState.PROPOSED]


def withdraw_own(tx: Transaction, appointment_id: int, proposer_id: int) -> None:
    """Take back what this invitee proposes: he has answered otherwise, or proposes something else."""
    for proposal in open_proposals(tx, appointment_id):
        if proposal.proposer_id == proposer_id:
            tx.counterproposals.decide(replace(proposal, state=CounterState.WITHDRAWN))


def close_proposals(tx: Transaction, changed: Appointment, *, moved: bool) -> None:
    """Close what the change of an appointment leaves without an object.

    Every proposal, if it was `moved` to another time or main worker: everybody is asked again. Else those of whoever
    is no longer invited.
    """
    for proposal in open_proposals(tx, changed.id):
        if moved:
            tx.counterproposals.decide(replace(proposal, state=CounterState.OVERTAKEN))
        elif changed.invitation_of(proposal.proposer_id) is None:
            tx.counterproposals.decide(replace(proposal, state=CounterState.WITHDRAWN))
