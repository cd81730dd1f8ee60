"""What a platform folder gives to the rest: a way to reach people."""

from typing import Protocol

from core.people import Account, Worker
from core.shares import Share
from handlers.ui import Card


class Undeliverable(Exception):
    """This account cannot be reached, now or later (blocked, deactivated, gone): trying again is useless."""


class AccountGone(Undeliverable):
    """Nobody is behind this account any more (deactivated, unknown)."""


class ChannelClosed(Undeliverable):
    """A channel takes no message of ours; `advice`, still to be translated, says what a person can do about it."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(reason)
        self.advice = advice


class TryAgain(Exception):
    """A passing fault; `after` is how many seconds the platform asks to wait, if it said."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class NotYet(TryAgain):
    """Nothing was done: the platform has no room for it before `after` seconds have passed, or none for our app at all.

    It does not count as an attempt: whatever waits goes once there is room.
    """


class MessageGone(Exception):
    """The message to replace was deleted: the card is to be posted anew."""


class Messenger(Protocol):
    """Sends cards to one platform's accounts; raises Undeliverable, TryAgain or MessageGone, nothing else.

    The message ids it returns are opaque, belong to it and are all that is needed to replace the card later,
    also from another process. A card may take several messages; a replaced card may take more or fewer.
    """

    platform: str

    async def turn(self, account: Account, *, replacing: bool) -> bool:
        """Wait until the platform's pace lets the account be sent one message, or have one replaced.

        Called before the state is read that the message will show. Tells whether it had to wait: what was read before
        is old then. Raises NotYet when it would be long.
        """
        ...

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Send a card to the person's private conversation; return its message ids."""
        ...

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Put `card` in the place of those messages; return the ids it has now."""
        ...

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Return (tenant, external id) of a worker who has never spoken here, by verified e-mail; None if unknown."""
        ...

    async def share(self, share: Share, card: Card) -> tuple[str, ...]:
        """Post the card to the share's channel, or put it in the place of its messages; return the ids it has now.

        It waits for its turn. Raises ChannelClosed, TryAgain; MessageGone when what it would replace was deleted.
        """
        ...
