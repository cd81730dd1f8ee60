"""Teams on the server: the route that the Bot Service calls, and what stands behind it."""

import json
from collections.abc import Mapping
from typing import Any, Final

import structlog
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.background import Background
from bot.local import is_foreign, is_local_host, on_loopback, was_forwarded
from bot.platform import Deps, Platform
from bot.ports import Messenger
from bot.settings import TeamsSettings
from bot.teams.answers import BAD_REQUEST, Answer
from bot.teams.api import Api, Refused, cloud_of
from bot.teams.conversation import Conversations
from bot.teams.directory import Directory
from bot.teams.hosted import Hosted
from bot.teams.inbound import PLATFORM, Malformed
from bot.teams.messenger import TeamsMessenger
from bot.teams.replies import Replies
from bot.teams.tokens import Forged, NoKeys, Verifier
from bot.teams.views import Views

PATH: Final = "/api/messages"
LARGEST: Final = 256 * 1024
"""Bytes of a request: Teams sends at most 100 KB of a message, and a form has less."""
DOOR: Final = "https://teams.microsoft.com/l/chat/0/0?users=28:{id}&message=rdv%20lier%20"
CHANNEL: Final = "msteams"
"""In all other channels of a bot, whoever writes may say himself who he is."""
UNAUTHORIZED, FORBIDDEN, LENGTH_REQUIRED, TOO_LARGE, UNAVAILABLE = 401, 403, 411, 413, 503

Json = dict[str, Any]
log = structlog.get_logger()


def build(deps: Deps, settings: TeamsSettings) -> Platform:
    """Return the platform."""
    return TeamsPlatform(deps, settings)


class TeamsPlatform:
    """One bot, in its own tenant and in those that are let in besides."""

    name = PLATFORM
    messenger: Messenger

    def __init__(self, deps: Deps, settings: TeamsSettings) -> None:
        self.api = Api(deps, settings)
        self.background = Background(PLATFORM, Refused)
        self._verifier = None if settings.skip_auth else Verifier(settings.client_id, cloud_of(settings))
        self._hosted = Hosted(deps, deps.pictures)
        self.directory = Directory(deps, settings, self.api)
        messenger = TeamsMessenger(self.api, self.directory, self._hosted, Views(deps, self.api))
        self.messenger = messenger
        replies = Replies(deps, messenger)
        self._conversations = Conversations(deps, self.directory, replies, self._hosted, self.background)
        if settings.client_id:
            deps.doors[PLATFORM] = DOOR.format(id=settings.client_id) + "{code}"
        else:
            deps.doors[PLATFORM] = ""

    def mount(self, api: FastAPI) -> None:
        """Add the route of the Bot Service, and the one that pictures are fetched from."""
        api.router.routes.insert(0, Route(PATH, self._receive, methods=["POST"]))
        api.router.routes.extend(self._hosted.routes())

    async def start(self) -> None:
        """Nothing is opened before the first call."""

    def wake(self) -> None:
        """Nothing falls due here."""

    def closing(self) -> None:
        """No request stays open by itself."""

    async def stop(self) -> None:
        """Finish what was begun, close the connections."""
        await self.background.drain()
        await self.api.pacing.counted()
        await self.api.close()

    async def _receive(self, request: Request) -> Response:
        """Answer a request: nothing of it is acted on before it is known to be the Bot Service's."""
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            return Response(status_code=LENGTH_REQUIRED)
        if int(length) > LARGEST:
            log.info("teams_too_large", bytes=int(length))
            return Response(status_code=TOO_LARGE)
        activity = _object(await request.body())
        if activity is None:
            return Response(status_code=BAD_REQUEST)
        refused = await self._refused(request.headers, activity)
        if refused:
            log.info("teams_refused", status=refused)
            return Response(status_code=refused)
        try:
            answer = await self._conversations.take(activity)
        except Malformed as fault:
            log.info("teams_malformed", fault=str(fault))
            answer = Answer(BAD_REQUEST, {"error": {"code": "BadRequest"}})
        if answer.body is None:
            return Response(status_code=answer.status)
        return JSONResponse(answer.body, status_code=answer.status)

    async def _refused(self, headers: Mapping[str, str], activity: Json) -> int:
        """Return the status that refuses it, 0 for none."""
        service_url = str(activity.get("serviceUrl") or "")
        if self._verifier is None:
            local = is_local_host(headers.get("host", "")) and not was_forwarded(headers.keys())
            local = local and not is_foreign(headers.get("origin"))
            return 0 if local and on_loopback(service_url) else FORBIDDEN
        try:
            await self._verifier.verify(headers.get("authorization", ""), service_url)
        except Forged:
            return UNAUTHORIZED
        except NoKeys:
            return UNAVAILABLE  # it is sent again
        return 0 if activity.get("channelId") == CHANNEL else FORBIDDEN


def _object(body: bytes) -> Json | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
