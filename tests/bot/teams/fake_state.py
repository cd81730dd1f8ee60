"""Who and what there is in a Teams that runs on loopback."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

Json = dict[str, Any]
TENANT = "6f2d7c1e-0000-4000-8000-000000000001"
CLIENT = "b07b07b0-0000-4000-8000-0000000000b0"
SECRET = "a client secret"
BOT = f"28:{CLIENT}"
CARD = "application/vnd.microsoft.card.adaptive"

Kind = Literal["personal", "groupChat", "channel"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a tenant: `id` is what Teams calls him before this bot, `object_id` what the directory does."""

    handle: str
    number: int
    email: str
    role: str = "user"
    tenant: str = TENANT
    upn: str = ""

    @property
    def id(self) -> str:
        """His id in Teams."""
        return f"29:1{self.number:04}-of-this-bot"

    @property
    def object_id(self) -> str:
        """His id in the tenant's directory."""
        return f"a0a0a0a0-0000-4000-8000-{self.number:012}"

    @property
    def private(self) -> str:
        """The id of his conversation with the bot."""
        return f"a:1private-{self.number}"

    def json(self) -> Json:
        """Return what the connector tells of him."""
        return {
            "id": self.id,
            "name": "Somebody",
            "aadObjectId": self.object_id,
            "objectId": self.object_id,
            "email": self.email,
            "userPrincipalName": self.upn or self.email,
            "tenantId": self.tenant,
            "userRole": self.role,
        }


@dataclass(slots=True)
class Conversation:
    """A conversation that the bot is in; `members` by object id. A team's first channel has no name of its own."""

    id: str
    kind: Kind
    members: set[str]
    tenant: str = TENANT
    title: str = ""
    team: str = ""
    channel: str = ""


@dataclass(slots=True)
class Message:
    """A message of the bot's; `number` orders it among all that anybody saw, `edits` counts its updates."""

    id: str
    conversation: str
    number: int
    activity: Json
    edits: int = 0

    @property
    def content(self) -> Json:
        """Its Adaptive Card."""
        found: Json = self.activity["attachments"][0]["content"]
        return found

    @property
    def summary(self) -> str:
        """What its notification shows."""
        return str(self.activity.get("summary") or "")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot's: `name` is "send", "update", "delete", "member", "team" or "create"."""

    name: str
    conversation: str
    body: Json


@dataclass(frozen=True, slots=True)
class Fault:
    """What the connector answers instead; without a status it does not answer at all."""

    status: int
    code: str = ""
    retry_after: float | None = None


@dataclass
class State:
    """Everything that a test may look at or arrange."""

    members: dict[str, Member] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    installed: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def add_member(self, handle: str, email: str, **more: Any) -> Member:
        """Let there be somebody for whom the app is installed."""
        member = Member(handle, len(self.members) + 1, email, **more)
        self.members[handle] = member
        self.installed.add(member.object_id)
        return member

    def open_private(self, member: Member) -> Conversation:
        """Return somebody's conversation with the bot."""
        found = Conversation(member.private, "personal", {member.object_id}, member.tenant)
        return self.conversations.setdefault(found.id, found)

    def add_channel(
        self, title: str, *members: Member, kind: Kind = "channel", channel: str = "", team: str = ""
    ) -> Conversation:
        """Let the bot and these people be in a group chat, or in a channel of a new team or of that one."""
        number = next(self.numbers)
        found = Conversation(f"19:{number}@thread.tacv2", kind, {m.object_id for m in members}, title=title)
        found.team = team or (f"19:team{number}@thread.tacv2" if kind == "channel" else "")
        found.channel = channel
        self.conversations[found.id] = found
        return found

    def screen(self, conversation: str) -> list[Message]:
        """Return the bot's messages in a conversation, the oldest first."""
        return [m for m in self.messages if m.conversation.partition(";")[0] == conversation]

    def called(self, name: str) -> list[Call]:
        """Return the calls of that name."""
        return [c for c in self.calls if c.name == name]
