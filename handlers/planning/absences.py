"""Adding and changing an absence; what falls in it is handed over at once, if the person wants."""

from dataclasses import replace

from core.absences import add_absence, change_absence, falling_in
from core.availability import Absence
from core.errors import InvalidTime
from core.ports import Transaction
from handlers import actions
from handlers.context import Context
from handlers.forms import form_key, new_nonce
from handlers.planning import fields
from handlers.planning.absence_form import (
    AbsenceDraft,
    absence_form,
    absence_of,
    absence_words,
    draft_of,
    own_absence,
    read_absence,
)
from handlers.planning.hand_over_form import HandOver, hand_over_form
from handlers.planning.listing import planning
from handlers.planning.wrong import WrongFields
from handlers.ui import ActionClick, FieldErrors, FormSubmit, Notice, OpenForm, Outcome, Reply, UpdateForm


async def add(ctx: Context, _: ActionClick) -> Outcome:
    """Open an empty form."""
    return open_form(ctx, AbsenceDraft())


def open_form(ctx: Context, draft: AbsenceDraft, *said: Notice) -> Outcome:
    """Open the form with what is known already; what was `said` about it stands above."""
    return OpenForm(absence_form(replace(draft, nonce=new_nonce()), ctx.texts, *said))


async def edit(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form with an absence in it."""
    absence_id = actions.number(click.ref.token)
    found = await ctx.read(lambda tx: own_absence(tx, ctx, absence_id))
    return open_form(ctx, draft_of(found, ctx.texts))


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Save the absence, once for this opening of the form; then list the appointments that fall in it."""
    draft = read_absence(actions.number(event.context), event.nonce, event.values)
    try:
        return await ctx.write(lambda tx: _save(tx, ctx, draft), key=form_key(event.nonce))
    except WrongFields as wrong:
        return FieldErrors(wrong.errors)
    except InvalidTime as refusal:
        return FieldErrors(((fields.LAST if draft.last else fields.FIRST, ctx.texts.error(refusal)),))


def _save(tx: Transaction, ctx: Context, draft: AbsenceDraft) -> Outcome:
    kind, during = absence_of(draft, ctx.texts)
    if draft.absence_id:
        absence = change_absence(tx, ctx.actor, draft.absence_id, kind, during, ctx.now())
    else:
        absence = add_absence(tx, ctx.actor, kind, during, ctx.now())
    said = _said(absence, ctx)
    if not falling_in(tx, ctx.actor.id, during, ctx.now()):
        return Reply(planning(tx, ctx, said))
    return UpdateForm(hand_over_form(tx, ctx, absence, HandOver(absence.id, new_nonce()), said))


def _said(absence: Absence, ctx: Context) -> Notice:
    return Notice(ctx.texts.t("Absence saved. {absence}", absence=absence_words(absence, ctx.texts)), "success")
