"""One workspace: everything that is built from one token."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from bot.background import Background
from bot.dispatcher import Sender
from bot.platform import Deps
from bot.slack.api import Api
from bot.slack.conversation import Conversations
from bot.slack.directory import Directory, Identity
from bot.slack.files import Files
from bot.slack.homes import Homes
from bot.slack.inbound import PLATFORM, HomeOpened
from bot.slack.members import Members
from bot.slack.messenger import SlackMessenger
from bot.slack.pace import Pace


@dataclass(frozen=True, slots=True)
class Token:
    """What a workspace is spoken to with; `known` is what its installation tells of it, so that nobody need ask."""

    bot: str = field(repr=False)
    url: str
    known: Identity | None = None

    @property
    def name(self) -> str:
        """What tells the workspace from others, in every process: its id where it is known, else a digest."""
        return self.known.tenant if self.known else hashlib.sha256(self.bot.encode()).hexdigest()[:16]


class Workspace:
    """A workspace, or a whole organisation that installed the app, in this process."""

    def __init__(
        self,
        deps: Deps,
        token: Token,
        background: Background,
        homes: Homes,
        *,
        refused: Callable[[str], None] | None = None,
    ) -> None:
        """`background` and `homes` are shared by all; `refused` is told when Slack no longer takes the token."""
        self.token = token
        self._background, self._homes = background, homes
        pace = Pace(deps.db, deps.clock, token.name, deps.sleep)
        self.api = Api(token.bot, token.url, pace, refused=refused)
        self.directory = Directory(self.api, deps.dispatcher, token.known)
        files = Files(self.api, deps.pictures)
        self.messenger = SlackMessenger(self.api, self.directory, files)
        self.members = Members(deps, self.directory, self._show_home)
        self.conversations = Conversations(
            deps, self.api, self.directory, self.messenger, files, self.members, background, homes
        )

    def _show_home(self, tenant: str, user_id: str) -> None:
        """Let nobody go on reading what a worker reads whom he no longer is."""
        opened = HomeOpened(Sender(PLATFORM, tenant, user_id), None)
        self._background.run(self._homes.enter(opened, self.directory, self.members))

    def use(self, session: aiohttp.ClientSession | None) -> None:
        """Call Slack through this session from now on."""
        self.api.use(session)
