"""Installing the app in a workspace: `/slack/install` leads to Slack, which leads back to `/slack/oauth_redirect`."""

import re
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator, OAuthStateUtils
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.platform import Deps
from bot.settings import SlackSettings
from bot.slack.api import TIMEOUT, quiet_logger
from bot.slack.pages import InstallingPages
from bot.slack.scopes import INSTALL, REDIRECT, SCOPES
from bot.slack.several import SeveralWorkspaces, place_of
from storage.installations import forget_states

DENIED = "access_denied"
_ID = re.compile(r"[A-Z0-9]{1,20}", re.ASCII)
_WORD = re.compile(r"[a-z0-9_]{1,60}", re.ASCII)

log = structlog.get_logger()


class _Refused(Exception):
    """Slack did not confirm an installation: the message is its word for why."""


class Installing:
    """The two routes; each way from one to the other is gone once, in one browser, within ten minutes."""

    def __init__(self, deps: Deps, settings: SlackSettings, workspaces: SeveralWorkspaces) -> None:
        self._deps = deps
        self._settings = settings
        self._workspaces = workspaces
        self._pages = InstallingPages(deps.locale, deps.zone)
        self._browser = OAuthStateUtils()
        self._states = AsyncSQLAlchemyOAuthStateStore(
            self._browser.expiration_seconds, workspaces.engine, logger=quiet_logger()
        )
        self._redirect_uri = f"{deps.public_url}{REDIRECT}" if deps.public_url else None
        self._slack = urljoin(settings.api_url, "/").rstrip("/")
        self._authorize = AuthorizeUrlGenerator(
            client_id=settings.client_id,
            redirect_uri=self._redirect_uri,
            scopes=list(SCOPES),
            authorization_url=f"{self._slack}/oauth/v2/authorize",
        )
        self._client = AsyncWebClient(
            base_url=settings.api_url, timeout=TIMEOUT, logger=quiet_logger(), trust_env_in_session=True
        )

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(INSTALL, self._begin, methods=["GET"]),
            Route(REDIRECT, self._come_back, methods=["GET"]),
        ]

    async def _begin(self, request: Request) -> Response:
        """Offer the way to Slack, with a state that this browser brings back."""
        now = datetime.now(UTC)  # of the clock by which the SDK's store lets a state expire
        await self._deps.db.write(lambda tx: forget_states(tx, now))
        state = await self._states.async_issue()
        team = _matching(_ID, request.query_params.get("team"))  # the SDK puts it into the address as it is
        page = self._pages.begin(request, self._authorize.generate(state, team))
        page.headers.append("Set-Cookie", f"{self._browser.build_set_cookie_for_new_state(state)}; SameSite=Lax")
        return page

    async def _come_back(self, request: Request) -> Response:
        """Install the app, if all is well; the state counts once, whatever comes of it."""
        page = await self._outcome(request)
        page.headers.append("Set-Cookie", self._browser.build_set_cookie_for_deletion())
        return page

    async def _outcome(self, request: Request) -> HTMLResponse:
        asked = request.query_params
        if asked.get("error") == DENIED:
            return self._pages.denied(request)
        if asked.get("error"):
            return self._pages.refused(request, _matching(_WORD, asked["error"]) or "?")  # no sentence of a stranger's
        state, code = asked.get("state", ""), asked.get("code", "")
        if not code or not await self._is_ours(state, request):
            return self._pages.expired(request)
        try:
            installation = await self._exchanged(code)
        except _Refused as fault:
            log.warning("slack_installation_refused", error=str(fault))
            return self._pages.refused(request, str(fault))
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            log.warning("slack_installation_failed", fault=type(fault).__name__)
            return self._pages.silent(request)
        tenant = place_of(installation).tenant
        if not self._settings.lets_in(installation.team_id, installation.enterprise_id):
            await self._give_back(installation)
            log.warning("slack_installation_unexpected", tenant=tenant)
            return self._pages.unexpected(request, tenant)
        await self._workspaces.joined(installation)
        return self._pages.done(request, installation, self._slack)

    async def _is_ours(self, state: str, request: Request) -> bool:
        """Tell whether this browser was sent to Slack with the state, and has not come back yet."""
        headers: dict[str, Any] = {"cookie": request.headers.getlist("cookie")}
        return self._browser.is_valid_browser(state, headers) and await self._states.async_consume(state)

    async def _exchanged(self, code: str) -> Installation:
        """Return the installation that the code stands for. Raises _Refused, and what a connection does."""
        ours = {"client_id": self._settings.client_id, "client_secret": self._settings.client_secret, "code": code}
        where = {"redirect_uri": self._redirect_uri} if self._redirect_uri else {}
        # In the body: the SDK's own oauth_v2_access sends them in a way that aiohttp is giving up.
        said = await _answered(self._client.api_call("oauth.v2.access", data={**ours, **where}))
        token = said.get("access_token")
        if not token:
            raise _Refused("no_bot_token")
        us = await _answered(self._client.auth_test(token=token))
        enterprise, team = said.get("enterprise") or {}, said.get("team") or {}
        whole = bool(said.get("is_enterprise_install"))
        installation = Installation(
            app_id=said.get("app_id"),
            enterprise_id=enterprise.get("id"),
            enterprise_name=enterprise.get("name"),
            enterprise_url=us.get("url") if whole else None,
            team_id=team.get("id"),
            team_name=team.get("name"),
            bot_token=token,
            bot_id=us.get("bot_id"),
            bot_user_id=said.get("bot_user_id"),
            bot_scopes=str(said.get("scope") or ""),
            user_id=str((said.get("authed_user") or {}).get("id") or ""),
            is_enterprise_install=whole,
            token_type=said.get("token_type"),
            installed_at=self._deps.clock.now().timestamp(),
        )
        if not place_of(installation).tenant:
            raise _Refused("no_team")
        return installation

    async def _give_back(self, installation: Installation) -> None:
        """Let Slack forget a token that we will not use."""
        try:
            await self._client.auth_revoke(token=installation.bot_token)
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as fault:
            log.warning("slack_token_not_given_back", fault=type(fault).__name__)


def _matching(pattern: re.Pattern[str], text: str | None) -> str | None:
    return text if text is not None and pattern.fullmatch(text) else None


async def _answered(call: Awaitable[Any]) -> dict[str, Any]:
    """Return what Slack said. Raises _Refused, and what a connection does."""
    try:
        data = (await call).data
    except SlackApiError as fault:
        said = fault.response.data if fault.response is not None else None
        raise _Refused(str(said.get("error") if isinstance(said, dict) else type(fault).__name__)) from fault
    return data if isinstance(data, dict) else {}
