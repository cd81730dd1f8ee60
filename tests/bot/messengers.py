"""A messenger that remembers what it was given, and fails when told to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.ports import MessageGone
from core.people import Account, Worker
from core.shares import Share
from handlers.ui import Card


@dataclass(frozen=True)
class Sent:
    """One message posted or replaced."""

    how: str
    account: Account
    messages: tuple[str, ...]
    card: Card


class RecordingMessenger:
    """`faults` are raised by the next calls, one each; `knows` are the accounts of workers who never spoke.

    `turns` are what happens while the next ones wait for their turn, one each, or a fault instead of it.
    """

    def __init__(self, platform: str = "web", knows: dict[str, str] | None = None) -> None:
        self.platform = platform
        self.sent: list[Sent] = []
        self.shared: list[tuple[Share, Card]] = []
        self.faults: list[Exception | None] = []
        self.turns: list[Callable[[], Awaitable[object]] | Exception | None] = []
        self.turned: list[tuple[Account, bool]] = []
        self.gone: set[str] = set()
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self._knows = knows or {}
        self._count = 0

    async def turn(self, account: Account, *, replacing: bool) -> bool:
        """Take the next of `turns`: nobody waits without one."""
        self.turned.append((account, replacing))
        turn = self.turns.pop(0) if self.turns else None
        if isinstance(turn, Exception):
            raise turn
        if turn is not None:
            await turn()
        return turn is not None

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Remember a new message."""
        await self._fail()
        self._count += 1
        messages = (f"{self.platform}-{self._count}",)
        self.sent.append(Sent("post", account, messages, card))
        return messages

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Remember a replaced one."""
        await self._fail()
        if self.gone.intersection(messages):
            raise MessageGone
        self.sent.append(Sent("replace", account, messages, card))
        return messages

    async def share(self, share: Share, card: Card) -> tuple[str, ...]:
        """Remember what a channel shows."""
        await self._fail()
        if self.gone.intersection(share.messages):
            raise MessageGone
        self._count += not share.messages
        messages = share.messages or (f"{self.platform}-{self._count}",)
        self.shared.append((share, card))
        return messages

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Find those it was told of."""
        external_id = self._knows.get(worker.handle)
        return ("T1", external_id) if external_id else None

    def taken(self) -> list[Sent]:
        """Return what was sent since the last time it was asked."""
        sent, self.sent = self.sent, []
        return sent

    async def _fail(self) -> None:
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise fault
