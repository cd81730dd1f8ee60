"""What people do and read in a chat, whichever platform it is: every scenario speaks of this alone."""

from typing import Protocol


class Chat(Protocol):
    """A running bot with the guide's people at it; `who` is a worker's handle.

    What is read is plain text with plain spaces, in the reader's language. Labels are those that a person sees.
    """

    async def command(self, who: str, text: str) -> None:
        """Type a command, as in "/parcours 1285", or a message."""
        ...

    async def click(self, who: str, label: str, *, about: str = "") -> None:
        """Click the first button of that label on the newest card that has one (and says `about`)."""
        ...

    async def choose(self, who: str, field: str, *options: str) -> None:
        """Choose in a field of the open form; in a search field each option is typed, and the first found is taken.

        In a field of several, the options of a search are added; those that are ticked take the place of all.
        """
        ...

    async def write(self, who: str, field: str, text: str) -> None:
        """Fill in a text, a day ("2026-01-27") or a time ("14:15")."""
        ...

    async def submit(self, who: str) -> None:
        """Send the open form."""
        ...

    async def settle(self, **later: float) -> None:
        """Let time pass (`timedelta`'s own words), and everything be sent that is due then."""
        ...

    async def cards(self, who: str) -> list[str]:
        """Return what each message of the bot's to this person says now, the oldest first."""
        ...

    async def buttons(self, who: str, about: str) -> list[str]:
        """Return the labels of the buttons of the newest card that says `about`, those of its menus too."""
        ...

    async def form(self, who: str) -> str:
        """Return what the open form says, "" if none is open."""
        ...


async def newest(chat: Chat, who: str, about: str) -> str:
    """Return the newest card that says `about`."""
    cards = await chat.cards(who)
    found = [card for card in cards if about in card]
    assert found, f"nothing says {about!r} to {who}, only: {cards}"
    return found[-1]
