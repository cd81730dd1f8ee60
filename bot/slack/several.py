"""The workspaces that installed the app, each built from its token when it is needed, and kept until that is over."""

from collections.abc import Callable
from datetime import UTC, datetime

import aiohttp
import structlog
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore

from bot.background import Background
from bot.platform import Deps
from bot.ports import Messenger
from bot.settings import SlackSettings
from bot.slack.api import Refused, new_session, quiet_logger
from bot.slack.directory import Identity
from bot.slack.homes import Homes
from bot.slack.inbound import PLATFORM
from bot.slack.routing import RoutingMessenger
from bot.slack.workspace import Token, Workspace
from bot.slack.workspaces import Place
from core.ports import Transaction
from storage.engines import async_engine
from storage.installations import Installed, forget_installation, forget_token, installed

OVER = frozenset({"account_inactive", "token_revoked"})
"""What Slack says of a token that never works again; what else it says may be mended."""

log = structlog.get_logger()


class SeveralWorkspaces:
    """Finds installations in the database, where slack_sdk's own store keeps them.

    A token is read once and kept in memory: the store's look-up would cost more than the rest of a click.
    """

    def __init__(self, deps: Deps, settings: SlackSettings, homes: Homes) -> None:
        self._deps = deps
        self._settings = settings
        self._client_id = settings.client_id
        self._homes = homes
        self.engine = async_engine(deps.database_url)
        self.store = AsyncSQLAlchemyInstallationStore(settings.client_id, self.engine, logger=quiet_logger())
        self.background = Background(PLATFORM, Refused)
        self.messenger: Messenger = RoutingMessenger(self.of, self.every)
        self._known: dict[str, Workspace] = {}
        self._dropped = 0
        self._session: aiohttp.ClientSession | None = None

    async def find(self, place: Place) -> Workspace | None:
        """Return the workspace, or the organisation that installed the app for it."""
        return await self.of(place.tenant) or await self.of(place.enterprise)

    async def of(self, tenant: str) -> Workspace | None:
        """Return the workspace whose accounts belong to `tenant`."""
        known = self._known.get(tenant)
        if known is not None or not tenant:
            return known
        place = next((place for place in await self._installed() if place.tenant == tenant), None)
        return await self._load(place) if place is not None else None

    async def every(self) -> list[Workspace]:
        """Return all of them, the one that was installed first before the others."""
        found = [self._known.get(place.tenant) or await self._load(place) for place in await self._installed()]
        return [workspace for workspace in found if workspace is not None]

    def drop(self, tenant: str) -> None:
        """Keep a token no longer: the next look-up reads what the database has."""
        self._dropped += 1
        self._known.pop(tenant, None)

    async def joined(self, installation: Installation) -> None:
        """Keep an installation; what was known of the workspace before is over, and its token with it."""
        await self.store.async_save(installation)
        place = place_of(installation)
        await self._let_go(place, datetime.fromtimestamp(installation.installed_at, UTC))
        log.info("slack_workspace_joined", tenant=place.tenant)

    async def left(self, place: Place, at: datetime) -> None:
        """Let go of what was installed there before that instant: the app was removed, or its token taken back."""
        await self._let_go(place, at)
        log.warning("slack_workspace_left", tenant=place.tenant)

    async def start(self) -> None:
        """Open the session."""
        self._session = new_session()

    async def stop(self) -> None:
        """Finish what was begun, close the connections."""
        await self.background.drain()
        for workspace in self._known.values():
            await workspace.api.pace.counted()
        self._known.clear()
        if self._session is not None:
            await self._session.close()
        await self.engine.dispose()

    async def _let_go(self, place: Place, before: datetime) -> None:
        def work(tx: Transaction) -> None:
            for known in installed(tx, self._client_id):
                if known.tenant == place.tenant:
                    forget_installation(tx, self._client_id, known.enterprise_id, known.team_id, before)

        await self._deps.db.write(work)
        self.drop(place.tenant)  # after the rows: nobody reads them again

    async def _installed(self) -> list[Installed]:
        """Return where the app is in use: a workspace that is not named any more has nothing of its token."""
        found = await self._deps.db.read(lambda tx: installed(tx, self._client_id))
        return [place for place in found if self._settings.lets_in(place.team_id, place.enterprise_id)]

    async def _load(self, place: Installed) -> Workspace | None:
        """Read a token; what was dropped meanwhile is read again."""
        while True:
            dropped = self._dropped
            bot = await self.store.async_find_bot(
                enterprise_id=place.enterprise_id, team_id=place.team_id, is_enterprise_install=place.whole
            )
            if bot is None:
                return None
            if dropped == self._dropped:
                return self._known.setdefault(place.tenant, self._made(place, bot))

    def _made(self, place: Installed, bot: Bot) -> Workspace:
        known = Identity(
            tenant=place.tenant,
            team=place.team_id or "",
            enterprise=place.enterprise_id or "",
            bot_user=bot.bot_user_id or "",
            bot=bot.bot_id or "",
        )
        token = Token(bot.bot_token, self._settings.api_url, known)
        refused = self._refused(place.tenant, bot.bot_token)
        workspace = Workspace(self._deps, token, self.background, self._homes, refused=refused)
        workspace.use(self._session)
        return workspace

    def _refused(self, tenant: str, token: str) -> Callable[[str], None]:
        """Return what is to be done when Slack no longer takes a token: another process may know why already."""

        async def forget() -> None:
            def work(tx: Transaction) -> None:
                forget_token(tx, self._client_id, token)

            await self._deps.db.write(work)
            log.warning("slack_workspace_left", tenant=tenant)

        def refused(error: str) -> None:
            self.drop(tenant)
            if error in OVER:
                self.background.run(forget())

        return refused


def place_of(installation: Installation) -> Place:
    """Return where something was installed."""
    whole = bool(installation.is_enterprise_install)
    return Place(installation.enterprise_id or "", installation.team_id or "", whole=whole)
