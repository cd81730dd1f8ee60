"""The form that proposes another time, as it opens, changes and is sent."""

from dataclasses import replace

from core.countering import propose
from core.errors import NotEveryoneFree, Stale
from core.ports import Transaction
from handlers import actions
from handlers.booking.draft import slot as slot_of
from handlers.cards.words import moment
from handlers.context import Context
from handlers.forms import new_nonce
from handlers.proposing.form import SLOT, Proposing, proposing_form, read_proposing
from handlers.refreshing import opened, sent, shown_anew
from handlers.ui import (
    ActionClick,
    CloseForm,
    FieldErrors,
    FormChange,
    FormSubmit,
    Notice,
    OpenForm,
    Outcome,
    UpdateForm,
)


async def click(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form from the card of who declined."""
    appointment_id, revision = actions.numbers(click.ref.token, 2)

    def look(tx: Transaction) -> Outcome:
        appointment = tx.appointments.find(appointment_id)
        if appointment is not None and appointment.revision != revision:
            raise Stale
        return OpenForm(proposing_form(tx, ctx, Proposing(appointment_id, revision, new_nonce())))

    return await opened(ctx, appointment_id, look)


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the times of another week."""
    state = read_proposing(event.context, event.nonce, event.values)
    return await shown_anew(
        ctx, state.appointment_id, state.nonce, lambda tx: UpdateForm(proposing_form(tx, ctx, state))
    )


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Send the proposal, once for this opening of the form; a time that has just gone is asked for again."""
    state = read_proposing(event.context, event.nonce, event.values)
    slot = slot_of(state.slot)
    if slot is None:
        return FieldErrors(((SLOT, ctx.texts.t("Choose one of the proposals.")),))

    def work(tx: Transaction) -> Outcome:
        proposal = propose(tx, ctx.actor, state.appointment_id, state.revision, slot, ctx.now(), ctx.rules)
        appointment = tx.appointments.find(proposal.appointment_id)
        name = tx.people.worker(appointment.creator_id).name if appointment else ""
        time = moment(proposal.during, ctx.texts)
        said = ctx.texts.t(
            "Your proposal is sent to {name}: {time}. You will hear of the answer.", name=name, time=time
        )
        return CloseForm(said)

    try:
        return await sent(ctx, state.appointment_id, state.nonce, work)
    except NotEveryoneFree as refusal:
        gone = Notice(ctx.texts.error(refusal), "error")
    return await ctx.read(lambda tx: UpdateForm(proposing_form(tx, ctx, replace(state, slot=""), gone)))
