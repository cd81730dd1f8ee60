"""One chat of several: each person is on his own platform, and the scenarios do not notice."""

from collections.abc import Mapping

from tests.hall import Hall
from tests.scenarios.chat import Chat


class Together:
    """Implements `tests.scenarios.chat.Chat` by those of the platforms; `chats` says by handle who is where."""

    def __init__(self, hall: Hall, chats: Mapping[str, Chat]) -> None:
        self.hall = hall
        self.chats = chats

    async def command(self, who: str, text: str) -> None:
        """Type it where he is."""
        await self.chats[who].command(who, text)

    async def click(self, who: str, label: str, *, about: str = "") -> None:
        """Click where he is."""
        await self.chats[who].click(who, label, about=about)

    async def choose(self, who: str, field: str, *options: str) -> None:
        """Choose in his form."""
        await self.chats[who].choose(who, field, *options)

    async def write(self, who: str, field: str, text: str) -> None:
        """Fill in a field of his form."""
        await self.chats[who].write(who, field, text)

    async def submit(self, who: str) -> None:
        """Send his form."""
        await self.chats[who].submit(who)

    async def settle(self, **later: float) -> None:
        """Let everything be sent, on every platform."""
        await self.hall.settle(**later)

    async def cards(self, who: str) -> list[str]:
        """Return what he reads."""
        return await self.chats[who].cards(who)

    async def buttons(self, who: str, about: str) -> list[str]:
        """Return the buttons of his card."""
        return await self.chats[who].buttons(who, about)

    async def form(self, who: str) -> str:
        """Return what his form says."""
        return await self.chats[who].form(who)
