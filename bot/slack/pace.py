"""How fast Slack lets us call it (docs.slack.dev/apis/web-api/rate-limits).

Limits hold for each method, app and workspace. Which tier a method is in stands on its page at
docs.slack.dev/reference/methods.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.pacing import Pacing
from core.ports import Database
from core.times import Clock
from storage.paces import Rate

MINUTE: Final = timedelta(minutes=1)
TIER_3, TIER_4 = 50, 100
WHOLE_WORKSPACE: Final = 240
"""Messages a minute: "several hundred", says the page of chat.postMessage."""

PER_MINUTE: Final = {
    "auth.test": WHOLE_WORKSPACE,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": WHOLE_WORKSPACE,
    "chat.update": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "users.info": TIER_4,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
PER_CHANNEL: Final = {"chat.postMessage": timedelta(seconds=1)}
AT_ONCE: Final = 25
"""One call in so many may come ahead of its time: a whole window holds what is allowed even so."""

IN_A_CHANNEL: Final = timedelta(seconds=2)


class Pace:
    """The limits of one workspace."""

    def __init__(
        self, db: Database, clock: Clock, name: str, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        """`name` tells the workspace from others, in every process alike; `sleep` takes seconds of `clock`."""
        self._name = name
        self._pacing = Pacing(db, clock, "slack", sleep)

    async def turn(self, method: str, channel: str = "") -> bool:
        """Wait until the method may be called once (in the channel); tell whether that took any time.

        The next call of the method by the same task is the one that was waited for. Raises NotYet when it would be
        long.
        """
        return await self._pacing.turn(method, self._rates(method, channel), patience=IN_A_CHANNEL)

    async def another(self, method: str, channel: str = "") -> None:
        """Wait for one more turn if this task waited for its first: what answers a person at once does not."""
        await self._pacing.another(method, self._rates(method, channel))

    def called(self, method: str, channel: str = "") -> None:
        """Note a call that is made now; one that did not wait for its turn is counted a little later."""
        self._pacing.called(method, self._rates(method, channel) if method in PER_MINUTE else ())

    async def hold_off(self, method: str, seconds: float | None) -> None:
        """Let nobody call the method for so long: Slack asked for it, or refuses us altogether."""
        if method in PER_MINUTE:
            await self._pacing.hold_off(self._rates(method, "")[0], seconds)

    async def counted(self) -> None:
        """Wait until every call that was made is counted."""
        await self._pacing.counted()

    def _rates(self, method: str, channel: str) -> list[Rate]:
        """Return what limits a call, the widest first; what may burst is left free in the long run."""
        allowed = PER_MINUTE[method]
        burst = max(allowed // AT_ONCE, 1)
        rates = [Rate(f"slack {self._name} {method}", MINUTE / (allowed - burst), burst)]
        if channel and method in PER_CHANNEL:
            rates.append(Rate(f"slack {self._name} {method} {channel}", PER_CHANNEL[method]))
        return rates
