"""The Bot Connector on loopback, with its keys and its login: it behaves as Teams' does, and says what is refused.

It signs what it sends as the Bot Service does, with a key of its own.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

import bot.teams.sdk  # noqa: F401 - brings the SDK without the warnings of its import
from bot.settings import TeamsSettings
from tests.bot.teams.checks import activity_faults
from tests.bot.teams.fake_state import CLIENT, SECRET, TENANT, Call, Fault, Json, Member, Message, State

ISSUER = "https://api.botframework.com"
KEY_ID = "loopback"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_HANG = 0

Handler = Callable[[web.Request, Json], Any]


def bot_token() -> str:
    """Return what the bot shows to the connector."""
    return sign({"aud": ISSUER, "appid": CLIENT})


def sign(claims: Json, *, key: rsa.RSAPrivateKey = _KEY, kid: str = KEY_ID, without: str = "") -> str:
    """Return a token that is good for an hour, unless the claims say otherwise; `without` is one that it lacks."""
    now = int(time.time())
    known = {"iss": ISSUER, "aud": CLIENT, "iat": now - 10, "nbf": now - 10, "exp": now + 3600}
    said = {name: value for name, value in {**known, **claims}.items() if name != without}
    return jwt.encode(said, key, algorithm="RS256", headers={"kid": kid})


class FakeTeams(State):
    """Teams, as far as a bot can tell."""

    async def start(self) -> None:
        """Listen on a free port of loopback."""
        app = web.Application(client_max_size=10 * 1024 * 1024)
        place = "/v3/conversations/{conversation}"
        for method, path, name, handler in (
            ("POST", "/v3/conversations", "create", self._create),
            ("POST", place + "/activities", "send", self._send),
            ("PUT", place + "/activities/{activity}", "update", self._update),
            ("DELETE", place + "/activities/{activity}", "delete", self._delete),
            ("GET", place + "/members/{member}", "member", self._member),
            ("GET", "/v3/teams/{team}", "team", self._team),
            ("GET", "/v3/teams/{team}/conversations", "channels", self._channels),
        ):
            app.router.add_route(method, path, self._route(name, handler))
        app.router.add_get("/v1/.well-known/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self.fetched_keys = 0
        self.logins = 0

    async def stop(self) -> None:
        """Close every connection."""
        await self._runner.cleanup()

    @property
    def service_url(self) -> str:
        """Where the bot answers."""
        return f"{self.url}/"

    def settings(self, **changes: Any) -> TeamsSettings:
        """Return the settings of a bot that is connected here."""
        known: Json = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "tenant_id": TENANT,
            "keys_url": f"{self.url}/v1/.well-known/openidconfiguration",
            "login_url": self.url,
            "service_url": self.service_url,
        }
        return TeamsSettings(**{**known, **changes})

    def token(self, **claims: Any) -> str:
        """Return what the Bot Service shows to the bot."""
        return sign({"serviceurl": self.service_url, **claims})

    # --- HTTP

    def _route(self, name: str, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def serve(request: web.Request) -> web.Response:
            body: Json = await request.json() if request.can_read_body else {}
            self.calls.append(Call(name, request.match_info.get("conversation", ""), body))
            waiting = self.faults.get(name)
            if waiting:
                return await _failed(waiting.pop(0))
            if not self._admitted(request):
                return _refusal(401, "Unauthorized")
            found = handler(request, body)
            return found if isinstance(found, web.Response) else web.json_response(found)

        return serve

    def _admitted(self, request: web.Request) -> bool:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            return self.open_to_all
        jwt.decode(token, _KEY.public_key(), algorithms=["RS256"], audience=ISSUER)
        return True

    open_to_all = False
    """Whether it asks for no token, as a Teams client on the same machine."""

    async def _keys(self, _: web.Request) -> web.Response:
        self.fetched_keys += 1
        waiting = self.faults.get("keys")
        if waiting:
            return await _failed(waiting.pop(0))
        key = RSAAlgorithm.to_jwk(_KEY.public_key(), as_dict=True)
        return web.json_response({"keys": [{**key, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]})

    async def _token(self, request: web.Request) -> web.Response:
        """Do as Entra does: it knows one secret."""
        self.logins += 1
        waiting = self.faults.get("login")
        if waiting:
            return await _failed(waiting.pop(0))
        asked = dict(await request.post())
        known = request.match_info["tenant"] == TENANT and (asked["client_id"], asked["client_secret"]) == (
            CLIENT,
            SECRET,
        )
        if not known or asked["grant_type"] != "client_credentials" or asked["scope"] != f"{ISSUER}/.default":
            return web.json_response({"error": "invalid_client", "error_description": "AADSTS7000215"}, status=401)
        return web.json_response({"token_type": "Bearer", "access_token": bot_token(), "expires_in": 3599})

    # --- what the connector does

    def _create(self, _: web.Request, body: Json) -> Any:
        (wanted,) = body["members"]
        member = self._known(wanted["id"])
        if body["tenantId"] != body["channelData"]["tenant"]["id"] or body["isGroup"]:
            self.violations.append(f"create: {body}")
        if member is None or member.object_id not in self.installed or member.tenant != body["tenantId"]:
            return _refusal(403, "ForbiddenOperationException")
        return {"id": self.open_private(member).id}

    def _send(self, request: web.Request, body: Json) -> Any:
        conversation = request.match_info["conversation"]
        if conversation.partition(";")[0] not in self.conversations:
            return _refusal(404, "ConversationNotFound")
        self._check("send", body)
        number = next(self.numbers)
        message = Message(f"17690{number:05}", conversation, number, body)
        self.messages.append(message)
        return {"id": message.id}

    def _update(self, request: web.Request, body: Json) -> Any:
        message = self._message(request)
        if message is None:
            return _refusal(404, "ActivityNotFoundInConversation")
        self._check("update", body)
        message.activity = body
        message.edits += 1
        return {"id": message.id}

    def _delete(self, request: web.Request, _: Json) -> Any:
        message = self._message(request)
        if message is None:
            return _refusal(404, "ActivityNotFoundInConversation")
        self.messages.remove(message)
        return {}

    def _member(self, request: web.Request, _: Json) -> Any:
        conversation = self.conversations.get(request.match_info["conversation"].partition(";")[0])
        member = self._known(request.match_info["member"])
        if conversation is None or member is None or member.object_id not in conversation.members:
            return _refusal(404, "MemberNotFoundInConversation")
        return member.json()

    def _team(self, request: web.Request, _: Json) -> Any:
        found = [c for c in self.conversations.values() if c.team == request.match_info["team"]]
        return {"id": found[0].team, "name": found[0].title} if found else _refusal(404, "NotFound")

    def _channels(self, request: web.Request, _: Json) -> Any:
        found = [c for c in self.conversations.values() if c.team == request.match_info["team"]]
        return {"conversations": [{"id": c.id} | ({"name": c.channel} if c.channel else {}) for c in found]}

    def _known(self, member_id: str) -> Member | None:
        return next((m for m in self.members.values() if member_id in {m.id, m.object_id}), None)

    def _message(self, request: web.Request) -> Message | None:
        wanted = request.match_info["activity"]
        return next((m for m in self.messages if m.id == wanted), None)

    def _check(self, call: str, activity: Json) -> None:
        self.violations += [f"{call}: {fault}" for fault in activity_faults(activity)]


async def _failed(fault: Fault) -> web.Response:
    if fault.status == _HANG:
        await asyncio.sleep(60)
    answer = _refusal(fault.status, fault.code)
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def _refusal(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "what was sent"}}, status=status)
