"""Deleting a range, a day of a series, or an absence, after a look at what it is."""

from collections.abc import Collection

from core.absences import remove_absence
from core.planning import remove_range
from core.ports import Transaction
from core.series import Scope
from core.stranding import Strands
from handlers import actions
from handlers.context import Context
from handlers.forms import form_key, new_nonce
from handlers.planning import fields
from handlers.planning.absence_form import absence_words, own_absence
from handlers.planning.draft import Draft, Opening, read_draft
from handlers.planning.listing import planning
from handlers.planning.questions import asking, over_those_shown, stranded_parts
from handlers.planning.series_fields import first_to_come, not_an_occurrence, occurrence_of, own_range, series_parts
from handlers.planning.wrong import WrongFields
from handlers.ui import (
    ActionClick,
    Element,
    Field,
    FieldErrors,
    Form,
    FormChange,
    FormSubmit,
    Notice,
    OpenForm,
    Outcome,
    Reply,
    Text,
    UpdateForm,
)


async def open_range(ctx: Context, click: ActionClick) -> Outcome:
    """Ask whether the range is really to be deleted; of a series, how much of it."""
    range_id = actions.number(click.ref.token)

    def look(tx: Transaction) -> Outcome:
        coming = first_to_come(own_range(tx, ctx, range_id), ctx.texts.local(ctx.now()).date())
        return OpenForm(_range_form(tx, ctx, Draft(Opening(range_id), new_nonce(), coming.isoformat(), Scope.ONE)))

    return await ctx.read(look)


async def change_range_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew after a choice."""
    draft = read_draft(event.context, event.nonce, event.values)
    return await ctx.read(lambda tx: UpdateForm(_range_form(tx, ctx, draft)))


async def submit_range(ctx: Context, event: FormSubmit) -> Outcome:
    """Delete it, once for this opening of the form; ask first if appointments would be left outside."""
    draft = read_draft(event.context, event.nonce, event.values)
    texts = ctx.texts

    def work(tx: Transaction) -> Outcome:
        found = own_range(tx, ctx, draft.opening.range_id)
        day = occurrence_of(found, draft)
        if day is None:
            today = texts.local(ctx.now()).date()
            raise WrongFields([(fields.OCCURRENCE, not_an_occurrence(found, draft, today, texts))])
        scope = (draft.scope or Scope.ONE) if found.rule else Scope.ALL

        def remove(accepted: Collection[int]) -> None:
            remove_range(tx, ctx.actor, found.id, day, scope, ctx.now(), accepted=accepted)

        over_those_shown(draft, remove)
        return Reply(planning(tx, ctx, Notice(texts.t("This availability is deleted."), "success")))

    try:
        return await ctx.write(work, key=form_key(event.nonce))
    except WrongFields as wrong:
        return FieldErrors(wrong.errors)
    except Strands as refusal:
        question = refusal

    parts = stranded_parts(question, texts.t("Delete all the same"), texts)
    return await ctx.read(lambda tx: UpdateForm(_range_form(tx, ctx, asking(draft, question), parts)))


async def open_absence(ctx: Context, click: ActionClick) -> Outcome:
    """Ask whether the absence is really to be deleted."""
    absence_id = actions.number(click.ref.token)

    def look(tx: Transaction) -> Outcome:
        words = absence_words(own_absence(tx, ctx, absence_id), ctx.texts)
        t = ctx.texts.t
        parts = (Text(words), Notice(t("Your availability opens again for this time.")))
        return OpenForm(
            Form(fields.ABSENCE_REMOVAL, t("Delete absence"), parts, t("Delete"), str(absence_id), new_nonce())
        )

    return await ctx.read(look)


async def submit_absence(ctx: Context, event: FormSubmit) -> Outcome:
    """Delete the absence, once for this opening of the form."""
    absence_id = actions.number(event.context)

    def work(tx: Transaction) -> Outcome:
        remove_absence(tx, ctx.actor, absence_id)
        return Reply(planning(tx, ctx, Notice(ctx.texts.t("The absence is deleted."), "success")))

    return await ctx.write(work, key=form_key(event.nonce))


def _range_form(tx: Transaction, ctx: Context, draft: Draft, question: tuple[Field | Element, ...] = ()) -> Form:
    found, texts = own_range(tx, ctx, draft.opening.range_id), ctx.texts
    parts = (*question, *series_parts(tx, found, draft, texts.t("What is deleted"), texts))
    if occurrence_of(found, draft) is None:
        today = texts.local(ctx.now()).date()
        parts = (*parts, Notice(not_an_occurrence(found, draft, today, texts), "warning"))
    return Form(
        fields.RANGE_REMOVAL,
        texts.t("Delete range"),
        parts,
        texts.t("Delete"),
        draft.opening.encode(),
        draft.nonce,
    )
