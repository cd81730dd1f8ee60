"""Calls to Slack's Web API: one shared session, and Slack's errors in the words of `bot.ports`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.slack.blocks import Block

T = TypeVar("T")
TIMEOUT = 10
PATIENCE = 30.0
ATTEMPTS = 3
OVERLOADED = 500
RATE_LIMITED = 429
OK = 200
UNREAD = "invalid_blocks"
"""What Slack says of a message whose picture it has not read yet; its checks run after the upload."""

GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "cant_delete_message"})
UNREACHABLE = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "user_disabled",
        "user_is_restricted",
        "user_not_found",
        "user_not_visible",
    }
)
OURS_TO_MEND = frozenset(
    {"account_inactive", "invalid_auth", "missing_scope", "not_authed", "token_expired", "token_revoked"}
)

log = structlog.get_logger()


class Refused(Exception):
    """Slack refused a call for a reason that only its caller can judge: `error` is Slack's word for it."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def quiet_logger() -> logging.Logger:
    """Return the SDK's logger: below warnings it writes what people typed."""
    logger = logging.getLogger("rdv.slack")
    logger.setLevel(logging.WARNING)
    return logger


class Api:
    """The workspace's Web API, from `open` to `close`."""

    def __init__(self, token: str, url: str) -> None:
        self.client = AsyncWebClient(token=token, base_url=url, timeout=TIMEOUT, logger=quiet_logger())
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Open the session; called inside the running loop."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        self._session = self.client.session = aiohttp.ClientSession(timeout=timeout, trust_env=True)

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
        self._session = self.client.session = None

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Send JSON to a method. Raises Refused, MessageGone, Undeliverable, TryAgain."""
        return await _answered(method, lambda: self.client.api_call(method, json=arguments))

    async def ask(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call a method that reads, which takes no JSON. Raises as `call` does."""
        return await _answered(method, lambda: self.client.api_call(method, http_verb="GET", params=arguments))

    async def respond(self, url: str, message: Block) -> None:
        """Answer through a response_url. Raises Refused when it is used up, TryAgain."""
        status, said = await self._post("response_url", url, json=message)
        if status != OK or said.strip() not in {"ok", ""}:
            raise Refused(UNREAD if UNREAD in said else f"response_url: {status}")

    async def upload(self, url: str, content: bytes) -> None:
        """Send a file to the address that Slack gave for it. Raises Refused, TryAgain."""
        status, _ = await self._post("upload_url", url, data=content)
        if status != OK:
            raise Refused(f"upload_url: {status}")

    async def _post(self, what: str, url: str, **sent: Any) -> tuple[int, str]:
        """Return the status and the body of the answer; `what` names the address, which is secret."""
        if self._session is None:
            raise TryAgain("not started")
        try:
            async with self._session.post(url, **sent) as response:
                said = await response.text()
                if response.status == RATE_LIMITED or response.status >= OVERLOADED:
                    raise TryAgain(f"{what}: {response.status}", _seconds(response.headers))
                return response.status, said
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise TryAgain(f"{what}: {type(fault).__name__}") from fault


async def patiently(send: Callable[[], Awaitable[T]]) -> T:
    """Call `send` again after a passing fault, as long as Slack does not ask for much patience."""
    for attempt in range(1, ATTEMPTS):
        try:
            return await send()
        except TryAgain as fault:
            wait = fault.after if fault.after is not None else float(attempt)
            if wait > PATIENCE:
                raise
            await asyncio.sleep(wait)
    return await send()


async def _answered(method: str, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> Mapping[str, Any]:
    try:
        data = (await call()).data
    except SlackApiError as fault:
        raise _translated(method, fault) from fault
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        raise TryAgain(f"{method}: {type(fault).__name__}") from fault
    return data if isinstance(data, dict) else {}


def _translated(method: str, fault: SlackApiError) -> Exception:
    response = fault.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or OVERLOADED)
    data = getattr(response, "data", None)
    error = str(data.get("error") or "") if isinstance(data, Mapping) else ""
    if status == RATE_LIMITED or error in {"ratelimited", "rate_limited"}:
        return TryAgain(f"{method}: rate limited", _seconds(getattr(response, "headers", {})))
    if error in OURS_TO_MEND:
        needed = data.get("needed") if isinstance(data, Mapping) else None
        log.error("slack_refuses_the_app", method=method, error=error, needed=needed)
        return TryAgain(f"{method}: {error}", PATIENCE * 2)
    if error in GONE:
        return MessageGone(error)
    if error in UNREACHABLE:
        return Undeliverable(error)
    if status >= OVERLOADED or not error or error in {"internal_error", "fatal_error", "service_unavailable"}:
        return TryAgain(f"{method}: {error or status}")
    return Refused(error)


def _seconds(headers: Mapping[str, Any]) -> float | None:
    found: object = headers.get("Retry-After") or headers.get("retry-after")
    if isinstance(found, Sequence) and not isinstance(found, str) and found:
        found = found[0]
    try:
        return max(float(str(found)), 0.0) if found is not None else None
    except ValueError:
        return None
