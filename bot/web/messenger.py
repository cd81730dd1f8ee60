"""Sends cards to the web chat: a message is a row, and open windows hear of it at once."""

from bot.ports import MessageGone
from bot.web.stream import Hub
from core.people import Account, Worker
from core.ports import Database
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

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Return the worker's place in the chat, in demonstration mode."""
        return (TENANT, worker.handle) if self._demo and worker.active else None
