"""Slack's Web API on loopback: it behaves as Slack's does, remembers everything, and says what Slack would refuse."""

import asyncio
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.slack.scopes import SCOPES
from tests.bot.slack.checks import message_faults, view_faults
from tests.bot.slack.fake_files import FakeFiles, pictures

TEAM, BOT_USER, BOT, APP = "T0RDV", "U0BOT", "B0BOT", "A0RDV"
TRIGGER_SECONDS, RESPONSES = 3.0, 5
NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
    "users.lookupByEmail": "users:read.email",
}
Arguments = dict[str, Any]


@dataclass
class Call:
    """One call of a method."""

    method: str
    arguments: Arguments


@dataclass
class Message:
    """One message on somebody's screen."""

    channel: str
    ts: str
    text: str
    blocks: list[dict[str, Any]]
    only_for: str = ""


@dataclass
class Modal:
    """One open modal of a person's."""

    id: str
    user: str
    hash: str
    view: dict[str, Any]


@dataclass
class Fault:
    """What a method answers instead of working."""

    error: str
    status: int = 200
    retry_after: float | None = None


class Refusal(Exception):
    """`ok: false`, with Slack's word for it."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.more = more


@dataclass
class FakeSlack:
    """The workspace; `faults` are answered first, in order, and `gates` hold a method until they are opened."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    modals: dict[str, Modal] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=lambda: set(SCOPES))
    url: str = ""
    closed_channels: set[str] = field(default_factory=set)
    files: FakeFiles = field(default_factory=FakeFiles)
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acks: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)
    _responses: dict[str, tuple[str, str, str, int]] = field(default_factory=dict)
    _count: int = 0
    _runner: web.AppRunner | None = None

    # --- its own life

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._serve)
        app.router.add_post("/response/{id}", self._respond)
        app.router.add_post("/upload/{id}", self._upload)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Close every connection."""
        for gate in self.gates.values():
            gate.set()
        for socket in self.sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- what tests arrange and ask

    def add_user(self, user_id: str, email: str, **more: object) -> None:
        """Add a member."""
        profile = {"email": email} if email else {}
        whole = {"id": user_id, "team_id": TEAM, "deleted": False, "is_bot": False, "is_email_confirmed": True}
        self.users[user_id] = {**whole, "profile": profile, **more}

    def trigger(self, user: str) -> str:
        """Return a trigger_id, good once and for three seconds."""
        name = f"{self._next()}.{secrets.token_hex(8)}"
        self._triggers[name] = (user, time.monotonic())
        return name

    def expire(self, trigger: str) -> None:
        """Let three seconds pass for a trigger."""
        user, _ = self._triggers[trigger]
        self._triggers[trigger] = (user, time.monotonic() - TRIGGER_SECONDS)

    def response_url(self, user: str, channel: str, ts: str = "") -> str:
        """Return an address for five answers."""
        name = secrets.token_hex(8)
        self._responses[name] = (user, channel, ts, RESPONSES)
        return f"{self.url}/response/{name}"

    def fail(self, method: str, error: str, *, times: int = 1, status: int = 200, after: float | None = None) -> None:
        """Let the next calls of a method fail."""
        self.faults[method] += [Fault(error, status, after)] * times

    def hold(self, method: str) -> asyncio.Event:
        """Let a method answer only when the event is set."""
        return self.gates.setdefault(method, asyncio.Event())

    def screen(self, user: str, channel: str = "") -> list[Message]:
        """Return what a person sees in a channel, by default his conversation with the bot."""
        where = channel or dm_of(user)
        return [m for m in self.messages if m.channel == where and m.only_for in {"", user}]

    def modal_of(self, user: str) -> Modal | None:
        """Return the modal that is open on somebody's screen, the topmost."""
        found = [m for m in self.modals.values() if m.user == user]
        return found[-1] if found else None

    def called(self, method: str) -> list[Arguments]:
        """Return the arguments of every call of a method."""
        return [c.arguments for c in self.calls if c.method == method]

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

    def check(self, faults: list[str]) -> None:
        """Remember what Slack would refuse."""
        self.violations += faults

    def open_modal(self, user: str, view: Mapping[str, Any], view_id: str = "") -> Modal:
        """Show a modal, or another in its place."""
        self.check(view_faults(view))
        modal = Modal(view_id or f"V{self._next()}", user, f"{self._next()}.{secrets.token_hex(4)}", dict(view))
        self.modals[modal.id] = modal
        return modal

    async def deliver(self, kind: str, payload: Mapping[str, Any], **more: object) -> dict[str, Any]:
        """Send something down the socket; return what it is acknowledged with."""
        await self.connected.wait()
        envelope = secrets.token_hex(8)
        self.acks[envelope] = asyncio.get_running_loop().create_future()
        sent = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": True, **more}
        await self.sockets[-1].send_json(sent)
        return await asyncio.wait_for(self.acks[envelope], 20)

    # --- HTTP

    async def _serve(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if "json" in request.content_type:
            arguments = await request.json()
        else:
            arguments = {**request.query, **(await request.post())}
        self.calls.append(Call(method, dict(arguments)))
        if method in self.gates:
            await self.gates[method].wait()
        if self.faults[method]:
            fault = self.faults[method].pop(0)
            headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
            if fault.status >= 500:
                return web.Response(status=fault.status, text=fault.error, content_type="text/html")
            return web.json_response({"ok": False, "error": fault.error}, status=fault.status, headers=headers)
        if not request.headers.get("Authorization", "").startswith("Bearer x"):
            return web.json_response({"ok": False, "error": "not_authed"})
        needed = NEEDS.get(method)
        if needed and needed not in self.scopes:
            return web.json_response({"ok": False, "error": "missing_scope", "needed": needed})
        found: Callable[[Arguments], dict[str, Any]] | None = getattr(self, f"_{method.replace('.', '_')}", None)
        if found is None:
            return web.json_response({"ok": False, "error": "unknown_method"})
        if not self.files.readable(arguments):
            return web.json_response({"ok": False, "error": "invalid_blocks"})
        try:
            return web.json_response({"ok": True, **found(dict(arguments))})
        except Refusal as refusal:
            return web.json_response({"ok": False, "error": str(refusal), **refusal.more})

    async def _respond(self, request: web.Request) -> web.Response:
        name, message = request.match_info["id"], await request.json()
        user, channel, ts, left = self._responses.get(name, ("", "", "", 0))
        self.calls.append(Call("response_url", message))
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

    async def _upload(self, request: web.Request) -> web.Response:
        self.calls.append(Call("upload", {"id": request.match_info["id"]}))
        if self.faults["upload"]:
            fault = self.faults["upload"].pop(0)
            return web.Response(status=fault.status, text=fault.error)
        return web.Response(status=self.files.receive(request.match_info["id"], await request.read()))

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.connected.set()
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                answer = json.loads(message.data)
                waiting = self.acks.get(answer.get("envelope_id", ""))
                if waiting is not None and not waiting.done():
                    waiting.set_result(answer.get("payload") or {})
        return socket

    # --- methods

    def _auth_test(self, _: Arguments) -> dict[str, Any]:
        return {"team_id": TEAM, "team": "RDV", "user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}

    def _apps_connections_open(self, _: Arguments) -> dict[str, Any]:
        return {"url": f"{self.url.replace('http', 'ws')}/socket"}

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
        message = self._message(a)
        self.check(message_faults(a))
        message.text, message.blocks = a["text"], a["blocks"]
        return {"channel": message.channel, "ts": message.ts}

    def _chat_delete(self, a: Arguments) -> dict[str, Any]:
        message = self._message(a)
        self.messages.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def _views_open(self, a: Arguments) -> dict[str, Any]:
        user = self._spend(a["trigger_id"])
        for modal in [m for m in self.modals.values() if m.user == user]:
            del self.modals[modal.id]
        return {"view": self._shown(self.open_modal(user, a["view"]))}

    def _views_push(self, a: Arguments) -> dict[str, Any]:
        return {"view": self._shown(self.open_modal(self._spend(a["trigger_id"]), a["view"]))}

    def _views_update(self, a: Arguments) -> dict[str, Any]:
        modal = self.modals.get(a["view_id"])
        if modal is None:
            raise Refusal("not_found")
        if a.get("hash") and a["hash"] != modal.hash:
            raise Refusal("hash_conflict")
        return {"view": self._shown(self.open_modal(modal.user, a["view"], modal.id))}

    def _files_getUploadURLExternal(self, a: Arguments) -> dict[str, Any]:  # noqa: N802 - Slack's name
        file = self.files.begin(a["filename"], int(a["length"]))
        return {"upload_url": f"{self.url}/upload/{file.id}", "file_id": file.id}

    def _files_completeUploadExternal(self, a: Arguments) -> dict[str, Any]:  # noqa: N802 - Slack's name
        channel = a.get("channel_id", "")
        if channel and channel not in {dm_of(user) for user in self.users}:
            raise Refusal("invalid_channel")
        if not self.files.complete(a["files"], channel):
            raise Refusal("file_not_found")
        return {"files": a["files"]}

    def _users_info(self, a: Arguments) -> dict[str, Any]:
        if a["user"] not in self.users:
            raise Refusal("user_not_found")
        user = self.users[a["user"]]
        seen = user if "users:read.email" in self.scopes else {**user, "profile": {}}
        return {"user": seen}

    def _users_lookupByEmail(self, a: Arguments) -> dict[str, Any]:  # noqa: N802 - Slack's name
        for user in self.users.values():
            if user["profile"].get("email") == a["email"]:
                return {"user": user}
        raise Refusal("users_not_found")

    # --- helpers

    def _spend(self, trigger: str) -> str:
        if trigger not in self._triggers:
            raise Refusal("invalid_trigger_id")
        if trigger in self._spent:
            raise Refusal("exchanged_trigger_id")
        user, at = self._triggers[trigger]
        if time.monotonic() - at >= TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        self._spent.add(trigger)
        return user

    def _shown(self, modal: Modal) -> dict[str, Any]:
        return {**modal.view, "id": modal.id, "hash": modal.hash}

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

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _ts(self) -> str:
        return f"1769000000.{self._next():06}"


def dm_of(user: str) -> str:
    """Return the channel of somebody's conversation with the bot."""
    return f"D{user[1:]}"


Deliver = Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]
