"""Slack on the server: the Bolt app behind `/slack/events`, and the Socket Mode connection."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.background import Background
from bot.platform import Deps, Platform
from bot.ports import Messenger
from bot.settings import SlackSettings
from bot.slack.api import TIMEOUT, Api, quiet_logger
from bot.slack.homes import Homes
from bot.slack.inbound import PLATFORM
from bot.slack.receiver import Receiver
from bot.slack.scopes import PATH
from bot.slack.workspaces import OneWorkspace, Workspaces

LARGEST = 4 * 1024 * 1024
BAD_REQUEST, UNAUTHORIZED, LENGTH_REQUIRED, TOO_LARGE = 400, 401, 411, 413


def build(deps: Deps, settings: SlackSettings) -> Platform:
    """Return the platform: over signed HTTP, over Socket Mode, or both, as the settings have it."""
    return SlackPlatform(deps, settings)


class SlackPlatform:
    """One workspace with the bot token of its settings, or those that installed the app."""

    name = PLATFORM
    messenger: Messenger

    def __init__(self, deps: Deps, settings: SlackSettings) -> None:
        self._settings = settings
        self.homes = Homes(deps, self._api_of)
        self.workspaces, self._routes = _connected(deps, settings, self.homes)
        self.messenger = self.workspaces.messenger
        self._bolt = _bolt(settings)
        self._bolt.use(Receiver(self.workspaces))
        self._socket: AsyncSocketModeHandler | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._publishing: asyncio.Task[None] | None = None

    def mount(self, api: FastAPI) -> None:
        """Add the route of signed HTTP, if there is a secret to check the signature with, and those of installing."""
        if self._settings.signing_secret:
            endpoint = _endpoint(AsyncSlackRequestHandler(self._bolt), self._settings.signing_secret)
            api.router.routes.insert(0, Route(PATH, endpoint, methods=["POST"]))
        api.router.routes.extend(self._routes)

    async def start(self) -> None:
        """Open the connections; Slack may answer later than the server starts."""
        await self.workspaces.start()
        self._publishing = asyncio.create_task(self.homes.run())
        if self._settings.app_token:
            client = AsyncWebClient(base_url=self._settings.api_url, timeout=TIMEOUT, logger=quiet_logger())
            self._socket = AsyncSocketModeHandler(
                self._bolt, self._settings.app_token, logger=quiet_logger(), web_client=client
            )
            connecting = self._socket.client.connect()  # type: ignore[no-untyped-call]
            self._connecting = asyncio.create_task(connecting)

    def wake(self) -> None:
        """Look for homes that are due."""
        self.homes.wake()

    def closing(self) -> None:
        """No request stays open by itself."""

    async def stop(self) -> None:
        """Take nothing more, finish what was begun, close the connections."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._socket is not None:
            await self._socket.client.close()  # type: ignore[no-untyped-call]
        if self._publishing is not None:
            await self.homes.stop(self._publishing)
        await self.workspaces.stop()

    @property
    def background(self) -> Background:
        """What is still to be done after an acknowledgement."""
        return self.workspaces.background

    async def _api_of(self, tenant: str) -> Api | None:
        workspace = await self.workspaces.of(tenant)
        return workspace.api if workspace is not None else None


def _connected(deps: Deps, settings: SlackSettings, homes: Homes) -> tuple[Workspaces, list[Route]]:
    """Return the workspaces, and the routes by which more of them are added; one with a bot token needs none."""
    if settings.bot_token:
        return OneWorkspace(deps, settings, homes), []
    from bot.slack.oauth import Installing  # noqa: PLC0415 - brings the SDK's stores and an engine for them
    from bot.slack.several import SeveralWorkspaces  # noqa: PLC0415

    several = SeveralWorkspaces(deps, settings, homes)
    return several, Installing(deps, settings, several).routes()


class _Admitted(AsyncAuthorize):
    """Lets every request through: the receiver finds its workspace, with the token; Slack is asked nothing."""

    async def __call__(self, *, enterprise_id: str | None, team_id: str | None, **_: Any) -> AuthorizeResult:
        """Return whose request it is; who may do what is the dispatcher's to say."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _bolt(settings: SlackSettings) -> AsyncApp:
    logger = quiet_logger()
    return AsyncApp(
        name="rdv",
        logger=logger,
        process_before_response=True,  # a listener would otherwise be polled for every 10 ms
        signing_secret=settings.signing_secret or "",
        client=AsyncWebClient(base_url=settings.api_url, logger=logger),
        authorize=_Admitted(),  # type: ignore[no-untyped-call]
        request_verification_enabled=False,  # the route does it, before anything is read
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,  # `inbound` leaves out whatever a bot wrote
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def _endpoint(handler: AsyncSlackRequestHandler, secret: str) -> Callable[[Request], Awaitable[Response]]:
    """Return the route: nothing is read before its signature is known to be Slack's, and fresh."""
    verifier = SignatureVerifier(secret)

    async def events(request: Request) -> Response:
        length = request.headers.get("content-length", "")
        if not length.isdecimal():  # Slack always says it
            return PlainTextResponse("", LENGTH_REQUIRED)
        if int(length) > LARGEST:
            return PlainTextResponse("", TOO_LARGE)
        try:
            genuine = verifier.is_valid_request(await request.body(), request.headers)
        except (ValueError, TypeError):  # a timestamp that is no number, a body that is no text
            genuine = False
        if not genuine:
            return PlainTextResponse("", UNAUTHORIZED)
        try:
            return await handler.handle(request)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):  # Bolt could not read it
            return PlainTextResponse("", BAD_REQUEST)

    return events


__all__ = ["build"]
