"""What Telegram and Teams allow, on a virtual clock: who calls faster than a window holds is refused."""

import math
import random
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from telegram.error import RetryAfter

from bot.ports import NotYet
from tests.virtual import VirtualTime

SECOND: Final = timedelta(seconds=1)
TELEGRAM: Final = ((SECOND, 30),)
IN_A_CHAT: Final = ((timedelta(seconds=5), 5),)
"""One message a second, of which short bursts are let through."""
TEAMS: Final = ((SECOND, 50),)
IN_A_CONVERSATION: Final = (
    (SECOND, 7),
    (2 * SECOND, 8),
    (30 * SECOND, 60),
    (timedelta(hours=1), 1_800),
)
SLOWEST: Final = 0.25
Limits = Sequence[tuple[timedelta, int]]


class Limited:
    """Counts calls by name; `made` are the moments of those that were answered, `provoked` counts the others."""

    def __init__(self, time: VirtualTime, whole: Limits, each: Limits) -> None:
        self._time = time
        self._whole = whole
        self._each = each
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)
        self._chance = random.Random(5)  # noqa: S311 - how long the way takes
        self.made: list[datetime] = []
        self.provoked = 0

    async def called(self, name: str) -> float:
        """Take a call after a while; return how many seconds to wait if it came too soon, 0 if it is answered."""
        await self._time.sleep(self._chance.uniform(0.05, SLOWEST))
        now = self._time.now()
        wait = max(self._wait("", self._whole, now), self._wait(name, self._each, now))
        if wait > 0:
            self.provoked += 1
            return wait
        for counted in ("", name):
            self._calls[counted].append(now)
        self.made.append(now)
        return 0

    def _wait(self, name: str, limits: Limits, now: datetime) -> float:
        calls = self._calls[name]
        longest = max(window for window, _ in limits)
        while calls and calls[0] <= now - longest:
            calls.popleft()
        found = 0.0
        for window, most in limits:
            within = [at for at in calls if at > now - window]
            if len(within) >= most:
                found = max(found, (within[-most] + window - now).total_seconds())
        return found


class LimitedTelegram(Limited):
    """Stands in the place of python-telegram-bot's `Bot`."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__(time, TELEGRAM, IN_A_CHAT)

    async def edit_message_text(self, _text: str, chat: int, _message: int, **_: Any) -> bool:
        """Edit a message."""
        wait = await self.called(f"{chat}")
        if wait:
            raise RetryAfter(math.ceil(wait))
        return True


class LimitedTeams(Limited):
    """Stands in the place of the connector's client."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__(time, TEAMS, IN_A_CONVERSATION)

    async def call(self, _method: str, url: str, _body: Any = None) -> dict[str, Any]:
        """Answer a call."""
        wait = await self.called(url.partition("/activities")[0])
        if wait:
            raise NotYet("429", wait)
        return {"id": "1"}
