"""Which workspace something comes from or goes to: the one of the settings, or those that installed the app."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import aiohttp
import structlog

from bot.background import Background
from bot.platform import Deps
from bot.ports import Messenger, TryAgain
from bot.settings import SlackSettings
from bot.slack.api import Refused, new_session
from bot.slack.homes import Homes
from bot.slack.inbound import PLATFORM
from bot.slack.workspace import Token, Workspace

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the app is installed: a workspace, or with `whole` all of an organisation (Enterprise Grid)."""

    enterprise: str
    team: str
    whole: bool = False

    @property
    def tenant(self) -> str:
        """What the ids of accounts belong to there."""
        return self.enterprise if self.whole or not self.team else self.team


class Workspaces(Protocol):
    """The workspaces of this process, from `start` to `stop`."""

    messenger: Messenger
    background: Background

    async def find(self, place: Place) -> Workspace | None:
        """Return the workspace that a payload comes from; None if the app is not installed there (any more)."""
        ...

    async def of(self, tenant: str) -> Workspace | None:
        """Return the workspace whose accounts have this tenant; None as for `find`."""
        ...

    async def left(self, place: Place, at: datetime) -> None:
        """Take note that the app was removed there, or its token taken back, at that instant."""
        ...

    async def start(self) -> None:
        """Open the connections; called inside the running loop."""
        ...

    async def stop(self) -> None:
        """Finish what was begun and close the connections."""
        ...


class OneWorkspace:
    """The workspace whose bot token is in the settings: whatever comes is from there."""

    def __init__(self, deps: Deps, settings: SlackSettings, homes: Homes) -> None:
        self.background = Background(PLATFORM, Refused)
        self.workspace = Workspace(deps, Token(settings.bot_token, settings.api_url), self.background, homes)
        self.messenger: Messenger = self.workspace.messenger
        self._session: aiohttp.ClientSession | None = None
        self._introducing: asyncio.Task[None] | None = None

    async def find(self, place: Place) -> Workspace | None:  # noqa: ARG002 - there is no other
        """Return the workspace."""
        return self.workspace

    async def of(self, tenant: str) -> Workspace | None:  # noqa: ARG002 - there is no other
        """Return the workspace."""
        return self.workspace

    async def left(self, place: Place, at: datetime) -> None:  # noqa: ARG002 - the settings say which token
        """Leave it to the operator, whose token it is; until he has another, messages wait."""
        log.error("slack_workspace_left", tenant=place.tenant)

    async def start(self) -> None:
        """Open the session; Slack may answer later than the server starts."""
        self._session = new_session()
        self.workspace.use(self._session)
        self._introducing = asyncio.create_task(self._introduce())

    async def stop(self) -> None:
        """Finish what was begun, close the session."""
        if self._introducing is not None:
            self._introducing.cancel()
            await asyncio.gather(self._introducing, return_exceptions=True)
        await self.background.drain()
        await self.workspace.api.pace.counted()
        self.workspace.use(None)
        if self._session is not None:
            await self._session.close()

    async def _introduce(self) -> None:
        """Learn who we are before it is needed."""
        wait = FIRST_WAIT
        while True:
            try:
                await self.workspace.directory.identity()
            except TryAgain as fault:
                log.warning("slack_does_not_answer", reason=str(fault))
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return
