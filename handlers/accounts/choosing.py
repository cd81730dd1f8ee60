"""What one wants of an account: notices there first, none there, or no longer known there."""

from collections.abc import Callable

from core.errors import OnlyInPrivate
from core.linking import own_account, spare_account
from core.linking import unlink as part
from core.people import Account
from core.ports import Transaction
from handlers import actions
from handlers.accounts.card import platform_name, unlink_card
from handlers.accounts.listing import account_here, own_accounts
from handlers.context import Context
from handlers.ui import ActionClick, Outcome, ReplaceCard


async def prefer(ctx: Context, click: ActionClick) -> Outcome:
    """Let notices go there whichever account is used."""
    return await _chosen(ctx, click, lambda tx, account: tx.accounts.prefer(account, preferred=True))


async def usual(ctx: Context, click: ActionClick) -> Outcome:
    """Let notices go to the account that is used again, which is this one now."""

    def work(tx: Transaction, account: Account) -> None:
        tx.accounts.prefer(account, preferred=False)
        if (here := account_here(tx, ctx)) is not None:
            tx.accounts.make_current(here)

    return await _chosen(ctx, click, work)


async def mute(ctx: Context, click: ActionClick) -> Outcome:
    """Post nothing new there. Raises LastAccount."""
    return await _chosen(ctx, click, lambda tx, account: tx.accounts.mute(account, muted=True))


async def hear(ctx: Context, click: ActionClick) -> Outcome:
    """Post there again."""
    return await _chosen(ctx, click, lambda tx, account: tx.accounts.mute(account, muted=False))


async def ask_unlink(ctx: Context, click: ActionClick) -> Outcome:
    """Ask whether it is really to be unlinked. Raises OnlyInPrivate, NotFound, LastAccount."""
    account_id = actions.number(click.ref.token)

    def question(tx: Transaction) -> Outcome:
        account = spare_account(tx, ctx.actor, account_id)
        return ReplaceCard(unlink_card(account, tx.accounts.of_worker(ctx.actor.id), account_here(tx, ctx), ctx.texts))

    return await _seen(ctx, question)


async def keep(ctx: Context, _: ActionClick) -> Outcome:
    """Show the list again: nothing was done. Raises OnlyInPrivate."""
    return await _seen(ctx, lambda tx: ReplaceCard(own_accounts(tx, ctx)))


async def unlink(ctx: Context, click: ActionClick) -> Outcome:
    """Part the account from the worker. Raises LastAccount."""
    t = ctx.texts.t

    def work(tx: Transaction, account: Account) -> str:
        part(tx, ctx.actor, account.id)
        name = platform_name(account.platform, ctx.texts)
        if not account.email:
            return t("{platform} is unlinked.", platform=name)
        return t(
            "{platform} is unlinked. Its address is yours: as soon as you write there, it is linked again.",
            platform=name,
        )

    return await _chosen(ctx, click, work)


async def _seen(ctx: Context, look: Callable[[Transaction], Outcome]) -> Outcome:
    if not ctx.private:
        raise OnlyInPrivate
    return await ctx.read(look)


async def _chosen(ctx: Context, click: ActionClick, work: Callable[[Transaction, Account], str | None]) -> Outcome:
    """Do it once for this click, and show the list as it is then, with what `work` says.

    Raises OnlyInPrivate, NotFound.
    """
    if not ctx.private:
        raise OnlyInPrivate
    account_id = actions.number(click.ref.token)

    def done(tx: Transaction) -> Outcome:
        said = work(tx, own_account(tx, ctx.actor, account_id))
        return ReplaceCard(own_accounts(tx, ctx, said or ""))

    return await ctx.write(done)
