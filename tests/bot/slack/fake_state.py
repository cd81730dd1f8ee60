"""What a Slack on loopback remembers, for the families of methods that are mixed into it."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.slack.scopes import SCOPES
from tests.bot.slack.fake_files import FakeFiles

TEAM, BOT_USER, BOT, APP = "T0RDV", "U0BOT", "B0BOT", "A0RDV"
Arguments = dict[str, Any]


@dataclass
class Call:
    """One call of a method."""

    method: str
    arguments: Arguments


@dataclass
class Message:
    """One message on somebody's screen."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    only_for: str = ""


@dataclass
class Modal:
    """One open modal of a person's."""

    id: str
    user: str
    hash: str
    view: dict[str, Any]


@dataclass
class Fault:
    """What a method answers instead of working."""

    error: str
    status: int = 200
    retry_after: float | None = None


class Refusal(Exception):
    """`ok: false`, with Slack's word for it."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.more = more


@dataclass
class FakeState:
    """The workspace; `faults` are answered first, in order, and `gates` hold a method until they are opened."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    modals: dict[str, Modal] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)
    home_enabled: bool = True
    violations: list[str] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    url: str = ""
    closed_channels: set[str] = field(default_factory=set)
    files: FakeFiles = field(default_factory=FakeFiles)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acks: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)
    _responses: dict[str, tuple[str, str, str, int]] = field(default_factory=dict)
    _count: int = 0
    _runner: web.AppRunner | None = None

    def check(self, faults: list[str]) -> None:
        """Remember what Slack would refuse."""
        self.violations += faults

    def _next(self) -> int:
        self._count += 1
        return self._count


def dm_of(user: str) -> str:
    """Return the channel of somebody's conversation with the bot."""
    return f"D{user[1:]}"
