"""What a notice says to its recipient, made of the state as it is: when it is sent, and when it is revealed."""

from dataclasses import dataclass
from datetime import datetime

from core.counter_views import view_counter
from core.notices import Notice, NoticeKind
from core.opening_views import view_opening
from core.people import Worker
from core.ports import Transaction
from core.settling import shown_version
from core.summaries import view_summary
from core.views import view_of
from handlers.cards.counters import counter_card, counter_refused_card
from handlers.cards.notices import notice_card
from handlers.cards.openings import opening_card, opening_refused_card
from handlers.cards.summary import summary_card
from handlers.i18n import Texts
from handlers.ui import Card, Live

COPIES = frozenset({NoticeKind.INVITED, NoticeKind.SHOWN, NoticeKind.REFRESH, NoticeKind.SETTLED})
"""They show the whole appointment, and stay up to date."""


@dataclass(frozen=True, slots=True)
class Told:
    """A card for one person; with `live`, it is a copy of that appointment."""

    card: Card
    live: Live | None = None


def told(tx: Transaction, notice: Notice, recipient: Worker, now: datetime) -> Told | None:
    """Return what the notice tells, as far as the recipient may know it now; None if there is nothing left to tell.

    Raises NotFound for who has no part in what it speaks of.
    """
    texts = Texts(recipient.locale, recipient.zone)
    match notice.kind:
        case NoticeKind.OPENING_ASKED:
            return Told(opening_card(view_opening(tx, recipient, notice.opening_id), texts, now))
        case NoticeKind.OPENING_REFUSED:
            return Told(opening_refused_card(view_opening(tx, recipient, notice.opening_id), texts, now))
        case NoticeKind.COUNTER_PROPOSED:
            return Told(counter_card(view_counter(tx, recipient, notice.proposal_id, now), texts, now))
        case NoticeKind.COUNTER_REFUSED:
            return Told(counter_refused_card(view_counter(tx, recipient, notice.proposal_id, now), texts, now))
        case NoticeKind.SUMMARY:
            view = view_summary(tx, recipient, notice.day, now) if notice.day is not None else None
            return Told(summary_card(view, texts, now)) if view is not None else None
        case _:
            return _of_appointment(tx, notice, recipient, texts, now)


def _of_appointment(tx: Transaction, notice: Notice, recipient: Worker, texts: Texts, now: datetime) -> Told | None:
    appointment = tx.appointments.find(notice.appointment_id)
    if appointment is None:
        return None
    about = tx.people.worker(notice.about_id) if notice.about_id is not None else None
    card = notice_card(notice, view_of(tx, recipient, appointment, now), about, texts, now)
    if notice.kind not in COPIES:
        return Told(card)
    return Told(card, Live(appointment.id, shown_version(appointment, now)))
