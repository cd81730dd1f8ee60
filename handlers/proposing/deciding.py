"""One click moves the appointment to the proposed time, or keeps its own; late and second clicks act on nothing."""

from collections.abc import Callable

from core.conflicts import NeedsConfirmation
from core.counter_views import view_counter
from core.countering import accept as move
from core.countering import refuse as keep
from core.errors import Away, Ended, InvalidTime, NotFound, OutsideAvailability, RdvError, SlotTaken, Stale, Started
from core.ports import Transaction
from handlers import actions
from handlers.booking.conflicts import conflicts_notice, names_of
from handlers.cards.counters import counter_card
from handlers.context import Context
from handlers.refreshing import decided
from handlers.ui import ActionClick, Card, Notice, Outcome

_NOTHING_DONE = (
    Stale,
    Ended,
    Started,
    InvalidTime,
    SlotTaken,
    Away,
    OutsideAvailability,
    NeedsConfirmation,
    NotFound,  # the case is no longer his to open; of what he may not even see, the card says the same
)


async def accept(ctx: Context, click: ActionClick) -> Outcome:
    """Move the appointment to the proposed time."""
    proposal_id = actions.number(click.ref.token)
    return await _decide(ctx, proposal_id, lambda tx: move(tx, ctx.actor, proposal_id, ctx.now(), ctx.rules))


async def refuse(ctx: Context, click: ActionClick) -> Outcome:
    """Keep the planned time."""
    proposal_id = actions.number(click.ref.token)
    return await _decide(ctx, proposal_id, lambda tx: keep(tx, ctx.actor, proposal_id, ctx.now()))


async def _decide(ctx: Context, proposal_id: int, work: Callable[[Transaction], object]) -> Outcome:
    return await decided(ctx, work, lambda tx, why: _card(tx, ctx, proposal_id, why), _NOTHING_DONE)


def _card(tx: Transaction, ctx: Context, proposal_id: int, why: RdvError | None) -> Card:
    said = _said(tx, ctx, why) if why else None
    return counter_card(view_counter(tx, ctx.actor, proposal_id, ctx.now()), ctx.texts, ctx.now(), said)


def _said(tx: Transaction, ctx: Context, why: RdvError) -> Notice:
    if isinstance(why, NeedsConfirmation):
        return conflicts_notice(why.conflicts, names_of(tx, why.conflicts), ctx.texts)
    return Notice(ctx.texts.error(why), "error")
