"""Sends cards to people's private conversations and to channels, and replaces them.

A message's id is all it takes to replace it: service, conversation and activity, with spaces between.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from bot.ports import ChannelClosed, MessageGone, TryAgain, Undeliverable
from bot.teams.api import Api, ConversationGone, Json, Place, Refused
from bot.teams.directory import Directory
from bot.teams.hosted import Hosted
from bot.teams.inbound import PLATFORM
from bot.teams.render import render
from bot.teams.views import Views
from core.message import N_
from core.people import Account, Worker
from core.shares import Share
from handlers.ui import Card

_APART: Final = " "
_ADVICE: Final = N_("Add the app to this team or chat, then share again.")


class TeamsMessenger:
    """The messenger of one bot, in every tenant that it is in."""

    platform = PLATFORM

    def __init__(self, api: Api, directory: Directory, hosted: Hosted, views: Views) -> None:
        self._api = api
        self._directory = directory
        self._hosted = hosted
        self._views = views

    async def turn(self, account: Account, *, replacing: bool) -> bool:  # noqa: ARG002 - one limit for both
        """Wait until Teams' limits let the account be sent one message, or have one replaced."""
        return await self._api.turn(account.tenant, await self._directory.place_of(account))

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Send the card; what was sent is taken back when the rest cannot be."""
        return await self._send_to(account, render(card, await self._hosted.of(card.body)))

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Put the card in the place of the messages; there may be more or fewer of them then."""
        return await self._put(account.tenant, messages, render(card, await self._hosted.of(card.body)))

    async def share(self, share: Share, card: Card) -> tuple[str, ...]:
        """Post the card to the share's channel, or put it in the place of its messages, when the limits let us."""
        try:
            place = await self._directory.shared(share.tenant, share.channel)
            await self._api.turn(share.tenant, place)
            refresh = await self._views.refresh(share, place)
            rendered = render(card, await self._hosted.of(card.body), refresh=refresh)
            if share.messages:
                return await self._put(share.tenant, share.messages, rendered)
            return await self._send(share.tenant, place, rendered)
        except Undeliverable as fault:
            raise ChannelClosed(str(fault), _ADVICE) from fault

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:  # noqa: ARG002
        """Nobody is looked for: the bot may not read the tenant's directory, only its own conversations' members."""
        return None

    async def post_to(self, tenant: str, place: Place, card: Card) -> tuple[str, ...]:
        """Post the card to a conversation. Raises Undeliverable, TryAgain, NotYet."""
        return await self._send(tenant, place, render(card, await self._hosted.of(card.body)))

    async def post_content(self, account: Account, activity: Json, place: Place | None = None) -> None:
        """Post a message that is rendered already, to the private conversation if no place is named.

        Raises Undeliverable, TryAgain, NotYet.
        """
        await (self._send_to(account, (activity,)) if place is None else self._send(account.tenant, place, (activity,)))

    async def put_content(self, account: Account, message: str, activity: Json) -> None:
        """Put a message that is rendered already in the place of that one. Raises as `replace` does."""
        await self._put(account.tenant, (message,), (activity,))

    async def withdraw(self, tenant: str, messages: Sequence[str]) -> None:
        """Delete messages, as far as Teams lets us: one left behind harms less than a card sent twice."""
        for message in messages:
            place, activity = read_id(message)
            with suppress(Refused, MessageGone, Undeliverable, TryAgain):
                await self._api.delete(tenant, place, activity)

    async def _send_to(self, account: Account, rendered: Sequence[Json]) -> tuple[str, ...]:
        """Send to the private conversation; where it is not there any more, another is begun."""
        place = await self._directory.place_of(account)
        try:
            return await self._send(account.tenant, place, rendered)
        except ConversationGone:
            await self._directory.lose(account.tenant, place.conversation)
        return await self._send(account.tenant, await self._directory.place_of(account), rendered)

    async def _send(self, tenant: str, place: Place, rendered: Sequence[Json]) -> tuple[str, ...]:
        posted: list[str] = []
        try:
            for activity in rendered:
                if posted:
                    await self._api.another(tenant, place)
                posted.append(message_id(place, await self._api.send(tenant, place, activity)))
        except (TryAgain, Undeliverable):
            await self.withdraw(tenant, posted)
            raise
        except Refused as fault:
            await self.withdraw(tenant, posted)
            raise Undeliverable(str(fault)) from fault
        return tuple(posted)

    async def _put(self, tenant: str, messages: tuple[str, ...], rendered: Sequence[Json]) -> tuple[str, ...]:
        place = read_id(messages[0])[0]
        shown: list[str] = []
        try:
            for old, activity in zip(messages, rendered, strict=False):
                if shown:
                    await self._api.another(tenant, place)
                await self._api.update(tenant, place, read_id(old)[1], activity)
                shown.append(old)
        except MessageGone:
            await self.withdraw(tenant, messages)
            raise
        except Refused as fault:
            raise Undeliverable(str(fault)) from fault
        more = await self._send(tenant, place, rendered[len(messages) :])
        await self.withdraw(tenant, messages[len(rendered) :])
        return (*shown, *more)


def message_id(place: Place, activity: str) -> str:
    """Return what a message is found by again."""
    return _APART.join((place.service_url, place.conversation, activity))


def read_id(message: str) -> tuple[Place, str]:
    """Return the conversation and the activity of a message."""
    service_url, conversation, activity = message.split(_APART)
    return Place(service_url, conversation), activity
