"""The booking form as it changes, and when it is sent: booked, or asked back, or explained beside the fields."""

from dataclasses import replace

from core.booking import BookingRequest, book, change
from core.conflicts import NeedsConfirmation
from core.errors import (
    InvalidTime,
    MissingChoice,
    OutsideAvailability,
    SlotTaken,
)
from core.ports import Transaction
from handlers.booking import fields
from handlers.booking.draft import Draft, Mode, monday, read_draft
from handlers.booking.form import build, unasked
from handlers.booking.questions import ask, confirmed, take
from handlers.booking.request import refused, request_of
from handlers.booking.scene import Scene, set_scene
from handlers.cards.words import moment
from handlers.context import Context
from handlers.forms import day, form_key
from handlers.refreshing import OVERTAKEN, refresh_copies
from handlers.ui import CloseForm, FieldErrors, Form, FormChange, FormSubmit, Notice, Outcome, UpdateForm


class _NotYet(Exception):
    """Leaves the transaction with nothing done; what is to be answered instead."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew after a choice."""
    draft = read_draft(event.context, event.nonce, event.values)
    draft = _after(draft, event.changed)

    def look(tx: Transaction) -> Outcome:
        if event.changed == fields.INSTEAD and draft.instead:
            return UpdateForm(_way_on(tx, ctx, draft))
        return UpdateForm(build(tx, set_scene(tx, ctx.actor, draft, ctx.now()), ctx.texts))

    return await ctx.read(look)


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Book or change the appointment, once for this opening of the form."""
    draft = read_draft(event.context, event.nonce, event.values)
    try:
        return await ctx.write(lambda tx: _book(tx, ctx, draft), key=form_key(event.nonce))
    except _NotYet as answer:
        return answer.outcome
    except (OutsideAvailability, SlotTaken, NeedsConfirmation) as refusal:
        question = refusal
    except OVERTAKEN as refusal:
        return await _overtaken(ctx, draft, ctx.texts.error(refusal))
    return await ctx.read(lambda tx: UpdateForm(ask(tx, _scene(tx, ctx, draft), question, ctx.texts)))


def _book(tx: Transaction, ctx: Context, draft: Draft) -> Outcome:
    if draft.instead == fields.BECOME_MAIN:
        raise _NotYet(UpdateForm(_way_on(tx, ctx, draft)))
    scene = _scene(tx, ctx, draft)
    if hidden := unasked(scene.draft, ctx.texts):
        raise _NotYet(UpdateForm(build(tx, scene, ctx.texts, hidden)))
    request = request_of(tx, scene, ctx.texts)
    if isinstance(request, FieldErrors):
        raise _NotYet(request)
    try:
        _confirmed(tx, ctx, draft, request)
    except (InvalidTime, MissingChoice) as refusal:
        raise _NotYet(refused(scene, refusal, ctx.texts)) from refusal
    time = moment(request.during, ctx.texts)
    editing = draft.opening.mode is Mode.EDIT
    return CloseForm(
        ctx.texts.t("Appointment saved: {time}.", time=time)
        if editing
        else ctx.texts.t("Appointment booked: {time}.", time=time)
    )


def _confirmed(tx: Transaction, ctx: Context, draft: Draft, request: BookingRequest) -> None:
    """Carry it out, over those conflicts alone that the form has shown."""
    try:
        _carry_out(tx, ctx, draft, request)
    except NeedsConfirmation as question:
        accepted = confirmed(draft, question.conflicts)
        if not accepted:
            raise
        _carry_out(tx, ctx, draft, replace(request, confirmed=accepted))


def _carry_out(tx: Transaction, ctx: Context, draft: Draft, request: BookingRequest) -> None:
    opening = draft.opening
    if opening.mode is Mode.EDIT:
        change(tx, ctx.actor, opening.appointment_id, opening.revision, request, ctx.now(), ctx.rules)
    else:
        book(tx, ctx.actor, request, ctx.now(), ctx.rules)


def _scene(tx: Transaction, ctx: Context, draft: Draft) -> Scene:
    """Return the scene after the chosen way on, if one was chosen."""
    scene = set_scene(tx, ctx.actor, draft, ctx.now())
    taken = take(scene, ctx.texts)
    return scene if taken is None else set_scene(tx, ctx.actor, taken, ctx.now())


def _way_on(tx: Transaction, ctx: Context, draft: Draft) -> Form:
    scene = _scene(tx, ctx, draft)
    said = Notice(ctx.texts.t("You are the main worker now: look at both agendas, then send the form."))
    question = (said,) if draft.instead == fields.BECOME_MAIN else ()
    return build(tx, scene, ctx.texts, question, keep_time=True)


def _after(draft: Draft, changed: str) -> Draft:
    """Show the week that goes with what has changed."""
    if changed in {fields.MAIN, fields.CASE}:
        return replace(draft, week=None)
    if changed == fields.DATE and (chosen := monday(day(draft.day))):
        return replace(draft, week=chosen)
    return draft


async def _overtaken(ctx: Context, draft: Draft, said: str) -> Outcome:
    def work(tx: Transaction) -> Outcome:
        refresh_copies(tx, ctx, draft.opening.appointment_id)
        return CloseForm(said)

    return await ctx.write(work, key=form_key(draft.nonce))
