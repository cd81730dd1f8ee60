"""How fast Telegram lets a bot send (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.pacing import Pacing
from core.ports import Database
from core.times import Clock
from storage.paces import Rate

EVERYWHERE: Final = timedelta(seconds=1) / 28
"""Thirty a second: a call may come at both ends of one."""
IN_A_PRIVATE_CHAT: Final = timedelta(seconds=1)
IN_A_GROUP: Final = timedelta(minutes=1) / 20
PATIENCE: Final = timedelta(seconds=4)
SEND: Final = "send"


class Pace:
    """The limits of one bot, obeyed by all processes: whatever sends or edits a message counts alike."""

    def __init__(
        self, db: Database, clock: Clock, bot: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """`bot` tells the bot from others, in every process alike; `sleep` takes seconds of `clock`."""
        self._bot = bot
        self._pacing = Pacing(db, clock, "telegram", sleep)

    async def turn(self, chat: int) -> bool:
        """Wait until the chat may be sent a message, or have one edited; tell whether that took any time.

        Raises NotYet when it would be long.
        """
        return await self._pacing.turn(SEND, self._rates(chat), patience=PATIENCE)

    async def another(self, chat: int) -> None:
        """Wait for one more message of the same card, if its first had to wait for its turn."""
        await self._pacing.another(SEND, self._rates(chat))

    def called(self, chat: int) -> None:
        """Note that something was sent or edited just now.

        What answers somebody at once comes at the pace at which he presses: it counts for the whole bot alone.
        """
        self._pacing.called(SEND, self._rates(chat)[:1])

    async def hold_off(self, chat: int, seconds: float | None) -> None:
        """Send nothing to the chat for so long, as Telegram asks."""
        await self._pacing.hold_off(self._rates(chat)[-1], seconds)

    async def counted(self) -> None:
        """Wait until every call that was made is counted."""
        await self._pacing.counted()

    def _rates(self, chat: int) -> tuple[Rate, ...]:
        return (
            Rate(f"telegram:{self._bot}", EVERYWHERE),
            Rate(f"telegram:{self._bot}:{chat}", IN_A_PRIVATE_CHAT if chat > 0 else IN_A_GROUP),
        )
