"""What stands at the other end of the platforms in the benches: it says yes to everything, and remembers nothing."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, Final

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER: Final = "https://api.botframework.com"
KEY_ID: Final = "bench"
CLIENT: Final = "b07b07b0-0000-4000-8000-0000000000b0"
TENANT: Final = "6f2d7c1e-0000-4000-8000-000000000001"


class Vendors:
    """Slack's Web API, Telegram's Bot API and Teams' connector on one port; it signs Teams' activities."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._numbers = count(1)
        self.url = ""

    def token(self) -> str:
        """Return what the Bot Service shows for an hour."""
        now = int(time.time())
        claims: dict[str, Any] = {"iss": ISSUER, "aud": CLIENT, "serviceurl": f"{self.url}/"}
        claims |= {"iat": now - 10, "nbf": now - 10, "exp": now + 3600}
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})

    def app(self) -> web.Application:
        """Return the server."""
        app = web.Application()
        app.router.add_get("/v1/.well-known/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._login)
        app.router.add_get("/v3/conversations/{conversation}/members/{member}", self._member)
        app.router.add_route("*", "/v3/{path:.*}", self._activity)
        app.router.add_post("/bot{token}/{method}", self._bot_api)
        app.router.add_route("*", "/api/{method}", self._web_api)
        return app

    async def _keys(self, _: web.Request) -> web.Response:
        key = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return web.json_response({"keys": [{**key, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]})

    async def _login(self, _: web.Request) -> web.Response:
        return web.json_response({"token_type": "Bearer", "access_token": "e30.e30.e30", "expires_in": 3599})

    async def _member(self, request: web.Request) -> web.Response:
        member = request.match_info["member"]
        known = {"id": member, "aadObjectId": member, "tenantId": TENANT, "userRole": "user"}
        return web.json_response({**known, "email": f"{member}@example.org"})

    async def _activity(self, _: web.Request) -> web.Response:
        return web.json_response({"id": f"{next(self._numbers)}"})

    async def _bot_api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == "getMe":
            found: Any = {"id": 7_000_000_001, "is_bot": True, "first_name": "rdv", "username": "rdv_bench_bot"}
        elif method.startswith("send"):
            chat = {"id": 1, "type": "private"}
            found = {"message_id": next(self._numbers), "date": 1_768_896_000, "chat": chat, "text": "…"}
        else:
            found = True
        return web.json_response({"ok": True, "result": found})

    async def _web_api(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "channel": "D1", "ts": f"{next(self._numbers)}.000100"})


@asynccontextmanager
async def vendors() -> AsyncIterator[Vendors]:
    """Let them answer on a free port of loopback."""
    found = Vendors()
    runner = web.AppRunner(found.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    found.url = f"http://{host}:{port}"
    try:
        yield found
    finally:
        await runner.cleanup()
