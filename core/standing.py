"""Whether a notice is still true when it is sent, whatever it speaks of (rule 7)."""

from datetime import datetime

from core.notices import Notice, NoticeKind
from core.notifying import counter_still_holds, opening_still_holds, still_holds
from core.people import Worker
from core.ports import Transaction
from core.preferring import preferences_of


def still_true(tx: Transaction, notice: Notice, recipient: Worker, now: datetime) -> bool:
    """Tell whether the recipient is still to be told, as things stand now."""
    if not recipient.active:
        return False
    if notice.opening_id:
        return opening_still_holds(notice, tx.openings.find(notice.opening_id), now)
    if notice.proposal_id:
        proposal = tx.counterproposals.find(notice.proposal_id)
        appointment = tx.appointments.find(proposal.appointment_id) if proposal else None
        return counter_still_holds(notice, proposal, appointment, now)
    if notice.kind is NoticeKind.SUMMARY:
        over = notice.expires_at is not None and now >= notice.expires_at
        return not over and preferences_of(tx, recipient).summary_at is not None  # he may have switched it off since
    return still_holds(notice, tx.appointments.find(notice.appointment_id), now)
