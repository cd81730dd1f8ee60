"""Adding and changing a range: the form opened, shown anew after a choice, and sent."""

from dataclasses import replace
from datetime import date

from core.availability import AvailabilityRange
from core.ports import Transaction
from core.series import Scope
from core.stranding import Strands
from handlers import actions
from handlers.cards.repetition import wall_times
from handlers.context import Context
from handlers.forms import day, form_key, new_nonce
from handlers.placing import push_place_form, wants_new_place
from handlers.planning import fields
from handlers.planning.draft import Draft, Opening, read_draft
from handlers.planning.listing import planning
from handlers.planning.questions import asking, stranded_parts
from handlers.planning.range_form import build
from handlers.planning.range_saving import save
from handlers.planning.repeating import following
from handlers.planning.series_fields import first_to_come, own_range
from handlers.planning.wrong import WrongFields
from handlers.ui import ActionClick, FieldErrors, FormChange, FormSubmit, Notice, OpenForm, Outcome, Reply, UpdateForm


async def add(ctx: Context, _: ActionClick) -> Outcome:
    """Open an empty form."""
    return await open_form(ctx, Draft())


async def open_form(ctx: Context, draft: Draft, *said: Notice) -> Outcome:
    """Open the form with what is known already; what was `said` about it stands above."""
    draft = replace(draft, nonce=new_nonce())
    return await ctx.read(lambda tx: OpenForm(build(tx, ctx, draft, said)))


async def edit(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form with a range in it; of a series, with the day that comes next."""
    range_id = actions.number(click.ref.token)
    today = ctx.texts.local(ctx.now()).date()

    def look(tx: Transaction) -> Outcome:
        return OpenForm(build(tx, ctx, _draft_of(own_range(tx, ctx, range_id), today)))

    return await ctx.read(look)


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew after a choice."""
    if wants_new_place(event.values):
        return await push_place_form(ctx, event, change_form)
    draft = read_draft(event.context, event.nonce, event.values)
    if event.changed == fields.OCCURRENCE:
        draft = replace(draft, day=draft.occurrence)
    if event.changed in {fields.OCCURRENCE, fields.DAY}:
        draft = replace(draft, repeats=following(draft.repeats, day(draft.day)))
    return await ctx.read(lambda tx: UpdateForm(build(tx, ctx, draft)))


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Save the range, once for this opening of the form; ask first if appointments would be left outside."""
    if wants_new_place(event.values):
        return await push_place_form(ctx, event, change_form)
    draft = read_draft(event.context, event.nonce, event.values)

    def work(tx: Transaction) -> Outcome:
        save(tx, ctx, draft)
        return Reply(planning(tx, ctx, Notice(ctx.texts.t("Your availability is saved."), "success")))

    try:
        return await ctx.write(work, key=form_key(event.nonce))
    except WrongFields as wrong:
        return FieldErrors(wrong.errors)
    except Strands as refusal:
        question = refusal

    parts = stranded_parts(question, ctx.texts.t("Save all the same"), ctx.texts)
    return await ctx.read(lambda tx: UpdateForm(build(tx, ctx, asking(draft, question), parts)))


def _draft_of(r: AvailabilityRange, today: date) -> Draft:
    coming = first_to_come(r, today)
    starts, ends = wall_times(r)
    return Draft(
        opening=Opening(r.id),
        nonce=new_nonce(),
        occurrence=coming.isoformat(),
        scope=Scope.ONE,
        day=coming.isoformat(),
        starts=starts,
        ends=ends,
        place=str(r.place_id) if r.place_id else fields.NO_PLACE,
        kinds=", ".join(sorted(r.kinds)),
    )
