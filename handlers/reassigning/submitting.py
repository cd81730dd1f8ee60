"""The form that reassigns, as it opens, changes and is sent; what stands in the way is asked back inside it."""

from collections.abc import Collection
from dataclasses import replace

from core.appointments import Appointment
from core.conflicts import NeedsConfirmation
from core.errors import Away, MissingChoice, OutsideAvailability, RdvError, SameWorker, SlotTaken
from core.ports import Transaction
from core.reassigning import reassign, reassignable
from handlers import actions
from handlers.booking.conflicts import conflicts_notice, names_of
from handlers.booking.questions import asked_of, over_shown
from handlers.context import Context
from handlers.forms import new_nonce
from handlers.planning.questions import line_of
from handlers.reassigning.form import (
    COLLEAGUE,
    Reassigning,
    colleague_of,
    read_reassigning,
    reassigning_form,
    why_not,
)
from handlers.refreshing import opened, sent, shown_anew
from handlers.ui import (
    ActionClick,
    CloseForm,
    FieldErrors,
    FormChange,
    FormSubmit,
    Notice,
    OpenForm,
    Option,
    OptionGroup,
    Options,
    OptionSearch,
    Outcome,
    UpdateForm,
)

_MOST_FOUND = 20
_REFUSED = (OutsideAvailability, SlotTaken, Away)


async def click(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form from the appointment's card."""
    appointment_id, revision = actions.numbers(click.ref.token, 2)
    state = Reassigning(appointment_id, revision, new_nonce())
    return await opened(ctx, appointment_id, lambda tx: OpenForm(reassigning_form(tx, ctx, state)))


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew for another colleague: what was asked about the one before is forgotten."""
    state = replace(read_reassigning(event.context, event.nonce, event.values), asked=frozenset(), confirm=False)
    return await shown_anew(
        ctx, state.appointment_id, state.nonce, lambda tx: UpdateForm(reassigning_form(tx, ctx, state))
    )


async def search(ctx: Context, event: OptionSearch) -> Outcome:
    """Return the workers who match, but for the one who has it."""
    state = read_reassigning(event.context, "", event.values)

    def look(tx: Transaction) -> Options:
        appointment = tx.appointments.find(state.appointment_id)
        own = appointment.main_worker_id if appointment else 0
        found = tx.people.search_workers(event.query, _MOST_FOUND)
        options = tuple(Option(str(w.id), w.label) for w in found if w.id != own)
        return Options((OptionGroup("", options),) if options else ())

    return await ctx.read(look)


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Give the appointment, once for this opening of the form, over those conflicts alone that the form has shown."""
    state = read_reassigning(event.context, event.nonce, event.values)
    if await ctx.read(lambda tx: colleague_of(tx, state)) is None:
        return FieldErrors(((COLLEAGUE, ctx.texts.t("Choose a colleague.")),))
    try:
        return await sent(ctx, state.appointment_id, state.nonce, lambda tx: _given(tx, ctx, state))
    except MissingChoice:
        said = ctx.texts.t("Nobody else is concerned by this appointment: add someone to it first.")
        return FieldErrors(((COLLEAGUE, said),))
    except SameWorker as refusal:
        return FieldErrors(((COLLEAGUE, ctx.texts.error(refusal)),))
    except (*_REFUSED, NeedsConfirmation) as refusal:
        why: RdvError = refusal
    return await _asked_back(ctx, state, why)


def _given(tx: Transaction, ctx: Context, state: Reassigning) -> Outcome:
    to_id = state.colleague or 0

    def give(confirmed: Collection[str]) -> Appointment:
        return reassign(
            tx, ctx.actor, state.appointment_id, state.revision, to_id, ctx.now(), ctx.rules, confirmed=confirmed
        )

    given = over_shown(give, state.asked, confirm=state.confirm)
    line, name = line_of(given, ctx.texts), tx.people.worker(to_id).name
    return CloseForm(ctx.texts.t("{appointment}: given to {name}.", appointment=line, name=name))


async def _asked_back(ctx: Context, state: Reassigning, why: RdvError) -> Outcome:
    """Show the form with what stands in the way: to be confirmed, or a reason to choose someone else."""

    def look(tx: Transaction) -> Outcome:
        if isinstance(why, NeedsConfirmation):
            said = conflicts_notice(why.conflicts, names_of(tx, why.conflicts), ctx.texts)
            return UpdateForm(reassigning_form(tx, ctx, _asking(state, asked_of(why.conflicts)), said))
        appointment = reassignable(tx, ctx.actor, state.appointment_id, state.revision, ctx.now())
        colleague = colleague_of(tx, state)
        reasons = why_not(tx, ctx, appointment, colleague) if colleague else None
        said = replace(reasons, kind="error") if reasons else Notice(ctx.texts.error(why), "error")
        return UpdateForm(reassigning_form(tx, ctx, _asking(state, ()), said))

    return await shown_anew(ctx, state.appointment_id, state.nonce, look)


def _asking(state: Reassigning, asked: Collection[str]) -> Reassigning:
    return replace(state, confirm=False, asked=frozenset(asked))
