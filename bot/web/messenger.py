"""Sends cards to the web chat: a message is a row, and open windows hear of it at once."""

from bot.ports import ChannelClosed, MessageGone
from bot.web.stream import Hub
from core.message import N_
from core.people import Account, Worker
from core.ports import Database
from core.shares import Share
from core.times import Clock
from handlers.codec import encode
from handlers.ui import Card
from storage.webchat import add_message, replace_message

TENANT = "local"


class WebMessenger:
    """The messenger of the web chat; in demonstration mode every worker can be reached there unasked."""

    platform = "web"

    def __init__(self, db: Database, clock: Clock, hub: Hub, *, demo: bool) -> None:
        self._db = db
        self._clock = clock
        self._hub = hub
        self._demo = demo

    async def turn(self, account: Account, *, replacing: bool) -> bool:  # noqa: ARG002 - nobody waits here
        """Nobody sets a pace."""
        return False

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Append the card to the conversation."""
        now, worker_id = self._clock.now(), account.worker_id
        message_id = await self._db.write(lambda tx: add_message(tx, worker_id, "out", encode(card), now))
        self._hub.ring(worker_id)
        return (str(message_id),)

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Put the card in the place of the message."""
        worker_id, message_id = account.worker_id, int(messages[0])
        if not await self._db.write(lambda tx: replace_message(tx, worker_id, message_id, encode(card))):
            raise MessageGone
        self._hub.ring(worker_id)
        return messages

    async def share(self, share: Share, card: Card) -> tuple[str, ...]:  # noqa: ARG002
        """There is nothing to post to."""
        raise ChannelClosed("no channels", N_("There are no channels here."))

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Return the worker's place in the chat, in demonstration mode."""
        return (TENANT, worker.handle) if self._demo and worker.active else None
