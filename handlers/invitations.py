"""Mes invitations: the list, the three answers, and taking a refusal back (guide, steps 8 and 9; rule 4)."""

from collections.abc import Callable

from core.appointments import Answer, Appointment
from core.errors import NotFound, RdvError
from core.invitations import answer_invitation, undo_decline
from core.message import N_
from core.ports import Transaction
from core.views import view_invitations
from handlers import actions
from handlers.cards.invitations import invitations_card
from handlers.cards.words import moment
from handlers.context import Context
from handlers.refreshing import OVERTAKEN, act, refresh_copies
from handlers.ui import ActionClick, Card, Notice, Outcome, ReplaceCard, Reply

_ANSWERED = {
    Answer.PENDING: N_("Your answer for {time} is taken back."),
    Answer.ACCEPTED: N_("Your answer for {time}: accepted."),
    Answer.DECLINED: N_("Your answer for {time}: declined."),
    Answer.TENTATIVE: N_("Your answer for {time}: tentatively accepted."),
}


async def command(ctx: Context, _: str = "") -> Outcome:
    """List what waits for an answer, with the count."""
    return Reply(await ctx.read(lambda tx: _list(tx, ctx)))


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """List what waits for an answer."""
    return await command(ctx)


async def page(ctx: Context, click: ActionClick) -> Outcome:
    """Turn to another page of the list."""
    (number,) = actions.numbers(click.ref.token, 1)
    return ReplaceCard(await ctx.read(lambda tx: _list(tx, ctx, number)))


async def answer(ctx: Context, click: ActionClick) -> Outcome:
    """Store the answer that was clicked on the appointment's own card."""
    appointment_id, revision, sequence = actions.numbers(click.ref.token, 3)
    given = actions.ANSWERS[click.ref.name]
    return await act(
        ctx,
        appointment_id,
        lambda tx: answer_invitation(tx, ctx.actor, appointment_id, revision, sequence, given, ctx.now(), ctx.rules),
    )


async def undo(ctx: Context, click: ActionClick) -> Outcome:
    """Take a refusal back, on the appointment's own card."""
    appointment_id, _, sequence = actions.numbers(click.ref.token, 3)
    return await act(ctx, appointment_id, lambda tx: undo_decline(tx, ctx.actor, appointment_id, sequence, ctx.now()))


async def answer_in_list(ctx: Context, click: ActionClick) -> Outcome:
    """Store the answer that was clicked in the list, and show the list as it is then."""
    appointment_id, revision, sequence, page = actions.numbers(click.ref.token, 4)
    given = actions.LIST_ANSWERS[click.ref.name]
    return await _act_in_list(
        ctx,
        appointment_id,
        page,
        lambda tx: answer_invitation(tx, ctx.actor, appointment_id, revision, sequence, given, ctx.now(), ctx.rules),
    )


async def undo_in_list(ctx: Context, click: ActionClick) -> Outcome:
    """Take a refusal back that was made in the list, and show the list as it is then."""
    appointment_id, _, sequence, page = actions.numbers(click.ref.token, 4)
    return await _act_in_list(
        ctx, appointment_id, page, lambda tx: undo_decline(tx, ctx.actor, appointment_id, sequence, ctx.now())
    )


async def _act_in_list(
    ctx: Context, appointment_id: int, page: int, work: Callable[[Transaction], Appointment]
) -> Outcome:
    def done(tx: Transaction) -> Outcome:
        appointment = work(tx)
        return ReplaceCard(_list(tx, ctx, page, _said(ctx, appointment)))

    def overtaken(tx: Transaction, why: RdvError) -> Outcome:
        refresh_copies(tx, ctx, appointment_id)
        return ReplaceCard(_list(tx, ctx, page, Notice(ctx.texts.error(why), "warning")))

    try:
        return await ctx.write(done)
    except (*OVERTAKEN, NotFound) as refusal:
        why = refusal
    return await ctx.write(lambda tx: overtaken(tx, why))


def _list(tx: Transaction, ctx: Context, page: int = 0, said: Notice | None = None) -> Card:
    now = ctx.now()
    view = view_invitations(tx, ctx.actor, now, page)
    if page and not view.waiting:
        view = view_invitations(tx, ctx.actor, now)
    return invitations_card(view, ctx.texts, now, said)


def _said(ctx: Context, appointment: Appointment) -> Notice:
    own = appointment.invitation_of(ctx.actor.id)
    given = own.answer if own else Answer.PENDING
    return Notice(ctx.texts.t(_ANSWERED[given], time=moment(appointment.during, ctx.texts)), "success")
