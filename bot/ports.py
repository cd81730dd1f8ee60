"""What a platform folder gives to the rest: a way to reach people."""

from typing import Protocol

from core.people import Account, Worker
from handlers.ui import Card


class Undeliverable(Exception):
    """This account cannot be reached, now or later (blocked, deactivated, gone): trying again is useless."""


class TryAgain(Exception):
    """A passing fault; `after` is how many seconds the platform asks to wait, if it said."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class MessageGone(Exception):
    """The message to replace was deleted: the card is to be posted anew."""


class Messenger(Protocol):
    """Sends cards to one platform's accounts; raises Undeliverable, TryAgain or MessageGone, nothing else.

    The message ids it returns are opaque, belong to it and are all that is needed to replace the card later,
    also from another process. A card may take several messages; a replaced card may take more or fewer.
    """

    platform: str

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Send a card to the person's private conversation; return its message ids."""
        ...

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Put `card` in the place of those messages; return the ids it has now."""
        ...

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Return (tenant, external id) of a worker who has never spoken here, by verified e-mail; None if unknown."""
        ...
