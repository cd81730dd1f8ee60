"""Acting on an appointment from one of its cards: done once, and an old card is brought up to date instead."""

from collections.abc import Callable

from core.errors import Ended, NotAllowed, RdvError, Stale, Started, TooLateToUndo
from core.ports import Transaction
from handlers.context import Context
from handlers.forms import form_key
from handlers.ui import Card, CloseForm, Outcome, Refreshed, ReplaceCard

OVERTAKEN = (Stale, Ended, Started, NotAllowed, TooLateToUndo)
"""Refusals that mean that the card shows more, or other, than what is possible now."""


async def act(ctx: Context, appointment_id: int, work: Callable[[Transaction], object]) -> Outcome:
    """Run `work` once for this click; the copies follow through the outbox.

    If the card was overtaken nothing is done, its copies are made fresh, and the person is told why.
    """

    def done(tx: Transaction) -> Outcome:
        work(tx)
        return Refreshed(appointment_id)

    try:
        return await ctx.write(done)
    except OVERTAKEN as refusal:
        why = refusal
    return await ctx.write(lambda tx: refreshed(tx, ctx, appointment_id, why))


async def opened(ctx: Context, appointment_id: int, look: Callable[[Transaction], Outcome]) -> Outcome:
    """Return what `look` answers a click that opens a form; if the card was overtaken, as `act`."""
    try:
        return await ctx.read(look)
    except OVERTAKEN as refusal:
        why = refusal
    return await ctx.write(lambda tx: refreshed(tx, ctx, appointment_id, why))


async def sent(ctx: Context, appointment_id: int, nonce: str, work: Callable[[Transaction], Outcome]) -> Outcome:
    """Run `work` once for this opening of a form; one that was overtaken is closed, and says why."""
    try:
        return await ctx.write(work, key=form_key(nonce))
    except OVERTAKEN as refusal:
        why = refusal
    return await _closed(ctx, appointment_id, nonce, why)


async def shown_anew(ctx: Context, appointment_id: int, nonce: str, look: Callable[[Transaction], Outcome]) -> Outcome:
    """Return what `look` makes of a form that changed; one that was overtaken is closed, and says why."""
    try:
        return await ctx.read(look)
    except OVERTAKEN as refusal:
        why = refusal
    return await _closed(ctx, appointment_id, nonce, why)


async def decided(
    ctx: Context,
    work: Callable[[Transaction], object],
    card: Callable[[Transaction, RdvError | None], Card],
    too_late: tuple[type[RdvError], ...],
) -> Outcome:
    """Run `work` once for this click on a question; its card takes its place, also where nothing is done any more.

    `card` makes it, with why nothing was done; `too_late` are the refusals that it can explain.
    """

    def done(tx: Transaction) -> Outcome:
        work(tx)
        return ReplaceCard(card(tx, None))

    try:
        return await ctx.write(done)
    except too_late as refusal:
        why = refusal
    return ReplaceCard(await ctx.read(lambda tx: card(tx, why)))


def refreshed(tx: Transaction, ctx: Context, appointment_id: int, why: RdvError) -> Outcome:
    """Make the actor's copies fresh, and return the word that says why nothing was done."""
    refresh_copies(tx, ctx, appointment_id)
    return Refreshed(appointment_id, notice=ctx.texts.error(why))


def refresh_copies(tx: Transaction, ctx: Context, appointment_id: int) -> None:
    """Send the actor's copies of the appointment anew, if he has any."""
    appointment = tx.appointments.find(appointment_id)
    if appointment is not None and tx.outbox.copies(appointment_id, ctx.actor.id):
        tx.outbox.refresh_again(appointment_id, ctx.actor.id, appointment.version, ctx.now())


async def _closed(ctx: Context, appointment_id: int, nonce: str, why: RdvError) -> Outcome:
    """Close a form that was overtaken, once for this opening of it, and say why; the actor's copies are made fresh."""

    def work(tx: Transaction) -> Outcome:
        refresh_copies(tx, ctx, appointment_id)
        return CloseForm(ctx.texts.error(why))

    return await ctx.write(work, key=form_key(nonce))
