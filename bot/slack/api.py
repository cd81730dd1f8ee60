"""Calls to Slack's Web API: one shared session, and Slack's errors in the words of `bot.ports`."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.patience import PATIENCE
from bot.ports import AccountGone, MessageGone, NotYet, TryAgain, Undeliverable
from bot.slack.blocks import Block
from bot.slack.pace import Pace

TIMEOUT = 10
OVERLOADED = 500
RATE_LIMITED = 429
OK = 200
UNREAD = "invalid_blocks"
"""What Slack says of a message whose picture it has not read yet; its checks run after the upload."""

MESSAGE_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "cant_delete_message"})
"""The card is posted anew."""
PERSON_GONE = frozenset({"user_disabled", "user_not_found"})
"""The account is not tried again while its worker has another."""
UNREACHABLE = frozenset(
    {
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
        "messages_tab_disabled",
        "not_in_channel",
        "restricted_action",
        "user_is_restricted",
        "user_not_visible",
    }
)
"""Another account of the worker's is tried, else the notice is set aside and the doctor says so."""
TOKEN_REFUSED = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
OURS_TO_MEND = TOKEN_REFUSED | {
    "ekm_access_denied",
    "missing_scope",
    "no_permission",
    "not_authed",
    "org_login_required",
    "team_added_to_org",
}
"""What waits goes on waiting: the doctor says what is to be mended, and one call in a while looks whether it was."""
TOO_FAST = frozenset({"ratelimited", "rate_limited"})
PASSING = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})

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


def new_session() -> aiohttp.ClientSession:
    """Return the session that every workspace calls through; made inside the running loop.

    The SDK's client reads the environment's proxy once: a session that trusts the environment would at each call.
    """
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))


class Api:
    """A workspace's Web API, as soon as it is given the session."""

    def __init__(self, token: str, url: str, pace: Pace, *, refused: Callable[[str], None] | None = None) -> None:
        """`pace` is the workspace's; `refused` is told Slack's word when it no longer takes our token."""
        self.client = AsyncWebClient(token=token, base_url=url, timeout=TIMEOUT, logger=quiet_logger())
        self.pace = pace
        self._session: aiohttp.ClientSession | None = None
        self._refused = refused

    def use(self, session: aiohttp.ClientSession | None) -> None:
        """Call through this session from now on; None: not at all."""
        self._session = self.client.session = session

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Send JSON to a method. Raises Refused, MessageGone, Undeliverable, TryAgain."""
        try:
            return await self._answered(method, lambda: self.client.api_call(method, json=arguments))
        finally:  # a form that somebody waits for is not held up by the counting
            self.pace.called(method, str(arguments.get("channel") or ""))

    async def ask(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call a method that reads, which takes no JSON. Raises as `call` does."""
        self.pace.called(method)
        return await self._answered(method, lambda: self.client.api_call(method, http_verb="GET", params=arguments))

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

    async def _answered(self, method: str, call: Callable[[], Awaitable[AsyncSlackResponse]]) -> Mapping[str, Any]:
        try:
            data = (await call()).data
        except SlackApiError as fault:
            error = _word(fault)
            if error in TOKEN_REFUSED and self._refused is not None:
                self._refused(error)
            translated = _translated(method, error, fault)
            if isinstance(translated, NotYet):
                await self.pace.hold_off(method, translated.after)
            raise translated from fault
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise TryAgain(f"{method}: {type(fault).__name__}") from fault
        return data if isinstance(data, dict) else {}

    async def _post(self, what: str, url: str, **sent: Any) -> tuple[int, str]:
        """Return the status and the body of the answer; `what` names the address, which is secret."""
        if self._session is None:
            raise TryAgain("not started")
        try:
            async with self._session.post(url, proxy=self.client.proxy, **sent) as response:
                said = await response.text()
                if response.status == RATE_LIMITED or response.status >= OVERLOADED:
                    raise TryAgain(f"{what}: {response.status}", _seconds(response.headers))
                return response.status, said
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise TryAgain(f"{what}: {type(fault).__name__}") from fault


def _word(fault: SlackApiError) -> str:
    """Return Slack's word for what is wrong, "" if it said none."""
    data = getattr(fault.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""


def _translated(method: str, error: str, fault: SlackApiError) -> Exception:
    response = fault.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or OVERLOADED)
    if status == RATE_LIMITED or error in TOO_FAST:
        return NotYet(f"{method}: rate limited", _seconds(getattr(response, "headers", {})))
    if error in OURS_TO_MEND:
        data = getattr(response, "data", None)
        needed = data.get("needed") if isinstance(data, Mapping) else None
        log.error("slack_refuses_the_app", method=method, error=error, needed=needed)
        return NotYet(f"{method}: {error}", PATIENCE * 2)
    if error in MESSAGE_GONE:
        return MessageGone(error)
    if error in PERSON_GONE:
        return AccountGone(error)
    if error in UNREACHABLE:
        return Undeliverable(error)
    if status >= OVERLOADED or not error or error in PASSING:
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
