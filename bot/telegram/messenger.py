"""Sends cards to people's private chats with the bot, and replaces them.

What is sent unasked names nobody until it is revealed (rule 9): Telegram shows the message itself in the push.
"""

from typing import Final

from bot.ports import ChannelClosed, Undeliverable
from bot.telegram.api import Api, Moved
from bot.telegram.chats import Chats, parts
from bot.telegram.groups import Groups
from bot.telegram.inbound import PLATFORM
from bot.telegram.render import Message, hidden, render
from core.message import N_
from core.people import Account, Worker
from core.ports import Database
from core.shares import Share
from handlers.i18n import Texts
from handlers.ui import Card

HIDDEN: Final = "~"
"""Begins the ids of messages that are not revealed yet."""
_INVITE: Final = N_(
    "rdv is not in that group, or may not write there. Add it to the group, then share the appointment again."
)


class TelegramMessenger:
    """The bot's messenger; an account's private chat has the id of its user."""

    platform = PLATFORM

    def __init__(self, api: Api, chats: Chats, groups: Groups, db: Database) -> None:
        self._api = api
        self._chats = chats
        self._groups = groups
        self._db = db

    async def turn(self, account: Account, *, replacing: bool) -> bool:  # noqa: ARG002 - both count alike
        """Wait until Telegram's limits let the account be sent one message, or have one edited."""
        return await self._api.pace.turn(int(account.external_id))

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Send a card: with a notification, and its neutral line only, if nobody asked for it."""
        chat = int(account.external_id)
        if card.reveal is None:
            return await self._chats.post(chat, card)
        sent = await self._chats.send(chat, await self._hidden(account, card), silent=False)
        return tuple(f"{HIDDEN}{message}" for message in sent)

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Put a card in the place of messages; what nobody has revealed stays neutral.

        So does what needs more messages than there are: what is sent, and not edited, is pushed.
        """
        chat = int(account.external_id)
        known, whole = tuple(message.removeprefix(HIDDEN) for message in messages), render(card)
        if card.reveal is None or (known == messages and len(whole) <= len(known)):
            return await self._chats.put(chat, known, whole)
        shown = await self._chats.put(chat, known, await self._hidden(account, card))
        return tuple(f"{HIDDEN}{message}" for message in shown)

    async def share(self, share: Share, card: Card) -> tuple[str, ...]:
        """Post the card to the share's group, or put it in the place of its messages, when Telegram's limits let us.

        A group that has become a supergroup is followed there.
        """
        chat = parts(share.messages[0])[0] if share.messages else int(share.channel)
        await self._api.pace.turn(chat)
        try:
            try:
                return await self._put(chat, share.messages, card)
            except Moved as fault:
                await self._groups.moved(chat, fault.to)
                return await self._put(fault.to, (), card)
        except Undeliverable as fault:
            raise ChannelClosed(str(fault), _INVITE) from fault

    async def _put(self, chat: int, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        if messages:
            return await self._chats.replace(chat, messages, card)
        return await self._chats.post(chat, card)

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:  # noqa: ARG002 - Telegram tells no addresses
        """Return None: a bot finds nobody who has not spoken to it."""
        return None

    async def _hidden(self, account: Account, card: Card) -> tuple[Message, ...]:
        worker = await self._db.read(lambda tx: tx.people.worker(account.worker_id))
        return hidden(card, Texts(worker.locale, worker.zone).t("Show"))
