"""`/rdv lier`: a code that joins another account, and the joining itself where the code is typed."""

from typing import Final

from core.errors import CodeUnknown, OnlyInPrivate
from core.linking import burn, give_code, new_code, read_code, redeem
from core.ports import Transaction
from handlers.accounts.card import code_card, given_card, linked_card
from handlers.accounts.listing import show
from handlers.commands import ACCOUNT_WORDS, linking_words, parse
from handlers.context import Context
from handlers.ui import ActionClick, CommandCall, Inbound, Outcome, Reply, TextReply

HIDDEN: Final = "••••"


async def command(ctx: Context, text: str) -> Outcome | None:
    """Answer what is typed after the command, None if it is about something else.

    Raises OnlyInPrivate, CodeUnknown, AccountTaken.
    """
    found = linking_words(text)
    if found is None:
        return None
    word, rest = found
    if word in ACCOUNT_WORDS:
        return await show(ctx)
    return await (_join(ctx, rest) if rest else click(ctx))


async def click(ctx: Context, _: ActionClick | None = None) -> Outcome:
    """Give a code, once for this delivery: the code itself is stored nowhere. Raises OnlyInPrivate."""
    if not ctx.private:
        raise OnlyInPrivate
    code, now, key = new_code(), ctx.now(), f"{ctx.delivery_key}:code"

    def work(tx: Transaction) -> Outcome:
        if ctx.delivery_key:
            if tx.deliveries.find(key) is not None:
                return Reply(given_card(ctx.texts))
            tx.deliveries.add(key, "", now)
        expires_at = give_code(tx, ctx.actor, code, now)
        return Reply(code_card(code, expires_at, ctx.doors, ctx.platform, ctx.texts))

    return await ctx.db.write(work)


def code_in(event: Inbound | None) -> str:
    """Return the code of an event that is to join whoever sent it, "" for any other."""
    match event:
        case CommandCall("rdv", text):
            pass
        case TextReply(typed) if parse(typed).name == "rdv":
            text = parse(typed).text
        case _:
            return ""
    found = linking_words(text)
    return read_code(found[1]) if found is not None and found[0] not in ACCOUNT_WORDS else ""


def without_code(typed: str) -> str:
    """Return what was typed so that it may be kept: whatever stands where a code goes is hidden."""
    call = parse(typed)
    found = linking_words(call.text) if call.name == "rdv" else None
    if found is None or found[0] in ACCOUNT_WORDS or not found[1]:
        return typed
    return " ".join(typed.split()).removesuffix(found[1]) + HIDDEN


async def _join(ctx: Context, typed: str) -> Outcome:
    """Join the account that this is typed from; where others read along, the code is spent for nobody."""
    code = read_code(typed)
    if not code:
        raise CodeUnknown
    if not ctx.private:
        await ctx.db.write(lambda tx: burn(tx, code, ctx.now()))
        raise OnlyInPrivate

    def work(tx: Transaction) -> Outcome:
        account, _ = redeem(tx, code, ctx.platform, ctx.tenant, ctx.external_id, ctx.now())
        return Reply(linked_card(account, ctx.texts))

    return await ctx.write(work)
