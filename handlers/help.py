"""Help, greetings, and what is not understood: a helpful card each time."""

from functools import lru_cache
from typing import Literal

from handlers.cards.help import channel_card, command_help_card, help_card
from handlers.cards.notes import note_card
from handlers.commands import CommandSpec
from handlers.context import Context
from handlers.i18n import Texts
from handlers.ui import ActionClick, Card, Outcome, Reply


async def command(ctx: Context, unknown: str = "") -> Outcome:
    """Say what can be done; `unknown` is what was typed and not understood."""
    return Reply(help_card(ctx.texts, await _waiting(ctx), unknown))


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """Say what can be done."""
    return await command(ctx)


async def about(ctx: Context, spec: CommandSpec) -> Outcome:
    """Say what one command does."""
    if spec.name == "invitations":  # no other help counts them
        return Reply(command_help_card(spec, ctx.texts, await _waiting(ctx)))
    return Reply(_about(spec, ctx.texts.locale))


async def greeting(ctx: Context, where: Literal["private", "channel"]) -> Outcome:
    """Greet whoever opens the conversation, or the channel that the bot joins."""
    return await command(ctx) if where == "private" else Reply(channel_card(ctx.texts))


async def file_received(ctx: Context) -> Outcome:
    """Say that a file leads nowhere."""
    return Reply(note_card(ctx.texts.t("A file sent here is neither read nor kept."), "info", ctx.texts))


async def _waiting(ctx: Context) -> int:
    return await ctx.read(lambda tx: tx.appointments.count_invited(ctx.actor.id, ctx.now()))


@lru_cache
def _about(spec: CommandSpec, locale: str) -> Card:
    """Return the help that is the same for everybody who reads that language."""
    return command_help_card(spec, Texts(locale, "UTC"), 0)
