"""What a notice of a counter-proposal posts: the organiser's question, or that the time stays as it was."""

from datetime import datetime

from core.counter_views import view_counter
from core.notices import Notice, NoticeKind
from core.notifying import counter_still_holds
from core.people import Account, Worker
from core.ports import Transaction
from handlers.cards.counters import counter_card, counter_refused_card
from handlers.i18n import Texts
from handlers.ui import Card


def counter_told(tx: Transaction, notice: Notice, now: datetime) -> tuple[Worker, list[Account], Card] | None:
    """Return whom to tell and the card; None if it is no longer true."""
    proposal = tx.counterproposals.find(notice.proposal_id)
    appointment = tx.appointments.find(proposal.appointment_id) if proposal else None
    recipient = tx.people.worker(notice.recipient_id)
    if not counter_still_holds(notice, proposal, appointment, now) or not recipient.active:
        return None
    texts, view = Texts(recipient.locale, recipient.zone), view_counter(tx, recipient, notice.proposal_id, now)
    made = counter_card if notice.kind is NoticeKind.COUNTER_PROPOSED else counter_refused_card
    return recipient, tx.accounts.of_worker(recipient.id), made(view, texts, now)
