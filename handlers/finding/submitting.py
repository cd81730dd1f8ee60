"""The form that finds a time, as it changes and when a proposal is chosen: the booking form follows, the slot held."""

from dataclasses import replace

from core.errors import RdvError, SlotTaken
from core.people import PartyKind, PartyRef
from core.ports import Transaction
from handlers.booking import draft as drafts
from handlers.booking.chosen import Misread
from handlers.booking.draft import Draft, monday
from handlers.booking.opening import with_slot_held
from handlers.context import Context
from handlers.finding import fields
from handlers.finding.form import build
from handlers.finding.wanted import Wanted, people_of, read_wanted, search_of
from handlers.ui import FieldErrors, FormChange, FormSubmit, Notice, Outcome, UpdateForm


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew after a choice."""
    wanted = read_wanted(event.nonce, event.values)
    return await ctx.read(lambda tx: _shown(tx, ctx, wanted))


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Go on to the booking form with everything filled in; if the time has just gone, say so with those there are."""
    wanted = read_wanted(event.nonce, event.values)
    draft = await ctx.read(lambda tx: _draft(tx, ctx, wanted))
    if isinstance(draft, FieldErrors):
        return draft
    try:
        return UpdateForm(await with_slot_held(ctx, draft))
    except SlotTaken as refusal:
        taken = refusal
    return await ctx.read(lambda tx: _shown(tx, ctx, replace(wanted, slot=""), taken))


def _shown(tx: Transaction, ctx: Context, wanted: Wanted, why: RdvError | None = None) -> Outcome:
    said = (Notice(ctx.texts.error(why), "error"),) if why else ()
    return UpdateForm(build(tx, ctx.actor, wanted, ctx.texts, ctx.now(), ctx.rules, said))


def _draft(tx: Transaction, ctx: Context, wanted: Wanted) -> Draft | FieldErrors:
    """Return the booking form's beginning, or what is wrong with which field."""
    people = people_of(tx, wanted)
    search = search_of(wanted, people, ctx.texts, ctx.now())
    if isinstance(search, Misread):
        return FieldErrors(((search.field, search.message),))
    slot = drafts.slot(wanted.slot)
    if slot is None:
        return FieldErrors(((fields.SLOT, ctx.texts.t("Choose one of the proposals.")),))
    others = (*search.required, *search.optional)
    return Draft(
        main=search.main_id,
        parties=tuple(PartyRef(PartyKind.WORKER, worker_id) for worker_id in others),
        optional=frozenset(search.optional),
        kind=wanted.kind,
        duration=slot.during.duration,
        week=monday(ctx.texts.local(slot.during.start).date()),
        slot=wanted.slot,
    )
