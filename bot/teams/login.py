"""The bot's own tokens: what it shows to the connector.

learn.microsoft.com: "Microsoft identity platform and the OAuth 2.0 client credentials flow".
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import structlog

from bot.ports import NotYet
from bot.teams.sdk import CloudEnvironment
from core.times import Clock

BEFORE: Final = timedelta(minutes=5)
"""How long before its end a token is no longer used."""
REST: Final = timedelta(seconds=10)
"""How long Entra is left alone after it gave none."""
PATIENCE: Final = 60.0
"""Seconds until what could not be sent for want of a token is tried again."""

log = structlog.get_logger()


class Login:
    """Asks Entra for a token, one request at a time, and keeps it until shortly before it expires."""

    def __init__(
        self, http: httpx.AsyncClient, clock: Clock, cloud: CloudEnvironment, known: tuple[str, str, str]
    ) -> None:
        """`known` is the bot's client id, its secret and its tenant; `http` has a time-out."""
        self._http = http
        self._clock = clock
        client_id, secret, tenant = known
        self._url = f"{cloud.login_endpoint}/{tenant or cloud.login_tenant}/oauth2/v2.0/token"
        self._asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
            "scope": cloud.bot_scope,
        }
        self._asking = asyncio.Lock()
        self._token = ""
        self._until: datetime = clock.now()
        self._rests_until: datetime = clock.now()

    async def token(self) -> str:
        """Return a token for the connector. Raises NotYet."""
        if self._is_good():
            return self._token
        async with self._asking:
            if self._is_good():
                return self._token
            if self._clock.now() < self._rests_until:
                raise NotYet("no token", PATIENCE)
            try:
                said = await self._ask()
                self._token = str(said["access_token"])
                self._until = self._clock.now() + timedelta(seconds=float(said["expires_in"])) - BEFORE
            except (httpx.HTTPError, OSError, ValueError, TypeError, KeyError) as fault:
                log.warning("teams_gives_no_token", fault=type(fault).__name__)
                self._rests_until = self._clock.now() + REST
                raise NotYet("no token", PATIENCE) from fault
            return self._token

    def forget(self) -> None:
        """Let go of a token that the connector refuses."""
        self._token = ""

    def _is_good(self) -> bool:
        return self._token != "" and self._clock.now() < self._until

    async def _ask(self) -> Any:
        response = await self._http.post(self._url, data=self._asked)
        response.raise_for_status()
        return response.json()
