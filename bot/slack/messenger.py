"""Sends cards to people's direct messages with the bot, and replaces them. A message's id is "channel:ts"."""

from contextlib import suppress

from bot.ports import ChannelClosed, MessageGone, TryAgain, Undeliverable
from bot.slack.api import Api, Refused
from bot.slack.directory import Directory
from bot.slack.files import Files, downloads
from bot.slack.inbound import PLATFORM
from bot.slack.render import Message, render
from bot.slack.sharing import advice
from core.people import Account, Worker
from core.shares import Share
from handlers.ui import Card, Text


class SlackMessenger:
    """The messenger of one workspace."""

    platform = PLATFORM

    def __init__(self, api: Api, directory: Directory, files: Files) -> None:
        self._api = api
        self._directory = directory
        self._files = files

    async def turn(self, account: Account, *, replacing: bool) -> bool:
        """Wait until Slack's limits let the account be sent one message, or have one replaced."""
        if replacing:
            return await self._api.pace.turn("chat.update")
        return await self._api.pace.turn("chat.postMessage", account.external_id)

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Send the card, and the files that it gives after it; what was sent is taken back when the rest cannot be."""
        return await self._send(account.external_id, card)

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Put the card in the place of the messages; there may be more or fewer of them then."""
        return await self._put(account.external_id, messages, card)

    async def share(self, share: Share, card: Card) -> tuple[str, ...]:
        """Post the card to the share's channel, or put it in the place of its messages, when Slack's limits let us."""
        try:
            if share.messages:
                await self._api.pace.turn("chat.update")
                return await self._put(share.channel, share.messages, card)
            await self._api.pace.turn("chat.postMessage", share.channel)
            return await self._send(share.channel, card)
        except Undeliverable as fault:
            raise ChannelClosed(str(fault), advice(str(fault))) from fault

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Return the workspace and user id of the member with the worker's e-mail address."""
        if not worker.email:
            return None
        await self._api.pace.turn("users.lookupByEmail")
        return await self._directory.account_of(worker.email)

    async def _send(self, channel: str, card: Card) -> tuple[str, ...]:
        drawn = await self._files.drawn(card.body)
        posted: list[str] = []
        try:
            for message in render(card, drawn):
                if posted:
                    await self._api.pace.another("chat.postMessage", channel)
                posted.append(await self._post(channel, message))
            posted += await self._give(_channel(posted[0]), card)
        except (TryAgain, Undeliverable):
            await self._delete(posted)
            raise
        return tuple(posted)

    async def _put(self, channel: str, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        rendered = render(card, await self._files.drawn(card.body))
        shown: list[str] = []
        try:
            for old, message in zip(messages, rendered, strict=False):
                if shown:
                    await self._api.pace.another("chat.update")
                await self._update(old, message)
                shown.append(old)
            for message in rendered[len(messages) :]:
                await self._api.pace.another("chat.postMessage", channel)
                shown.append(await self._post(channel, message))
        except MessageGone:
            await self._delete(messages)
            raise
        except (TryAgain, Undeliverable):
            await self._delete(shown[len(messages) :])
            raise
        await self._delete(messages[len(rendered) :])
        return tuple(shown)

    async def _give(self, channel: str, card: Card) -> list[str]:
        """Share the files that a card gives; return the messages that hold, in words, what could not be shared."""
        told = []
        for file in downloads(card):
            if not await self._files.share(channel, file):
                words = render(Card(file.name, (Text(file.content),), neutral=card.neutral))
                told += [await self._post(channel, message) for message in words]
        return told

    async def _post(self, channel: str, message: Message) -> str:
        async def send(wanted: Message) -> str:
            answer = await self._api.call("chat.postMessage", channel=channel, **body(wanted))
            return f"{answer['channel']}:{answer['ts']}"

        try:
            return await self._files.show(message, send)
        except (Refused, MessageGone) as fault:
            raise Undeliverable(str(fault)) from fault

    async def _update(self, message_id: str, message: Message) -> None:
        channel, _, ts = message_id.partition(":")
        try:
            await self._files.show(
                message, lambda wanted: self._api.call("chat.update", channel=channel, ts=ts, **body(wanted))
            )
        except Refused as fault:
            raise Undeliverable(str(fault)) from fault

    async def _delete(self, messages: tuple[str, ...] | list[str]) -> None:
        """Delete messages, as far as Slack lets us: one left behind harms less than a card sent twice."""
        for message_id in messages:
            channel, _, ts = message_id.partition(":")
            with suppress(Refused, MessageGone, Undeliverable, TryAgain):
                await self._api.call("chat.delete", channel=channel, ts=ts)


def _channel(message_id: str) -> str:
    return message_id.partition(":")[0]


def body(message: Message) -> dict[str, object]:
    """Return a message as Slack's methods take it."""
    return {"text": message.text, "blocks": list(message.blocks), "unfurl_links": False, "unfurl_media": False}
