"""Waiting out a passing fault of a platform's, where a person waits for the answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.ports import TryAgain

T = TypeVar("T")
PATIENCE = 30.0
ATTEMPTS = 3


async def patiently(send: Callable[[], Awaitable[T]]) -> T:
    """Call `send` again after a passing fault, as long as the platform does not ask for much patience."""
    for attempt in range(1, ATTEMPTS):
        try:
            return await send()
        except TryAgain as fault:
            wait = fault.after if fault.after is not None else float(attempt)
            if wait > PATIENCE:
                raise
            await asyncio.sleep(wait)
    return await send()
