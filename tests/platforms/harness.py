"""What the contract of platforms is tested through: a bench for each, on which one person sits before one bot."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Protocol

from bot.ports import Messenger
from core.people import Account
from tests.hall import Hall
from tests.platforms.expected import Way
from tests.platforms.scripted import Scripted
from tests.scenarios.chat import Chat

WHO = "Agathe"


class Fault(StrEnum):
    """What a platform may answer to a message of ours."""

    BLOCKED = auto()
    """The person has blocked the bot."""
    NOBODY = auto()
    """Nobody is behind the account any more."""
    FORBIDDEN = auto()
    """403 for another reason."""
    CONFLICT = auto()
    """412: somebody else changed something meanwhile."""
    BUSY = auto()
    """429 with the time to wait, `WAIT` seconds."""
    BROKEN = auto()
    """5xx, with a page for an answer."""
    SILENT = auto()
    """No answer within the time that we wait."""


WAIT = 30


@dataclass(frozen=True)
class Screen:
    """What somebody sees in his conversation with the bot: `ways` are all that he can ask for by a press.

    `text` is all that is read, the oldest first, addresses of links among it, shown as the platform's clients do:
    markup that came through would not be in it. `pushed` is what the notifications said.
    """

    text: str
    ways: tuple[Way, ...] = ()
    pictures: int = 0
    pushed: tuple[str, ...] = ()


class Bench(Protocol):
    """A platform on its server with its vendor's stand-in. `WHO` has an account there, and an empty conversation."""

    name: str
    hall: Hall
    script: Scripted
    chat: Chat
    account: Account

    @property
    def messenger(self) -> Messenger:
        """The platform's own."""
        ...

    async def screen(self) -> Screen:
        """Return what stands in the conversation, the form that is open apart."""
        ...

    async def clear(self) -> None:
        """Empty the conversation, and close the form."""
        ...

    async def press(self, way: Way) -> None:
        """Press what asks for this, on the newest message that has it."""
        ...

    async def form(self) -> str:
        """Return all that can be read in the open form, as one leafs through it; "" if none is open."""
        ...

    async def submit(self) -> str:
        """Send the open form; return what is then said to be wrong with it, and all that it says."""
        ...

    def failing(self, fault: Fault, *, times: int = 1) -> AbstractAsyncContextManager[None]:
        """Let the next calls that send or change a message fail so."""
        ...

    async def delete_everything(self) -> None:
        """Delete the bot's messages, as a person or an administrator may."""
        ...

    def refused(self) -> list[str]:
        """Return what the vendor would have refused of all that was sent, and forget it."""
        ...

    async def send(self, body: bytes, *, trusted: bool = True) -> int:
        """Send bytes to the platform's route, signed as the vendor signs if they are `trusted`; return the status."""
        ...
