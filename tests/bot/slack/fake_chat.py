"""chat.*: messages on people's screens, and the addresses through which an interaction is answered."""

import secrets
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.bot.slack.checks import message_faults
from tests.bot.slack.fake_files import pictures
from tests.bot.slack.fake_state import Arguments, Call, FakeState, Message, Refusal, dm_of

RESPONSES = 5


class ChatMethods(FakeState):
    """Messages."""

    def response_url(self, user: str, channel: str, ts: str = "") -> str:
        """Return an address for five answers."""
        name = secrets.token_hex(8)
        self._responses[name] = (user, channel, ts, RESPONSES)
        return f"{self.url}/response/{name}"

    def screen(self, user: str, channel: str = "") -> list[Message]:
        """Return what a person sees in a channel, by default his conversation with the bot."""
        where = channel or dm_of(user)
        return [m for m in self.messages if m.channel == where and m.only_for in {"", user}]

    def show(self, user: str, channel: str, message: Mapping[str, Any], *, ephemeral: bool) -> Message:
        """Put a message on the screen, after a look at it."""
        self.check(message_faults(message))
        if not ephemeral and not channel.startswith("D") and any(pictures(message)):
            self.check([f"a picture where others read: {channel}"])
        shown = Message(
            channel, self._ts(), message["text"], list(message.get("blocks") or []), user if ephemeral else ""
        )
        self.messages.append(shown)
        return shown

    # --- methods

    def _chat_postMessage(self, a: Arguments) -> dict[str, Any]:  # noqa: N802 - Slack's name
        channel = self._channel(a["channel"])
        shown = self.show(a["channel"], channel, a, ephemeral=False)
        return {"channel": channel, "ts": shown.ts}

    def _chat_postEphemeral(self, a: Arguments) -> dict[str, Any]:  # noqa: N802 - Slack's name
        if a["user"] not in self.users:
            raise Refusal("user_not_in_channel")
        shown = self.show(a["user"], self._channel(a["channel"]), a, ephemeral=True)
        return {"message_ts": shown.ts}

    def _chat_update(self, a: Arguments) -> dict[str, Any]:
        if a["channel"] in self.closed_channels:
            raise Refusal("is_inactive")
        message = self._message(a)
        self.check(message_faults(a))
        message.text, message.blocks = a["text"], a["blocks"]
        return {"channel": message.channel, "ts": message.ts}

    def _chat_delete(self, a: Arguments) -> dict[str, Any]:
        message = self._message(a)
        self.messages.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    async def _respond(self, request: web.Request) -> web.Response:
        name, message = request.match_info["id"], await request.json()
        user, channel, ts, left = self._responses.get(name, ("", "", "", 0))
        self.calls.append(Call("response_url", message))
        if "response_url" in self.gates:
            await self.gates["response_url"].wait()
        if self.faults["response_url"]:
            fault = self.faults["response_url"].pop(0)
            return web.Response(status=fault.status, text=fault.error)
        if not left:
            return web.Response(status=404, text="used_url")
        if not self.files.readable(message):
            return web.Response(status=404, text='{"ok":false,"error":"invalid_blocks"}')
        self._responses[name] = (user, channel, ts, left - 1)
        if message.get("replace_original"):
            self.check(message_faults(message))
            old = next((m for m in self.messages if (m.channel, m.ts) == (channel, ts)), None)
            if old is None:
                return web.Response(status=404, text="message_not_found")
            old.text, old.blocks = message["text"], message["blocks"]
        else:
            self.show(user, channel, message, ephemeral=message.get("response_type", "ephemeral") == "ephemeral")
        return web.Response(text="ok")

    # --- helpers

    def _channel(self, channel: str) -> str:
        if channel in self.closed_channels:
            raise Refusal("is_archived")
        if channel.startswith("U"):
            user = self.users.get(channel)
            if user is None:
                raise Refusal("channel_not_found")
            if user["deleted"]:
                raise Refusal("user_disabled")
            return dm_of(channel)
        return channel

    def _message(self, a: Arguments) -> Message:
        for message in self.messages:
            if (message.channel, message.ts) == (a["channel"], a["ts"]) and not message.only_for:
                return message
        raise Refusal("message_not_found")

    def _ts(self) -> str:
        return f"1769000000.{self._next():06}"
