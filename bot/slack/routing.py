"""The messenger of several workspaces: each account is reached through the one that it belongs to."""

from collections.abc import Awaitable, Callable

from bot.ports import TryAgain, Undeliverable
from bot.slack.inbound import PLATFORM
from bot.slack.workspace import Workspace
from core.people import Account, Worker
from core.shares import Share
from handlers.ui import Card

NOT_INSTALLED = "the app is not installed in that workspace"


class RoutingMessenger:
    """Hands each card to the messenger of its workspace."""

    platform = PLATFORM

    def __init__(
        self,
        at: Callable[[str], Awaitable[Workspace | None]],
        every: Callable[[], Awaitable[list[Workspace]]],
    ) -> None:
        """`at` gives the workspace of a tenant, None if the app is not installed there; `every` gives all of them."""
        self._at = at
        self._every = every

    async def turn(self, account: Account, *, replacing: bool) -> bool:
        """Wait for the pace of the account's workspace; nothing is waited for where nothing can be sent."""
        workspace = await self._at(account.tenant)
        return workspace is not None and await workspace.messenger.turn(account, replacing=replacing)

    async def post(self, account: Account, card: Card) -> tuple[str, ...]:
        """Send a card."""
        return await (await self._of(account.tenant)).messenger.post(account, card)

    async def replace(self, account: Account, messages: tuple[str, ...], card: Card) -> tuple[str, ...]:
        """Put a card in the place of messages."""
        return await (await self._of(account.tenant)).messenger.replace(account, messages, card)

    async def share(self, share: Share, card: Card) -> tuple[str, ...]:
        """Post a card to a channel, or put it in the place of its messages."""
        return await (await self._of(share.tenant)).messenger.share(share, card)

    async def find_account(self, worker: Worker) -> tuple[str, str] | None:
        """Return where a worker is a member: in the first workspace that knows his address. Raises TryAgain."""
        unanswered: TryAgain | None = None
        for workspace in await self._every():
            try:
                found = await workspace.messenger.find_account(worker)
            except TryAgain as fault:
                unanswered = fault
                continue
            if found is not None:
                return found
        if unanswered is not None:
            raise unanswered
        return None

    async def _of(self, tenant: str) -> Workspace:
        workspace = await self._at(tenant)
        if workspace is None:
            raise Undeliverable(NOT_INSTALLED)
        return workspace
