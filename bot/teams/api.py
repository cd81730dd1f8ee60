"""Calls to the Bot Connector: one client with a time-out, and its errors in the words of `bot.ports`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

import httpx
import structlog

from bot.local import on_loopback
from bot.pacing import Pacing
from bot.platform import Deps
from bot.ports import MessageGone, NotYet, TryAgain, Undeliverable
from bot.settings import TeamsSettings
from bot.teams.login import Login
from bot.teams.pace import SOON, rates, whole
from bot.teams.sdk import PUBLIC, Client, ClientOptions, CloudEnvironment, with_overrides
from storage.paces import Rate

Json = dict[str, Any]
TIMEOUT: Final = 10.0
FORBIDDEN, NOT_FOUND, UNAUTHORIZED, TOO_FAST, OVERLOADED = 403, 404, 401, 429, 500
CHANGED_MEANWHILE = 412
"""The service asks for this and the next to be called again (how-to/rate-limit, "handle HTTP 412, 429, 502, 504")."""
PATIENCE: Final = 60.0
"""Seconds until a connector that refuses the bot's token is called again."""
TEAMS_APP: Final = "28:"
"""What stands before the id of an app where people and apps are told apart."""

Method = Literal["GET", "POST", "PUT", "DELETE"]

log = structlog.get_logger()


class Refused(Exception):
    """The service refused a call for a reason that only its caller can judge: `code` is its word for it."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}".strip())
        self.status = status
        self.code = code


class ConversationGone(Undeliverable):
    """The conversation is not there (any more): who it was with may still be reached in another."""


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation, and the service that holds it."""

    service_url: str
    conversation: str


def cloud_of(settings: TeamsSettings) -> CloudEnvironment:
    """Return where keys and tokens are."""
    return with_overrides(
        PUBLIC,
        openid_metadata_url=settings.keys_url or None,
        login_endpoint=settings.login_url or None,
    )


class Api:
    """The connector of one bot; what limits it is kept for each tenant and conversation."""

    def __init__(self, deps: Deps, settings: TeamsSettings) -> None:
        self._settings = settings
        self.pacing = Pacing(deps.db, deps.clock, "teams", deps.sleep)
        self._client = Client(ClientOptions(timeout=TIMEOUT))
        self._login: Login | None = None
        if not settings.skip_auth:
            known = (settings.client_id, settings.client_secret, settings.tenant_id)
            self._login = Login(self._client.http, deps.clock, cloud_of(settings), known)
            self._client.token = self._login.token

    async def close(self) -> None:
        """Close the connections."""
        await self._client.http.aclose()

    async def turn(self, tenant: str, place: Place) -> bool:
        """Wait until one call about the conversation may be made. Raises NotYet."""
        return await self.pacing.turn("teams", rates(tenant, place.conversation), patience=SOON)

    async def another(self, tenant: str, place: Place) -> None:
        """Wait for one more turn if this task waited for its first."""
        await self.pacing.another("teams", rates(tenant, place.conversation))

    async def send(self, tenant: str, place: Place, activity: Json) -> str:
        """Post an activity; return its id. Raises ConversationGone, Undeliverable, TryAgain, NotYet, Refused."""
        limits = rates(tenant, place.conversation)
        try:
            said = await self._counted(limits, "POST", _activities(place), activity)
        except Refused as fault:
            if fault.status == NOT_FOUND:
                raise ConversationGone(str(fault)) from fault
            raise
        return str(said.get("id") or "")

    async def update(self, tenant: str, place: Place, activity_id: str, activity: Json) -> None:
        """Put the activity in the place of that one. Raises MessageGone, TryAgain, NotYet, Undeliverable, Refused."""
        url = f"{_activities(place)}/{quote(activity_id, safe='')}"
        try:
            await self._counted(rates(tenant, place.conversation), "PUT", url, activity | {"id": activity_id})
        except Refused as fault:
            if fault.status == NOT_FOUND:
                raise MessageGone(fault.code) from fault
            raise

    async def delete(self, tenant: str, place: Place, activity_id: str) -> None:
        """Take an activity back. Raises as `update` does."""
        url = f"{_activities(place)}/{quote(activity_id, safe='')}"
        try:
            await self._counted(rates(tenant, place.conversation), "DELETE", url)
        except Refused as fault:
            if fault.status == NOT_FOUND:
                raise MessageGone(fault.code) from fault
            raise

    async def member(self, place: Place, member_id: str) -> Json | None:
        """Return what the tenant's directory tells of a member of the conversation; None of who is none.

        Nobody is one where the app is not, or where it may not ask. Raises TryAgain, NotYet.
        """
        url = f"{_conversation(place)}/members/{quote(member_id, safe='')}"
        try:
            return await self._call("GET", url)
        except (Refused, Undeliverable):
            return None

    async def team(self, service_url: str, team_id: str) -> Json:
        """Return what a team is called, nothing if it is not told. Raises TryAgain, NotYet."""
        try:
            return await self._call("GET", f"{service_url.rstrip('/')}/v3/teams/{quote(team_id, safe='')}")
        except (Refused, Undeliverable):
            return {}

    async def channels(self, service_url: str, team_id: str) -> dict[str, str]:
        """Return the names of a team's channels by their ids; the first, "General", has none. Raises as `team`."""
        try:
            said = await self._call(
                "GET", f"{service_url.rstrip('/')}/v3/teams/{quote(team_id, safe='')}/conversations"
            )
        except (Refused, Undeliverable):
            return {}
        return {str(channel.get("id")): str(channel.get("name") or "") for channel in said.get("conversations") or ()}

    async def create(self, service_url: str, tenant: str, object_id: str) -> Place:
        """Return the private conversation with somebody, whom the app must be installed for; it waits for its turn.

        Raises Undeliverable, TryAgain, NotYet.
        """
        await self.pacing.turn("teams", [whole(tenant)])
        wanted = {
            "bot": {"id": f"{TEAMS_APP}{self._settings.client_id}"},
            "members": [{"id": object_id}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
            "isGroup": False,
        }
        try:
            said = await self._counted([whole(tenant)], "POST", f"{service_url.rstrip('/')}/v3/conversations", wanted)
        except Refused as fault:
            raise Undeliverable(str(fault)) from fault
        if not said.get("id"):
            raise TryAgain("no conversation was named")
        return Place(service_url, str(said["id"]))

    async def _counted(self, limits: list[Rate], method: Method, url: str, body: Json | None = None) -> Json:
        """Make a call that is limited, and let everybody rest when the service asks for it."""
        try:
            return await self._call(method, url, body)
        except NotYet as fault:
            await self.pacing.hold_off(limits[-1], fault.after)
            raise
        finally:
            self.pacing.called("teams", limits)

    async def _call(self, method: Method, url: str, body: Json | None = None) -> Json:
        if self._login is None and not on_loopback(url):
            raise Undeliverable("not on this machine")  # it would be called without a token
        try:
            response = await self._client.request(method, url, json=body)
        except httpx.HTTPStatusError as fault:
            if fault.response.status_code == UNAUTHORIZED and self._login is not None:
                self._login.forget()
            raise _translated(fault.response) from fault
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            raise TryAgain(type(fault).__name__) from fault
        return _object(response)


def _conversation(place: Place) -> str:
    return f"{place.service_url.rstrip('/')}/v3/conversations/{quote(place.conversation, safe='')}"


def _activities(place: Place) -> str:
    return f"{_conversation(place)}/activities"


def _translated(response: httpx.Response) -> Exception:
    status, code = response.status_code, _code(response)
    if status == TOO_FAST:
        return NotYet(f"rate limited {code}".strip(), _seconds(response.headers))
    if status == UNAUTHORIZED:
        log.error("teams_refuses_the_bot", code=code)
        return NotYet(f"unauthorised {code}".strip(), PATIENCE)
    if status == FORBIDDEN:
        return Undeliverable(code or "forbidden")
    if status == CHANGED_MEANWHILE or status >= OVERLOADED:
        return TryAgain(f"{status} {code}".strip(), _seconds(response.headers))
    return Refused(status, code)


def _code(response: httpx.Response) -> str:
    """Return the service's word for what is wrong: never its message, which may quote what was sent."""
    error = _object(response).get("error")
    return str(error.get("code") or "")[:60] if isinstance(error, Mapping) else ""


def _object(response: httpx.Response) -> Json:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return max(float(headers["Retry-After"]), 0.0)
    except (KeyError, ValueError):
        return None
