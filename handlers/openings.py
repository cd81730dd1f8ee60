"""One click opens a time and books it, or leaves it closed; late and second clicks act on nothing (rule 2)."""

from collections.abc import Callable

from core.asking import open_and_book, refuse_opening
from core.errors import AskerGone, Away, DecidedAlready, InThePast, RdvError, SlotTaken, TooManyRanges
from core.opening_views import view_opening
from core.ports import Transaction
from handlers import actions
from handlers.cards.openings import opening_card
from handlers.context import Context
from handlers.refreshing import decided
from handlers.ui import ActionClick, Card, Notice, Outcome

_TOO_LATE = (DecidedAlready, InThePast, SlotTaken, Away, AskerGone, TooManyRanges)


async def accept(ctx: Context, click: ActionClick) -> Outcome:
    """Open the time and book what was asked for."""
    opening_id = actions.number(click.ref.token)
    return await _decide(ctx, opening_id, lambda tx: open_and_book(tx, ctx.actor, opening_id, ctx.now(), ctx.rules))


async def refuse(ctx: Context, click: ActionClick) -> Outcome:
    """Leave the time closed."""
    opening_id = actions.number(click.ref.token)
    return await _decide(ctx, opening_id, lambda tx: refuse_opening(tx, ctx.actor, opening_id, ctx.now()))


async def _decide(ctx: Context, opening_id: int, work: Callable[[Transaction], object]) -> Outcome:
    return await decided(ctx, work, lambda tx, why: _card(tx, ctx, opening_id, why), _TOO_LATE)


def _card(tx: Transaction, ctx: Context, opening_id: int, why: RdvError | None) -> Card:
    said = Notice(ctx.texts.error(why), "error") if why else None
    return opening_card(view_opening(tx, ctx.actor, opening_id), ctx.texts, ctx.now(), said)
