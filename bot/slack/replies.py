"""Saying something to one person: where he asked, for him alone, or else in his own conversation with the bot."""

from collections.abc import Sequence
from typing import Any

from bot.patience import patiently
from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.slack.api import UNREAD, Api, Refused
from bot.slack.blocks import Block
from bot.slack.files import Files
from bot.slack.inbound import Origin
from bot.slack.messenger import body
from bot.slack.render import Message, render
from handlers.ui import Card


def ephemeral(message: Message) -> Block:
    """Return a message that only the person sees, as the answer to a slash command."""
    return {**body(message), "response_type": "ephemeral", "replace_original": False}


class Replies:
    """Sends cards as answers; small faults of Slack's are waited out."""

    def __init__(self, api: Api, files: Files) -> None:
        self._api = api
        self._files = files

    async def tell(self, origin: Origin, card: Card) -> None:
        """Answer the person alone. Raises as the messenger does when nothing reaches him."""
        await self.send(origin, render(card, await self._files.drawn(card.body)))

    async def send(self, origin: Origin, messages: Sequence[Message]) -> None:
        """Send messages to the person alone, in order."""
        for message in messages:
            await self._send(origin, message)

    async def say(self, channel: str, card: Card, **more: Any) -> None:
        """Send a card where everybody in the channel (or the person in a direct message) reads it, in words alone."""
        for message in render(card):
            await self._call("chat.postMessage", channel=channel, **body(message), **more)

    async def replace(self, origin: Origin, card: Card) -> None:
        """Put the card in the place of the message that was clicked; what it does not hold follows.

        What everybody in a channel reads is left alone: the answer is for who clicked.
        """
        among_others = origin.message_ts and not origin.ephemeral and not origin.channel.startswith("D")
        if among_others or not (origin.message_ts or origin.response_url):  # a form that was sent has no message
            await self.tell(origin, card)
            return
        first, *rest = render(card, await self._files.drawn(card.body))
        try:
            await self._files.show(first, lambda message: self._replace(origin, message))
        except (Refused, MessageGone, Undeliverable):
            rest = [first, *rest]
        await self.send(origin, rest)

    async def _replace(self, origin: Origin, message: Message) -> None:
        if origin.channel and origin.message_ts and not origin.ephemeral:
            await self._call("chat.update", channel=origin.channel, ts=origin.message_ts, **body(message))
        else:
            changed = {**body(message), "replace_original": True}
            await patiently(lambda: self._api.respond(origin.response_url, changed))

    async def _send(self, origin: Origin, message: Message) -> None:
        await self._files.show(message, lambda wanted: self._say_alone(origin, wanted))

    async def _say_alone(self, origin: Origin, message: Message) -> None:
        """Send one message to the person alone, by the first way that is open."""
        if origin.response_url:
            try:
                await patiently(lambda: self._api.respond(origin.response_url, ephemeral(message)))
            except (Refused, TryAgain) as fault:
                _unless_unread(message, fault)  # used up or out of time: it is said in another way
            else:
                return
        if origin.channel and not origin.channel.startswith("D"):
            thread = {"thread_ts": origin.thread_ts} if origin.thread_ts else {}
            try:
                where = {"channel": origin.channel, "user": origin.user, **thread}
                await self._call("chat.postEphemeral", **where, **body(message))
            except (Refused, MessageGone, Undeliverable) as fault:
                _unless_unread(message, fault)  # he or the bot has left the channel
            else:
                return
        await self._call("chat.postMessage", channel=origin.user, **body(message))

    async def _call(self, method: str, **arguments: Any) -> None:
        await patiently(lambda: self._api.call(method, **arguments))


def _unless_unread(message: Message, fault: Exception) -> None:
    """Let the next way be tried, but not when Slack only wants time to read a picture."""
    if message.files and isinstance(fault, Refused) and fault.error == UNREAD:
        raise fault
