"""The tokens of the Bot Service: proof that an activity comes from it.

learn.microsoft.com: "Authentication with the Bot Connector API".
"""

import asyncio
from collections import OrderedDict
from time import monotonic, time
from typing import Any, Final

import jwt
import structlog

from bot.teams.sdk import CloudEnvironment, TokenValidator

KEPT: Final = 24 * 3600.0
"""Seconds until the keys are fetched anew: they change at most once a day, and an unknown one is asked for at once."""
AT_MOST_EACH: Final = 30.0
"""Seconds between two fetches, whatever keys are named."""
AGAIN: Final = 5.0
"""Seconds of rest after a fetch that failed."""
TIMEOUT: Final = 5.0
TRUSTED: Final = 300.0
"""Seconds for which a token that was checked is not checked again: the service uses one for many activities."""
MOST: Final = 64
_BEARER: Final = "Bearer "

log = structlog.get_logger()


class Forged(Exception):
    """No token, or not one of the Bot Service's for this bot and this service URL."""


class NoKeys(Exception):
    """The keys cannot be fetched now: nothing can be said of any token."""


class Verifier:
    """Checks tokens on the loop; keys are fetched in a thread, and not more often than every `AT_MOST_EACH` seconds."""

    def __init__(self, client_id: str, cloud: CloudEnvironment) -> None:
        """`client_id` is whom the tokens must be for; `cloud` says where their keys are."""
        self._validator = _Validator(client_id, cloud)
        self._fetching = asyncio.Lock()
        self._rests_until = 0.0
        self._failed = False
        self._checked: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def verify(self, authorization: str, service_url: str) -> None:
        """Return if the header holds a token for what comes from `service_url`. Raises Forged, NoKeys."""
        if not authorization.startswith(_BEARER) or not service_url:
            raise Forged
        token = authorization.removeprefix(_BEARER)
        if time() < self._checked.get((token, service_url), 0.0):
            return
        try:
            kid = str(jwt.get_unverified_header(token).get("kid") or "")
            if not (self._validator.keys.holds(kid) or await self._fetched(kid)):
                raise Forged
            claims = await self._validator.validate_token(token, service_url)
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as fault:
            raise Forged(type(fault).__name__) from fault
        if "exp" not in claims:  # the SDK looks at when it ends only where it says so
            raise Forged
        self._checked[token, service_url] = min(float(claims["exp"]), time() + TRUSTED)
        while len(self._checked) > MOST:
            self._checked.popitem(last=False)

    async def _fetched(self, kid: str) -> bool:
        """Fetch the keys, unless they just were; tell whether the key is among them. Raises NoKeys."""
        async with self._fetching:
            keys = self._validator.keys
            if not keys.holds(kid) and monotonic() >= self._rests_until:
                try:
                    await asyncio.to_thread(keys.get_signing_keys, refresh=True)
                    self._failed = False
                except Exception as fault:  # the network's, or what else may be at that address
                    log.warning("teams_keys_not_fetched", fault=type(fault).__name__)
                    self._failed = True
                self._rests_until = monotonic() + (AGAIN if self._failed else AT_MOST_EACH)
            if keys.holds(kid):
                return True
            if self._failed:
                raise NoKeys
            return False


class _Keys(jwt.PyJWKClient):
    """Knows whether a key is here already."""

    def holds(self, kid: str) -> bool:
        """Tell whether the key can be used without a fetch."""
        kept = self.jwk_set_cache.get() if self.jwk_set_cache is not None else None
        return kept is not None and any(key.key_id == kid and key.public_key_use in {"sig", None} for key in kept.keys)


class _Validator(TokenValidator):
    """The SDK's, for the Bot Service alone: other issuers' tokens would lead to keys that whoever writes them names."""

    def __init__(self, client_id: str, cloud: CloudEnvironment) -> None:
        options: Any = TokenValidator.for_service(client_id, cloud=cloud).options
        super().__init__(options)
        self.keys = _Keys(options.jwks_uri, lifespan=KEPT, timeout=TIMEOUT, cooldown_duration=AT_MOST_EACH)
        self._jwks_client = self.keys
