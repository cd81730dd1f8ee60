"""Slack's limits, on a virtual clock: so many calls of a method in any minute, one message a second and channel."""

import math
import random
from collections import defaultdict, deque
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.pace import PER_MINUTE
from tests.virtual import VirtualTime

WINDOW = timedelta(minutes=1)
IN_A_CHANNEL, BURST = 10, timedelta(seconds=10)
"""One message a second, of which short bursts are allowed."""

SLOWEST = 0.25


class WindowedSlack:
    """A Web API for `Api.client`. Who calls more than a window holds gets 429; so does every `refused_every`th call."""

    def __init__(self, time: VirtualTime, *, refused_every: int = 0, retry_after: int = 3) -> None:
        self._time = time
        self._refused_every = refused_every
        self._retry_after = retry_after
        self._calls: dict[str, deque[datetime]] = defaultdict(deque)
        self._chance = random.Random(5)  # noqa: S311 - how long the way takes
        self._count = 0
        self._quiet_until: dict[str, datetime] = {}
        self.provoked = 0
        self.impatient = 0
        self.shown: dict[tuple[str, str], dict[str, Any]] = {}
        self.made: list[tuple[datetime, str]] = []

    async def api_call(self, method: str, *, json: dict[str, Any], **_: Any) -> SimpleNamespace:
        """Answer a call as Slack does."""
        await self._time.sleep(self._chance.uniform(0.05, SLOWEST))
        now = self._time.now()
        self.impatient += now < self._quiet_until.get(method, now)
        self._within(method, now, WINDOW, PER_MINUTE[method])
        if method == "chat.postMessage":
            self._within(json["channel"], now, BURST, IN_A_CHANNEL)
        self._count += 1
        if self._refused_every and self._count % self._refused_every == 0:
            # What left before this answer came back is nobody's fault.
            self._quiet_until[method] = now + timedelta(seconds=self._retry_after)
            raise _too_fast(method, self._retry_after)
        self.made.append((now, method))
        return SimpleNamespace(data=self._done(method, json))

    def _within(self, name: str, now: datetime, window: timedelta, most: int) -> None:
        calls = self._calls[name]
        while calls and calls[0] <= now - window:
            calls.popleft()
        if len(calls) >= most:
            self.provoked += 1
            raise _too_fast(name, math.ceil((calls[0] + window - now).total_seconds()))
        calls.append(now)

    def _done(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = arguments["channel"]
        if method == "chat.postMessage":
            ts = f"{self._count:010}.000000"
        elif (channel, arguments["ts"]) in self.shown:
            ts = arguments["ts"]
        else:
            raise SlackApiError("", SimpleNamespace(status_code=200, data={"error": "message_not_found"}, headers={}))
        self.shown[channel, ts] = arguments
        return {"ok": True, "channel": channel, "ts": ts}


def _too_fast(what: str, seconds: int) -> SlackApiError:
    headers = {"Retry-After": str(seconds)}
    return SlackApiError(what, SimpleNamespace(status_code=429, data={"error": "ratelimited"}, headers=headers))
