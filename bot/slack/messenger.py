"""Sends cards to people's direct messages with the bot, and replaces them. A message's id is "channel:ts"."""

from contextlib import suppress

from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.slack.api import Api, Refused
from bot.slack.directory import Directory
from bot.slack.inbound import PLATFORM
from bot.slack.render import Message, render
from core.people import Account, Worker
from handlers.ui import Card


class SlackMessenger:
    """The messenger of one workspace."""

    platform = PLATFORM

    def __init__(self, api: Api, directory: Directory) -> None:
        self._api = api
        self._directory = directory

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Send the card; what was sent of it is taken back when the rest cannot be."""
        posted: list[str] = []
        try:
            for message in render(card):
                posted.append(await self._post(account.external_id, message))  # noqa: PERF401 - what was sent counts
        except (TryAgain, Undeliverable):
            await self._delete(posted)
            raise
        return tuple(posted)

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Put the card in the place of the messages; there may be more or fewer of them then."""
        rendered = render(card)
        shown: list[str] = []
        try:
            for old, message in zip(messages, rendered, strict=False):
                await self._update(old, message)
                shown.append(old)
            for message in rendered[len(messages) :]:
                shown.append(await self._post(account.external_id, message))  # noqa: PERF401 - what was sent counts
        except MessageGone:
            await self._delete(messages)
            raise
        except (TryAgain, Undeliverable):
            await self._delete(shown[len(messages) :])
            raise
        await self._delete(messages[len(rendered) :])
        return tuple(shown)

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Return the workspace and user id of the member with the worker's e-mail address."""
        return await self._directory.account_of(worker.email) if worker.email else None

    async def _post(self, channel: str, message: Message) -> str:
        try:
            answer = await self._api.call("chat.postMessage", channel=channel, **body(message))
        except (Refused, MessageGone) as fault:
            raise Undeliverable(str(fault)) from fault
        return f"{answer['channel']}:{answer['ts']}"

    async def _update(self, message_id: str, message: Message) -> None:
        channel, _, ts = message_id.partition(":")
        try:
            await self._api.call("chat.update", channel=channel, ts=ts, **body(message))
        except Refused as fault:
            raise Undeliverable(str(fault)) from fault

    async def _delete(self, messages: tuple[str, ...] | list[str]) -> None:
        """Delete messages, as far as Slack lets us: one left behind harms less than a card sent twice."""
        for message_id in messages:
            channel, _, ts = message_id.partition(":")
            with suppress(Refused, MessageGone, Undeliverable, TryAgain):
                await self._api.call("chat.delete", channel=channel, ts=ts)


def body(message: Message) -> dict[str, object]:
    """Return a message as Slack's methods take it."""
    return {"text": message.text, "blocks": list(message.blocks), "unfurl_links": False, "unfurl_media": False}
