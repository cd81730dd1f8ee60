"""Another time that a declining invitee proposes (guide, step 9; RFC 5546, section 3.2.7: COUNTER)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.appointments import Answer, Appointment
from core.errors import (
    AppointmentMoved,
    DecidedAlready,
    Ended,
    InThePast,
    ProposalWithdrawn,
    RdvError,
    Started,
)
from core.times import Interval


class CounterState(StrEnum):
    """What became of the proposal."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """The invitee has answered otherwise since, or proposed something else."""
    OVERTAKEN = "overtaken"
    """The appointment was moved to another time, or given to another main worker."""


@dataclass(frozen=True, slots=True)
class CounterProposal:
    """`proposer_id` declined the appointment as it stood at `revision`, and proposes `during` (and `place_id`) instead.

    It claims no time while it waits for the organiser's click. `created_at` in UTC.
    """

    id: int
    appointment_id: int
    revision: int
    proposer_id: int
    during: Interval
    place_id: int | None
    created_at: datetime
    state: CounterState = CounterState.PROPOSED


def why_over(proposal: CounterProposal, appointment: Appointment, viewer_id: int, now: datetime) -> RdvError | None:
    """Return why there is nothing left to decide, as `viewer_id` may know it at `now`; None while there is."""
    own = appointment.invitation_of(proposal.proposer_id)
    match proposal.state:
        case CounterState.ACCEPTED | CounterState.REFUSED:
            return DecidedAlready()
        case CounterState.OVERTAKEN:
            return AppointmentMoved()
        case CounterState.WITHDRAWN:
            return ProposalWithdrawn()
        case CounterState.PROPOSED if appointment.ended_for(viewer_id, now) is not None:
            return Ended()
        case CounterState.PROPOSED if appointment.during.start <= now:
            return Started()
        case CounterState.PROPOSED if own is None or own.answer is not Answer.DECLINED:
            return ProposalWithdrawn()
        case CounterState.PROPOSED if proposal.during.start <= now:
            return InThePast()
        case CounterState.PROPOSED:
            return None
