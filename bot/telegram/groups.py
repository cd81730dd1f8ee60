"""Groups that the bot is in: which there are, and who of us is in them."""

from collections.abc import Callable

from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.telegram.api import Api
from bot.telegram.inbound import PLATFORM, TENANT, Incoming, Standing, Who
from core.ports import Database, Transaction
from core.times import Clock
from handlers.ui import Option
from storage.conversations import (
    Conversation,
    conversation,
    forget_conversation,
    save_conversation,
    shared_conversations,
)


class Groups:
    """What is known of groups, in the database: Telegram lists none."""

    def __init__(self, api: Api, db: Database, clock: Clock) -> None:
        self._api = api
        self._db = db
        self._clock = clock

    async def of(self, who: Who) -> tuple[Option, ...]:
        """Return the groups that both the bot and the person are in, by title; Telegram is asked who is."""
        known = await self._db.read(lambda tx: shared_conversations(tx, PLATFORM, TENANT))
        user = int(who[0].external_id)
        return tuple([Option(c.id, c.title or c.id) for c in known if await self._is_in(int(c.id), user)])

    async def heard(self, incoming: Incoming) -> None:
        """Keep that there is such a group, when something is heard from it."""
        known = await self._db.read(lambda tx: conversation(tx, PLATFORM, TENANT, str(incoming.chat)))
        if known is None or known.title != incoming.title:
            await self._db.write(self._saving(incoming.chat, incoming.title))

    async def changed(self, incoming: Incoming, standing: Standing) -> None:
        """Keep whether the bot is in the group, and where it is."""
        if standing.moved_to:
            await self.moved(incoming.chat, standing.moved_to)
        elif standing.inside:
            await self._db.write(self._saving(incoming.chat, incoming.title))
        else:
            await self._db.write(lambda tx: forget_conversation(tx, PLATFORM, TENANT, str(incoming.chat)))

    async def moved(self, before: int, now: int) -> None:
        """Keep that a group became a supergroup, with another id."""

        def move(tx: Transaction) -> None:
            known = conversation(tx, PLATFORM, TENANT, str(before))
            forget_conversation(tx, PLATFORM, TENANT, str(before))
            self._saving(now, known.title if known is not None else "")(tx)

        await self._db.write(move)

    def _saving(self, chat: int, title: str) -> Callable[[Transaction], None]:
        found = Conversation(PLATFORM, TENANT, str(chat), "group", "", title, "")
        return lambda tx: save_conversation(tx, found, self._clock.now())

    async def _is_in(self, chat: int, user: int) -> bool:
        try:
            return await self._api.is_member(chat, user)
        except (Undeliverable, TryAgain, MessageGone):
            return False
