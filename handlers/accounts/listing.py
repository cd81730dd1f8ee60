"""One's accounts, for oneself alone."""

from core.errors import OnlyInPrivate
from core.people import Account
from core.ports import Transaction
from handlers.accounts.card import accounts_card
from handlers.context import Context
from handlers.ui import ActionClick, Card, Outcome, Reply


async def show(ctx: Context, _: ActionClick | None = None) -> Outcome:
    """List them. Raises OnlyInPrivate."""
    if not ctx.private:
        raise OnlyInPrivate
    return Reply(await ctx.read(lambda tx: own_accounts(tx, ctx)))


def own_accounts(tx: Transaction, ctx: Context, said: str = "") -> Card:
    """Return the list as it is now; `said` is what has just been done."""
    return accounts_card(tx.accounts.of_worker(ctx.actor.id), account_here(tx, ctx), ctx.texts, said)


def account_here(tx: Transaction, ctx: Context) -> Account | None:
    """Return the account that the actor speaks from, None if it has just been unlinked."""
    found = tx.accounts.find(ctx.platform, ctx.tenant, ctx.external_id)
    return found[0] if found is not None and found[1].id == ctx.actor.id else None
