"""What the stand-in of the Bot API remembers: chats, messages, calls, and what is to go wrong."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.bot.telegram.checks import Arguments, Refused

BOT_ID, BOT_NAME = 7_000_000_001, "rdv_essai_bot"
TOKEN = f"{BOT_ID}:stand-in-for-the-token-of-a-bot"


@dataclass
class Message:
    """A message as it shows; `keys` are its rows of buttons, `photo` and `document` what it carries.

    An `old` one was sent more than 48 hours ago.
    """

    chat: int
    id: int
    text: str
    entities: list[dict[str, Any]]
    keys: list[list[dict[str, Any]]]
    silent: bool = False
    photo: bytes = b""
    document: tuple[str, bytes] | None = None
    old: bool = False

    @property
    def kind(self) -> str:
        """What Telegram keeps it as."""
        return "photo" if self.photo else "document" if self.document else "text"

    @property
    def labels(self) -> list[str]:
        """What its buttons say."""
        return [key["text"] for row in self.keys for key in row]

    def key(self, label: str) -> dict[str, Any]:
        """Return the first button of that label."""
        return next(key for row in self.keys for key in row if key["text"] == label)


@dataclass(frozen=True)
class Call:
    """One call of a method."""

    method: str
    arguments: Arguments


@dataclass
class Group:
    """A group of the bot's: who is in it, and with what standing; where it went, if it became a supergroup."""

    id: int
    title: str
    members: dict[int, str] = field(default_factory=dict)
    moved_to: int = 0


@dataclass
class FakeState:
    """Everything the stand-in knows. `violations` are what Telegram would have refused: tests fail on them."""

    url: str = ""
    webhook: dict[str, Any] = field(default_factory=dict)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    shown: list[Message] = field(default_factory=list)
    started: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    groups: dict[int, Group] = field(default_factory=dict)
    queries: set[str] = field(default_factory=set)
    toasts: list[Arguments] = field(default_factory=list)
    uploads: dict[str, bytes] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    polling: int = 0
    most_polling: int = 0
    faults: dict[str, list[Refused]] = field(default_factory=lambda: defaultdict(list))
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def messages(self, chat: int) -> list[Message]:
        """Return what stands in a chat, the oldest first."""
        return [m for m in self.shown if m.chat == chat]

    def called(self, method: str) -> list[Arguments]:
        """Return the arguments of every call of a method."""
        return [c.arguments for c in self.calls if c.method == method]

    def fail(self, method: str, code: int, description: str, *, times: int = 1, after: int | None = None) -> None:
        """Let the next calls of a method fail; `after` is how many seconds Telegram asks to wait."""
        more = {} if after is None else {"retry_after": after}
        self.faults[method] += [Refused(description, code, **more)] * times

    def hold(self, method: str) -> asyncio.Event:
        """Let a method answer only when the event is set."""
        return self.gates.setdefault(method, asyncio.Event())
