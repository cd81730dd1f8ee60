"""Slack on the server: the Bolt app behind `/slack/events`, and the Socket Mode connection."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
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

from bot.platform import Deps, Platform
from bot.ports import Messenger, TryAgain
from bot.settings import SlackSettings
from bot.slack.api import Api, quiet_logger
from bot.slack.conversation import Conversations
from bot.slack.directory import Directory
from bot.slack.files import Files
from bot.slack.inbound import PLATFORM
from bot.slack.messenger import SlackMessenger
from bot.slack.receiver import Receiver
from bot.slack.scopes import PATH

LARGEST = 4 * 1024 * 1024
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
UNAUTHORIZED, BAD_REQUEST, TOO_LARGE = 401, 400, 413

log = structlog.get_logger()


def build(deps: Deps, settings: SlackSettings) -> Platform:
    """Return the workspace's platform: over signed HTTP, over Socket Mode, or both, as the settings have it."""
    return SlackPlatform(deps, settings)


class SlackPlatform:
    """One workspace, with the bot token of its settings."""

    name = PLATFORM
    messenger: Messenger

    def __init__(self, deps: Deps, settings: SlackSettings) -> None:
        self._settings = settings
        self._api = Api(settings.bot_token, settings.api_url)
        self._directory = Directory(self._api, deps.dispatcher)
        files = Files(self._api, deps.pictures)
        messenger = SlackMessenger(self._api, self._directory, files)
        self.messenger = messenger
        self._conversations = Conversations(deps, self._api, self._directory, messenger, files)
        self._bolt = _bolt(settings)
        self._bolt.use(Receiver(self._conversations, self._directory))
        self._socket: AsyncSocketModeHandler | None = None
        self._beginning: list[asyncio.Task[None]] = []

    def mount(self, api: FastAPI) -> None:
        """Add the route of signed HTTP, if there is a secret to check the signature with."""
        if self._settings.signing_secret:
            endpoint = _endpoint(AsyncSlackRequestHandler(self._bolt), self._settings.signing_secret)
            api.router.routes.insert(0, Route(PATH, endpoint, methods=["POST"]))

    async def start(self) -> None:
        """Open the connections; Slack may answer later than the server starts."""
        await self._api.open()
        self._beginning = [asyncio.create_task(self._introduce())]
        if self._settings.app_token:
            self._socket = AsyncSocketModeHandler(
                self._bolt, self._settings.app_token, logger=quiet_logger(), web_client=self._api.client
            )
            connecting = self._socket.client.connect()  # type: ignore[no-untyped-call]
            self._beginning.append(asyncio.create_task(connecting))

    def closing(self) -> None:
        """No request stays open by itself."""

    async def stop(self) -> None:
        """Take nothing more, finish what was begun, close the connections."""
        for task in self._beginning:
            task.cancel()
        await asyncio.gather(*self._beginning, return_exceptions=True)
        if self._socket is not None:
            await self._socket.client.close()  # type: ignore[no-untyped-call]
        await self._conversations.background.drain()
        await self._api.close()

    async def _introduce(self) -> None:
        """Learn who we are before it is needed."""
        wait = FIRST_WAIT
        while True:
            try:
                await self._directory.identity()
            except TryAgain as fault:
                log.warning("slack_does_not_answer", reason=str(fault))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return


class _OneWorkspace(AsyncAuthorize):
    """Every request is our workspace's: nothing is asked of Slack while somebody waits."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def __call__(self, *, enterprise_id: str | None, team_id: str | None, **_: Any) -> AuthorizeResult:
        """Return our token for whoever it is; who may do what is the dispatcher's to say."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._token)


def _bolt(settings: SlackSettings) -> AsyncApp:
    logger = quiet_logger()
    return AsyncApp(
        name="rdv",
        logger=logger,
        process_before_response=True,  # a listener would otherwise be polled for every 10 ms
        signing_secret=settings.signing_secret or "",
        client=AsyncWebClient(base_url=settings.api_url, logger=logger),
        authorize=_OneWorkspace(settings.bot_token),
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
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return PlainTextResponse("", TOO_LARGE)
        try:
            genuine = verifier.is_valid_request(await request.body(), request.headers)
        except (ValueError, TypeError):  # a timestamp that is no number, a body that is no text
            genuine = False
        if not genuine:
            return PlainTextResponse("", UNAUTHORIZED)
        try:
            return await handler.handle(request)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError):  # Bolt could not read it
            return PlainTextResponse("", BAD_REQUEST)

    return events


__all__ = ["build"]
