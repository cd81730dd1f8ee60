"""Showing what a notification has kept to itself: made anew for who clicks, with the rights he has now (rule 9)."""

from core.access import may_see_case
from core.errors import NotFound
from core.notices import Notice, NoticeKind
from core.ports import Transaction
from handlers import actions
from handlers.cards.notes import note_card
from handlers.context import Context
from handlers.telling import COPIES, Told, told
from handlers.ui import ActionClick, ActionRef, Outcome, ReplaceCard


def reveal_ref(row_id: int, notice: Notice) -> ActionRef:
    """Return the reference that shows what the outbox row of that number tells."""
    return copy_ref(notice.appointment_id) if notice.kind in COPIES else actions.ref(actions.REVEAL, row_id)


def copy_ref(appointment_id: int) -> ActionRef:
    """Return the reference that shows an appointment where a copy of it is: it outlives every row of the outbox."""
    return actions.ref(actions.REVEAL_COPY, appointment_id)


async def notice(ctx: Context, click: ActionClick) -> Outcome:
    """Show what a notice tells, to its recipient alone. Raises NotFound."""
    row_id = actions.number(click.ref.token)
    return await ctx.read(lambda tx: _shown(ctx, _told(tx, ctx, row_id)))


async def copy(ctx: Context, click: ActionClick) -> Outcome:
    """Show the whole appointment, to who is or was part of it. Raises NotFound."""
    appointment_id = actions.number(click.ref.token)
    return await ctx.read(lambda tx: _shown(ctx, _copy(tx, ctx, appointment_id)))


def _told(tx: Transaction, ctx: Context, row_id: int) -> Told | None:
    found = tx.outbox.notice(row_id)
    if found is None or found.recipient_id != ctx.actor.id or found.kind is NoticeKind.SHARED:
        raise NotFound
    return told(tx, found, ctx.actor, ctx.now())


def _copy(tx: Transaction, ctx: Context, appointment_id: int) -> Told | None:
    appointment = tx.appointments.find(appointment_id)
    if appointment is None:
        raise NotFound
    if ctx.actor.id not in appointment.audience and not tx.outbox.copies(appointment_id, ctx.actor.id):
        case = tx.cases.find(appointment.case_number)
        if case is None or not may_see_case(case, ctx.actor.id):
            raise NotFound
    shown = Notice(appointment_id, ctx.actor.id, NoticeKind.SHOWN, appointment.version, ctx.now())
    return told(tx, shown, ctx.actor, ctx.now())


def _shown(ctx: Context, found: Told | None) -> Outcome:
    if found is None:
        return ReplaceCard(note_card(ctx.texts.t("There is nothing left to show here."), "info", ctx.texts))
    return ReplaceCard(found.card, found.live)
