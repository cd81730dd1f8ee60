"""Copies of appointment cards: what one shows, posting one that stays up to date."""

from datetime import datetime, timedelta

from bot.ports import Messenger
from core.appointments import Appointment
from core.people import Account
from core.ports import Database, Transaction
from handlers.ui import Card, Live

ON_ITS_WAY = timedelta(seconds=60)


def unsettled_until(appointment: Appointment, now: datetime) -> datetime | None:
    """Return when the last ending or decline that can still be undone settles; None if nothing is open."""
    moments = [appointment.ending.settles_at] if appointment.ending else []
    moments += [i.settles_at for i in appointment.invitations if i.settles_at is not None]
    return max((m for m in moments if m > now), default=None)


def shown_version(appointment: Appointment, now: datetime) -> int:
    """Return the version that a card made at `now` shows: one less while something is still to settle.

    A card that some see before and some after the settling is thus outdated once it settles.
    """
    return appointment.version - (unsettled_until(appointment, now) is not None)


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
