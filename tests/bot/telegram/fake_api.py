"""The Bot API on loopback: it behaves as Telegram's does, remembers everything, and says what Telegram would refuse."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.bot.telegram.checks import SECRET, Arguments, Refused, check_commands
from tests.bot.telegram.fake_chats import OTHER_KIND, SAME, UNDELETABLE, ChatMethods
from tests.bot.telegram.fake_state import BOT_ID, BOT_NAME, TOKEN, Call, Group, Message

__all__ = ["BOT", "BOT_ID", "BOT_NAME", "TOKEN", "FakeTelegram", "Group", "Message"]

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_UNKNOWN = ("message to edit not found", "message to delete not found", "chat not found")
USUAL = {SAME, OTHER_KIND, TOO_OLD, UNDELETABLE, *_UNKNOWN}
"""Refusals that a bot must reckon with: no violation."""
_LONGEST_POLL = 1.0


@dataclass
class FakeTelegram(ChatMethods):
    """Telegram; a method `sendMessage` is the function `_sendmessage`."""

    # --- its own life

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application(client_max_size=60 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/"

    async def stop(self) -> None:
        """Close every connection."""
        for gate in self.gates.values():
            gate.set()
        await self._runner.cleanup()

    # --- what tests arrange

    def add_group(self, chat: int, title: str, *members: int) -> Group:
        """Let there be a group that the bot and these people are in."""
        self.groups[chat] = Group(chat, title, {BOT_ID: "member", **dict.fromkeys(members, "member")})
        return self.groups[chat]

    def tell(self, update: dict[str, Any]) -> None:
        """Keep an update until the bot asks for it."""
        self.updates.append(update)
        self.arrived.set()

    async def answered_with(self, body: str) -> None:
        """Call the method that the answer to an update asks for, if it asks for one."""
        if body:
            call = json.loads(body)
            await self._called(call.pop("method"), call)

    # --- HTTP

    async def _serve(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        if request.match_info["token"] != TOKEN:
            return _refusal(Refused("Unauthorized", 401))
        return await self._called(method, arguments)

    async def _called(self, method: str, arguments: Arguments) -> web.Response:
        if method != "getUpdates":
            self.calls.append(Call(method, arguments))
        if method in self.gates:
            await self.gates[method].wait()
        if self.faults[method]:
            fault = self.faults[method].pop(0)
            if fault.code >= 500:
                return web.Response(status=fault.code, text="<html>Bad Gateway</html>", content_type="text/html")
            return _refusal(fault)
        if method == "getUpdates":
            return await self._updates(arguments)
        found: Callable[[Arguments], Any] | None = getattr(self, f"_{method.lower()}", None)
        if found is None:
            self.violations.append(f"{method}: unknown")
            return _refusal(Refused("Not Found", 404))
        try:
            return web.json_response({"ok": True, "result": found(arguments)})
        except Refused as refusal:
            if refusal.code == 400 and str(refusal) not in USUAL and not refusal.parameters:
                self.violations.append(f"{method}: {refusal}")
            return _refusal(refusal)

    async def _updates(self, a: Arguments) -> web.Response:
        """Wait for updates as long as it is asked, and forget those before the offset."""
        if self.webhook:
            return _refusal(Refused("Conflict: can't use getUpdates method while webhook is active", 409))
        offset = int(a.get("offset") or 0)
        self.updates = [u for u in self.updates if u["update_id"] >= offset]
        if not self.updates:
            self.arrived.clear()
            self.polling += 1
            self.most_polling = max(self.most_polling, self.polling)
            try:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.arrived.wait(), min(float(a.get("timeout") or 0), _LONGEST_POLL))
            finally:
                self.polling -= 1
        return web.json_response({"ok": True, "result": self.updates[: int(a.get("limit") or 100)]})

    async def _file(self, request: web.Request) -> web.Response:
        content = self.uploads.get(request.match_info["path"])
        return web.Response(body=content) if content is not None else web.Response(status=404)

    # --- methods

    def _getme(self, _: Arguments) -> dict[str, Any]:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False}

    def _setwebhook(self, a: Arguments) -> bool:
        if not str(a["url"]).startswith("https://"):
            raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
        if "secret_token" in a and not SECRET.fullmatch(a["secret_token"]):
            raise Refused("bad webhook: secret token contains unallowed characters")
        self.webhook = dict(a)
        return True

    def _deletewebhook(self, a: Arguments) -> bool:
        self.webhook = {}
        if a.get("drop_pending_updates"):
            self.updates = []
        return True

    def _getwebhookinfo(self, _: Arguments) -> dict[str, Any]:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }

    def _setmycommands(self, a: Arguments) -> bool:
        check_commands(a["commands"])
        scope = (a.get("scope") or {}).get("type", "default")
        self.commands[f"{scope}:{a.get('language_code') or ''}"] = list(a["commands"])
        return True

    def _getchat(self, a: Arguments) -> dict[str, Any]:
        chat = self._chat(a)
        group = self.groups.get(chat)
        told = {"id": chat, "type": "supergroup", "title": group.title} if group else {"id": chat, "type": "private"}
        return {**told, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}

    def _getchatmember(self, a: Arguments) -> dict[str, Any]:
        user, group = int(a["user_id"]), self.groups.get(self._chat(a))
        status = group.members.get(user, "left") if group else "left"
        return {"status": status, "user": {"id": user, "is_bot": user == BOT_ID, "first_name": "X"}}

    def _leavechat(self, a: Arguments) -> bool:
        self.groups.pop(self._chat(a), None)
        return True

    def _getfile(self, a: Arguments) -> dict[str, Any]:
        content = self.uploads.get(a["file_id"])
        if content is None:
            raise Refused("wrong file_id or the file is temporarily unavailable")
        return {
            "file_id": a["file_id"],
            "file_unique_id": a["file_id"],
            "file_size": len(content),
            "file_path": a["file_id"],
        }


BOT = {"id": BOT_ID, "is_bot": True, "first_name": "rdv", "username": BOT_NAME}
_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


async def _arguments(request: web.Request) -> Arguments:
    """Return what a method is called with: what is no text is sent as JSON, files as parts."""
    if "json" in request.content_type:
        return dict(await request.json())
    found: Arguments = dict(request.query)
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            found[name] = (value.filename, value.file.read())
        else:
            found[name] = _read(name, str(value))
    for name, value in list(found.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            found[name] = found[value.removeprefix("attach://")]
    return found


_TEXTS = {
    "text",
    "caption",
    "url",
    "secret_token",
    "callback_query_id",
    "file_id",
    "photo",
    "document",
    "language_code",
}


def _read(name: str, value: str) -> Any:
    if name in _TEXTS:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _refusal(fault: Refused) -> web.Response:
    prefix = "" if str(fault).startswith("Forbidden") or fault.code != 400 else "Bad Request: "
    told: dict[str, Any] = {"ok": False, "error_code": fault.code, "description": f"{prefix}{fault}"}
    if fault.parameters:
        told["parameters"] = fault.parameters
    return web.json_response(told, status=fault.code)
