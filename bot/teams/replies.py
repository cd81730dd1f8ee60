"""What is posted in answer to somebody: to him alone, once for each delivery, and after a passing fault again."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.copies import post_live
from bot.patience import patiently
from bot.platform import Deps
from bot.ports import MessageGone, Undeliverable
from bot.teams.api import Place
from bot.teams.calls import Call
from bot.teams.inbound import Origin
from bot.teams.messenger import TeamsMessenger, message_id
from bot.teams.render import NAMELESS, message
from core.ports import Transaction
from handlers.cards.help import channel_card
from handlers.cards.notes import note_card
from handlers.i18n import Texts
from handlers.ui import Card, LinkButton, Live, Notice

Json = dict[str, Any]


class Replies:
    """Posts answers; in a channel they go to the private conversation, and a short word says so."""

    def __init__(self, deps: Deps, messenger: TeamsMessenger) -> None:
        self._deps = deps
        self._messenger = messenger

    async def once(self, key: str, post: Callable[[], Awaitable[object]]) -> None:
        """Post unless this delivery was answered before."""

        def claim(tx: Transaction) -> bool:
            if not key:
                return True
            if tx.deliveries.find(f"{key}:told") is not None:
                return False
            tx.deliveries.add(f"{key}:told", "", self._deps.clock.now())
            return True

        if await self._deps.db.write(claim):
            await post()

    async def tell(self, call: Call, card: Card, live: Live | None) -> None:
        """Post a card to the person's private conversation; with `live` it is kept up to date."""
        deps, account = self._deps, call.who[0]

        async def post() -> None:
            if live is not None:
                await post_live(deps.db, self._messenger, account, card, live, deps.clock.now())
                deps.wake()
            elif call.incoming.origin.private:
                await self._messenger.post_to(account.tenant, call.incoming.origin.place, card)
            else:
                await self._messenger.post(account, card)

        await self._privately(call, post)

    async def post_content(self, call: Call, content: Json, summary: str) -> None:
        """Post what is an Adaptive Card already to the private conversation."""
        place = call.incoming.origin.place if call.incoming.origin.private else None

        async def post() -> None:
            await self._messenger.post_content(call.who[0], message(content, summary), place)

        await self._privately(call, post)

    async def put(self, call: Call, card: Card) -> None:
        """Put a card in the place of the message that was clicked, or post it if that is gone."""
        messages = (self._clicked(call),)
        try:
            await patiently(lambda: self._messenger.replace(call.who[0], messages, card))
        except MessageGone:
            await self._post_to(call.incoming.origin, card)

    async def put_content(self, call: Call, content: Json, summary: str) -> None:
        """Put an Adaptive Card in the place of the message that was clicked."""
        activity = message(content, summary)
        await patiently(lambda: self._messenger.put_content(call.who[0], self._clicked(call), activity))

    async def become(self, call: Call, card: Card, live: Live | None) -> None:
        """Put a card in the place of the form that was sent; one that stays up to date is a message of its own."""
        if live is None:
            await self.put(call, card)
            return
        await self.tell(call, card, live)
        await self._messenger.withdraw(call.who[0].tenant, (self._clicked(call),))

    async def greet(self, origin: Origin, texts: Texts) -> None:
        """Greet a channel that the app has joined: there it hears what mentions it."""
        await self._post_to(origin, channel_card(texts, f"@{NAMELESS} "))

    async def tell_stranger(self, origin: Origin, card: Card) -> None:
        """Answer where it was asked: what is said to strangers names nobody."""
        await self._post_to(origin, card)

    async def _privately(self, call: Call, post: Callable[[], Awaitable[None]]) -> None:
        origin, texts = call.incoming.origin, call.texts
        try:
            await patiently(post)
        except Undeliverable:
            if origin.private:
                raise
            await self._post_to(origin, self._way_in(texts))
            return
        if not origin.private and not origin.clicked:
            word = note_card(texts.t("I have answered in our private conversation."), "info", texts)
            await self._post_to(origin, Card("", word.body, neutral=word.neutral))

    async def _post_to(self, origin: Origin, card: Card) -> None:
        await patiently(lambda: self._messenger.post_to(origin.tenant, origin.place, card))

    def _way_in(self, texts: Texts) -> Card:
        """Return how one gets to the private conversation."""
        said = Notice(texts.t("I cannot write to you in private yet: open our private conversation first."), "warning")
        door = self._deps.doors.get("teams", "").partition("&message=")[0]
        buttons = (LinkButton(door, texts.t("Open the private conversation")),) if door else ()
        return Card(texts.t("Appointments"), (said,), buttons, neutral=texts.t("Appointments"))

    def _clicked(self, call: Call) -> str:
        origin = call.incoming.origin
        return message_id(Place(origin.place.service_url, origin.place.conversation), origin.clicked)
