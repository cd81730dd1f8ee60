"""Opening an appointment from a list or a notice."""

from core.errors import Ended
from core.views import view_appointment
from handlers.actions import number
from handlers.cards.appointment import appointment_card
from handlers.cards.notes import note_card
from handlers.context import Context
from handlers.ui import ActionClick, Live, Outcome, Reply


async def show(ctx: Context, click: ActionClick) -> Outcome:
    """Show the whole appointment as a card that stays up to date."""
    appointment_id, now = number(click.ref.token), ctx.now()
    try:
        view = await ctx.read(lambda tx: view_appointment(tx, ctx.actor, appointment_id, now))
    except Ended:
        return Reply(note_card(ctx.texts.t("This appointment was deleted."), "warning", ctx.texts))
    return Reply(appointment_card(view, ctx.texts, now), live=Live(appointment_id, view.appointment.version))
