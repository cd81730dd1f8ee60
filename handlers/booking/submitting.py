"""The booking form when it is sent: booked, or asked back, or asked of the owner, or explained beside the fields."""

from dataclasses import replace

from core.asking import ask_opening
from core.booking import BookingRequest, book, change
from core.errors import InvalidTime, MissingChoice
from core.ports import Transaction
from handlers.booking import fields
from handlers.booking.changing import change_form, scene_of, way_on
from handlers.booking.draft import Draft, Mode, read_draft
from handlers.booking.form import build, unasked
from handlers.booking.questions import QUESTIONS, ask, over_shown
from handlers.booking.request import refused, request_of
from handlers.cards.words import moment
from handlers.context import Context
from handlers.forms import form_key
from handlers.placing import push_place_form, wants_new_place
from handlers.refreshing import OVERTAKEN, refresh_copies
from handlers.ui import CloseForm, FieldErrors, FormSubmit, Outcome, UpdateForm


class _NotYet(Exception):
    """Leaves the transaction with nothing done; what is to be answered instead."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Book or change the appointment, once for this opening of the form."""
    if wants_new_place(event.values):
        return await push_place_form(ctx, event, change_form)
    draft = read_draft(event.context, event.nonce, event.values)
    try:
        return await ctx.write(lambda tx: _book(tx, ctx, draft), key=form_key(event.nonce))
    except _NotYet as answer:
        return answer.outcome
    except QUESTIONS as refusal:
        question = refusal
    except OVERTAKEN as refusal:
        return await _overtaken(ctx, draft, ctx.texts.error(refusal))
    return await ctx.read(lambda tx: UpdateForm(ask(tx, scene_of(tx, ctx, draft), question, ctx.texts)))


def _book(tx: Transaction, ctx: Context, draft: Draft) -> Outcome:
    if draft.instead == fields.BECOME_MAIN:
        raise _NotYet(UpdateForm(way_on(tx, ctx, draft)[1]))
    scene = scene_of(tx, ctx, draft)
    if hidden := unasked(scene.draft, ctx.texts):
        raise _NotYet(UpdateForm(build(tx, scene, ctx.texts, hidden)))
    request = request_of(tx, scene, ctx.texts)
    if isinstance(request, FieldErrors):
        raise _NotYet(request)
    try:
        return _sent(tx, ctx, draft, request)
    except (InvalidTime, MissingChoice) as refusal:
        raise _NotYet(refused(scene, refusal, ctx.texts)) from refusal


def _sent(tx: Transaction, ctx: Context, draft: Draft, request: BookingRequest) -> Outcome:
    t, time = ctx.texts.t, moment(request.during, ctx.texts)
    if draft.instead == fields.ASK_TO_OPEN and draft.opening.mode is Mode.NEW:
        ask_opening(tx, ctx.actor, request, ctx.now(), ctx.rules)
        name = tx.people.worker(request.main_worker_id).name
        return CloseForm(
            t("{name} is asked to open this time: {time}. You will hear of the answer.", name=name, time=time)
        )
    over_shown(
        lambda confirmed: _carry_out(tx, ctx, draft, replace(request, confirmed=confirmed)),
        draft.opening.asked,
        confirm=draft.confirm,
    )
    if draft.opening.mode is Mode.EDIT:
        return CloseForm(t("Appointment saved: {time}.", time=time))
    return CloseForm(t("Appointment booked: {time}.", time=time))


def _carry_out(tx: Transaction, ctx: Context, draft: Draft, request: BookingRequest) -> None:
    opening = draft.opening
    if opening.mode is Mode.EDIT:
        change(tx, ctx.actor, opening.appointment_id, opening.revision, request, ctx.now(), ctx.rules)
    else:
        book(tx, ctx.actor, request, ctx.now(), ctx.rules)


async def _overtaken(ctx: Context, draft: Draft, said: str) -> Outcome:
    def work(tx: Transaction) -> Outcome:
        refresh_copies(tx, ctx, draft.opening.appointment_id)
        tx.agendas.release(ctx.actor.id)
        return CloseForm(said)

    return await ctx.write(work, key=form_key(draft.nonce))
