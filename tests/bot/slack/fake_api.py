"""Slack's Web API on loopback: it behaves as Slack's does, remembers everything, and says what Slack would refuse."""

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from tests.bot.slack.fake_chat import ChatMethods
from tests.bot.slack.fake_people import PeopleMethods
from tests.bot.slack.fake_state import (
    APP,
    BOT,
    BOT_USER,
    TEAM,
    Arguments,
    Call,
    Fault,
    Message,
    Modal,
    Refusal,
    dm_of,
)
from tests.bot.slack.fake_uploads import FileMethods
from tests.bot.slack.fake_views import ViewMethods

__all__ = ["APP", "BOT", "BOT_USER", "NEEDS", "TEAM", "FakeSlack", "Message", "Modal", "dm_of"]

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


@dataclass
class FakeSlack(ChatMethods, ViewMethods, PeopleMethods, FileMethods):
    """The workspace; a method `chat.update` is the function `_chat_update` of its family."""

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

    def fail(self, method: str, error: str, *, times: int = 1, status: int = 200, after: float | None = None) -> None:
        """Let the next calls of a method fail."""
        self.faults[method] += [Fault(error, status, after)] * times

    def hold(self, method: str) -> asyncio.Event:
        """Let a method answer only when the event is set."""
        return self.gates.setdefault(method, asyncio.Event())

    def called(self, method: str) -> list[Arguments]:
        """Return the arguments of every call of a method."""
        return [c.arguments for c in self.calls if c.method == method]

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
            granted = {"x-oauth-scopes": ",".join(sorted(self.scopes))}
            return web.json_response({"ok": True, **found(dict(arguments))}, headers=granted)
        except Refusal as refusal:
            return web.json_response({"ok": False, "error": str(refusal), **refusal.more})

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

    def _apps_connections_open(self, _: Arguments) -> dict[str, Any]:
        return {"url": f"{self.url.replace('http', 'ws')}/socket"}
