"""A messenger that remembers what it was given, and fails when told to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.ports import MessageGone
from core.people import Account, Worker
from handlers.ui import Card


@dataclass(frozen=True)
class Sent:
    """One message posted or replaced."""

    how: str
    account: Account
    messages: tuple[str, ...]
    card: Card


class RecordingMessenger:
    """`faults` are raised by the next calls, one each; `knows` are the accounts of workers who never spoke."""

    def __init__(self, platform: str = "web", knows: dict[str, str] | None = None) -> None:
        self.platform = platform
        self.sent: list[Sent] = []
        self.faults: list[Exception | None] = []
        self.gone: set[str] = set()
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self._knows = knows or {}
        self._count = 0

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
