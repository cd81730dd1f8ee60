"""What the two people of a counter-proposal may read of it, gathered for a card (rules 2 and 9)."""

from dataclasses import dataclass
from datetime import datetime

from core.cases import Place
from core.counterproposals import CounterProposal, why_over
from core.errors import NotFound, RdvError
from core.people import Worker
from core.ports import Transaction
from core.views import AppointmentView, view_of


@dataclass(frozen=True, slots=True)
class CounterView:
    """A proposal as its reader may see it, with the appointment as he may see it now.

    `place` is where it would be at the proposed time. `over` is why there is nothing left to decide, None while there
    is.
    """

    proposal: CounterProposal
    appointment: AppointmentView
    proposer: Worker
    place: Place | None
    over: RdvError | None


def view_counter(tx: Transaction, viewer: Worker, proposal_id: int, now: datetime) -> CounterView:
    """Return the proposal, for who made it or who decides. Raises NotFound."""
    proposal = tx.counterproposals.find(proposal_id)
    appointment = tx.appointments.find(proposal.appointment_id) if proposal else None
    if proposal is None or appointment is None or viewer.id not in (proposal.proposer_id, appointment.creator_id):
        raise NotFound
    seen = view_of(tx, viewer, appointment, now)
    return CounterView(
        proposal=proposal,
        appointment=seen,
        proposer=tx.people.worker(proposal.proposer_id),
        place=tx.places.find(proposal.place_id) if proposal.place_id is not None else seen.place,
        over=why_over(proposal, appointment, viewer.id, now),
    )
