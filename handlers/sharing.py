"""Sharing an appointment to a channel: what will be read there, and which channel."""

from core.ports import Transaction
from core.sharing import SharedView, share_appointment, shareable, view_shared
from handlers import actions
from handlers.cards.shared import shared_card
from handlers.context import Context
from handlers.forms import new_nonce, one
from handlers.refreshing import opened, sent
from handlers.ui import (
    ActionClick,
    ChannelField,
    CloseForm,
    FieldErrors,
    Form,
    FormSubmit,
    Notice,
    OpenForm,
    Outcome,
    Text,
)

FORM = "share"
CHANNEL = "channel"


async def click(ctx: Context, click: ActionClick) -> Outcome:
    """Show what everybody in the channel will read, and ask for the channel."""
    appointment_id, now = actions.number(click.ref.token), ctx.now()

    def look(tx: Transaction) -> Outcome:
        return OpenForm(_form(ctx, view_shared(tx, shareable(tx, ctx.actor, appointment_id, now), now)))

    return await opened(ctx, appointment_id, look)


async def submit(ctx: Context, form: FormSubmit) -> Outcome:
    """Have the card posted; the person hears what came of it once it is there, or cannot be."""
    appointment_id, channel = actions.number(form.context), one(form.values, CHANNEL)
    if not channel:
        return FieldErrors(((CHANNEL, ctx.texts.t("Choose a channel.")),))

    def work(tx: Transaction) -> Outcome:
        share_appointment(tx, ctx.actor, appointment_id, ctx.platform, ctx.tenant, channel, ctx.now())
        return CloseForm()

    return await sent(ctx, appointment_id, form.nonce, work)


def _form(ctx: Context, view: SharedView) -> Form:
    t, card = ctx.texts.t, shared_card(view, ctx.texts.locale)
    parts = (
        Notice(t("Everybody in the channel will read this, and nothing more:")),
        Text(card.title),
        *card.body,
        ChannelField(CHANNEL, t("Channel"), hint=t("The app must be in the channel to write there."), required=True),
    )
    return Form(FORM, t("Share in a channel"), parts, t("Share"), str(view.appointment_id), new_nonce())
