"""Cancel with a reason, delete after a question, and Undo for both (rule 6)."""

from collections.abc import Callable

from core.access import Right, access_appointment, require
from core.appointments import EndingKind
from core.endings import cancel, delete, undo
from core.errors import BadText, NotFound, Stale, TextTooLong
from core.ports import Transaction
from core.rules import REASON_LIMIT
from core.views import AppointmentView, view_of
from handlers import actions
from handlers.cards.appointment import appointment_facts, ended_card
from handlers.cards.notes import note_card
from handlers.cards.words import moment
from handlers.context import Context
from handlers.forms import new_nonce, one
from handlers.refreshing import OVERTAKEN, act, opened, sent
from handlers.ui import (
    ActionClick,
    FieldErrors,
    Form,
    FormSubmit,
    Notice,
    OpenForm,
    Outcome,
    ReplaceCard,
    Reply,
    TextField,
)

CANCEL_FORM = "cancel"
DELETE_FORM = "delete"
REASON = "reason"


async def open_cancel(ctx: Context, click: ActionClick) -> Outcome:
    """Ask for the reason."""
    return await _open(ctx, click, Right.CANCEL, _cancel_form)


async def open_delete(ctx: Context, click: ActionClick) -> Outcome:
    """Ask whether it is really to be deleted."""
    return await _open(ctx, click, Right.DELETE, _delete_form)


async def submit_cancel(ctx: Context, form: FormSubmit) -> Outcome:
    """Cancel the appointment; the answer and the actor's own card show it at once, with Undo."""
    appointment_id, revision = actions.numbers(form.context, 2)
    reason = one(form.values, REASON)

    def work(tx: Transaction) -> Outcome:
        ended = cancel(tx, ctx.actor, appointment_id, revision, reason, ctx.now(), ctx.rules)
        return Reply(ended_card(ended, EndingKind.CANCELLED, ctx.texts))

    try:
        return await sent(ctx, appointment_id, form.nonce, work)
    except (BadText, TextTooLong) as refusal:
        return FieldErrors(((REASON, ctx.texts.error(refusal)),))


async def submit_delete(ctx: Context, form: FormSubmit) -> Outcome:
    """Delete the appointment; the answer and the actor's own card show it at once, with Undo."""
    appointment_id, revision = actions.numbers(form.context, 2)

    def work(tx: Transaction) -> Outcome:
        ended = delete(tx, ctx.actor, appointment_id, revision, ctx.now(), ctx.rules)
        return Reply(ended_card(ended, EndingKind.DELETED, ctx.texts))

    return await sent(ctx, appointment_id, form.nonce, work)


async def undo_ending(ctx: Context, click: ActionClick) -> Outcome:
    """Take one's own cancellation or deletion back."""
    appointment_id = actions.number(click.ref.token)
    return await act(ctx, appointment_id, lambda tx: undo(tx, ctx.actor, appointment_id, ctx.now()))


async def undo_here(ctx: Context, click: ActionClick) -> Outcome:
    """Take it back on the answer that told of it, which says then what became of it."""
    appointment_id = actions.number(click.ref.token)

    def done(tx: Transaction) -> Outcome:
        restored = undo(tx, ctx.actor, appointment_id, ctx.now())
        said = ctx.texts.t("The appointment is restored: {time}.", time=moment(restored.during, ctx.texts))
        return ReplaceCard(note_card(said, "success", ctx.texts))

    try:
        return await ctx.write(done)
    except (*OVERTAKEN, NotFound) as refusal:
        return ReplaceCard(note_card(ctx.texts.error(refusal), "warning", ctx.texts))


async def _open(
    ctx: Context, click: ActionClick, right: Right, form: Callable[[Context, AppointmentView], Form]
) -> Outcome:
    appointment_id, revision = actions.numbers(click.ref.token, 2)
    now = ctx.now()

    def look(tx: Transaction) -> Outcome:
        appointment = access_appointment(tx, ctx.actor, appointment_id, now)
        require(tx, ctx.actor, appointment, right, now)
        if appointment.revision != revision:
            raise Stale
        return OpenForm(form(ctx, view_of(tx, ctx.actor, appointment, now)))

    return await opened(ctx, appointment_id, look)


def _cancel_form(ctx: Context, view: AppointmentView) -> Form:
    t = ctx.texts.t
    parts = (
        appointment_facts(view, ctx.texts, ctx.now()),
        TextField(
            REASON,
            t("Reason"),
            hint=t("Everyone concerned will read it with the cancelled appointment."),
            limit=REASON_LIMIT,
            multiline=True,
        ),
    )
    return Form(CANCEL_FORM, t("Cancel appointment"), parts, t("Cancel it"), _context(view), new_nonce())


def _delete_form(ctx: Context, view: AppointmentView) -> Form:
    t = ctx.texts.t
    question = t("Deleting takes the appointment out of everyone’s sight. To keep it with a reason, cancel it instead.")
    parts = (Notice(question, "warning"), appointment_facts(view, ctx.texts, ctx.now()))
    return Form(DELETE_FORM, t("Delete appointment"), parts, t("Delete it"), _context(view), new_nonce())


def _context(view: AppointmentView) -> str:
    return f"{view.appointment.id}.{view.appointment.revision}"
