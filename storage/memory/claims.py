"""Claims on a main worker's time, in memory: no two of one worker overlap (rule 1)."""

from datetime import datetime

from core.errors import SlotTaken
from storage.memory.state import Claim, ClaimOwner, State


def of_appointment(appointment_id: int) -> ClaimOwner:
    """Return under which key an appointment's claim is kept."""
    return appointment_id, 0


def of_holder(holder_id: int) -> ClaimOwner:
    """Return under which key a person's hold is kept."""
    return 0, holder_id


def take(state: State, owner: ClaimOwner, claim: Claim, now: datetime) -> None:
    """Take the time, in the place of what this owner had, after deleting claims that have expired. Raises SlotTaken."""
    claims = state.claims
    claims.pop(owner, None)
    for other in [o for o, c in claims.items() if c.worker_id == claim.worker_id and c.gone(now)]:
        del claims[other]
    if any(c.worker_id == claim.worker_id and c.during.overlaps(claim.during) for c in claims.values()):
        raise SlotTaken(claim.worker_id)
    claims[owner] = claim
