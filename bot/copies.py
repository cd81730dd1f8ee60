"""Posting a card that stays up to date: the message is sent, then remembered as a copy."""

from datetime import datetime

from bot.ports import Messenger
from core.people import Account
from core.ports import Database, Transaction
from handlers.ui import Card, Live


async def post_live(
    db: Database, messenger: Messenger, account: Account, card: Card, live: Live, now: datetime
) -> tuple[str, ...]:
    """Post the card to the person's private conversation and keep it as a copy of its appointment.

    If the appointment changed while the card was on its way, its refresh is made due. Raises as the messenger does.
    """
    messages = await messenger.post(account, card)

    def remember(tx: Transaction) -> None:
        tx.outbox.save_copy(live.appointment_id, account.id, messages, live.version)
        appointment = tx.appointments.find(live.appointment_id)
        if appointment is not None and appointment.version > live.version:
            tx.outbox.refresh_again(live.appointment_id, account.worker_id, appointment.version, now)

    await db.write(remember)
    return messages
