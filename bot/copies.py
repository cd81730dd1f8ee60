"""Copies of appointment cards: what one shows, posting one that stays up to date."""

from datetime import datetime, timedelta

from bot.ports import Messenger
from core.people import Account, Worker
from core.ports import Database, Transaction
from core.settling import shown_version, unsettled_until
from core.views import view_of
from handlers.cards.appointment import appointment_card
from handlers.i18n import Texts
from handlers.ui import Card, Live

ON_ITS_WAY = timedelta(seconds=60)


async def post_live(
    db: Database, messenger: Messenger, account: Account, card: Card, live: Live, now: datetime
) -> tuple[str, ...]:
    """Post the card to the person's private conversation and keep it as a copy of its appointment.

    If the appointment changed or settled while the card was on its way, its refresh is made due. Raises as the
    messenger does.
    """
    messages = await messenger.post(account, card)

    def remember(tx: Transaction) -> None:
        appointment = tx.appointments.find(live.appointment_id)
        if appointment is None:
            return
        settles = unsettled_until(appointment, now - ON_ITS_WAY)
        tx.outbox.save_copy(live.appointment_id, account.id, messages, live.version)
        if appointment.version > live.version:
            tx.outbox.refresh_again(live.appointment_id, account.worker_id, appointment.version, now)
        elif settles is not None:
            due_at = max(settles, now)
            tx.outbox.refresh_again(live.appointment_id, account.worker_id, appointment.version, due_at)

    await db.write(remember)
    return messages


def fresh_card(tx: Transaction, worker: Worker, appointment_id: int, now: datetime) -> tuple[Card, Live] | None:
    """Return the appointment's card as the worker may see it now, with the version it shows; None if there is none."""
    appointment = tx.appointments.find(appointment_id)
    if appointment is None:
        return None
    card = appointment_card(view_of(tx, worker, appointment, now), Texts(worker.locale, worker.zone), now)
    return card, Live(appointment_id, shown_version(appointment, now))


def shown_in_place(
    tx: Transaction, account: Account, live: Live, messages: tuple[str, ...], before: tuple[str, ...] = ()
) -> None:
    """Note that these messages show the appointment at that version now; messages that were no copy are one by this.

    `before` are the names of those in whose place they stand, where they have others now.
    """
    for copy, of in tx.outbox.copies(live.appointment_id, account.worker_id):
        if of.id == account.id and not set(copy.messages).isdisjoint((*messages, *before)):
            tx.outbox.update_copy(copy.id, messages, live.version)
            return
    tx.outbox.save_copy(live.appointment_id, account.id, messages, live.version)
