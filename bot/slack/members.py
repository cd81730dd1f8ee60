"""Keeping guests and deactivated accounts out, whoever joined them to a worker, and following changed addresses."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.platform import Deps
from bot.ports import TryAgain
from bot.slack.directory import Directory
from bot.slack.inbound import PLATFORM
from bot.slack.standing import Standing
from core.joining import follow_email, refuse_account
from core.people import Account
from core.ports import Transaction

PATIENCE = 1.0
"""Seconds for asking Slack while somebody waits: it takes back what is not answered within three."""
AGAIN, SOON = timedelta(hours=1), timedelta(minutes=1)
"""When somebody is asked after again: whom Slack described, and whom it did not."""
KEPT = 1_000

log = structlog.get_logger()


class Members:
    """The members of one workspace, as far as they are workers."""

    def __init__(self, deps: Deps, directory: Directory, moved: Callable[[str, str], None]) -> None:
        """`moved` is told (tenant, user id) of an account that is no longer the worker's it was."""
        self._moved = moved
        self._db = deps.db
        self._clock = deps.clock
        self._directory = directory
        self._seen: OrderedDict[int, datetime] = OrderedDict()

    async def admits(self, account: Account) -> bool:
        """Tell whether the account may still speak for its worker; if not, they are parted.

        Whom a verified address joined was no guest then, and Slack tells when that changes. Of whom an administrator
        linked, Slack is asked now and then; while it does not answer, the administrator's word stands.
        """
        now = self._clock.now()
        if account.email or now < self._seen.get(account.id, now):
            return True
        standing = await self._asked(account.external_id)
        if standing is not None and not standing.welcome:
            await self._part(account.tenant, account.external_id)
            return False
        self._seen[account.id] = now + (SOON if standing is None else AGAIN)  # a Slack that is slow is not waited for
        self._seen.move_to_end(account.id)
        while len(self._seen) > KEPT:
            self._seen.popitem(last=False)
        return True

    async def changed(self, user: Mapping[str, Any]) -> None:
        """Act on what Slack tells of somebody who changed. Raises TryAgain.

        Slack repeats itself, and not in order: before anybody is parted from his worker it is asked how he stands now.
        """
        user_id, told = str(user.get("id") or ""), await self._directory.standing(user)
        tenants = {(await self._directory.identity()).tenant, str(user.get("team_id") or "")}
        known = [await self._db.read(_account(tenant, user_id)) for tenant in sorted(tenants)]
        differ = [account for account in known if account is not None and _differs(account, told)]
        standing = (await self._asked(user_id) or told) if differ else told
        for account in differ:
            if not standing.welcome:
                await self._part(account.tenant, user_id)
            elif standing.email:
                await self._db.write(_follows(account.tenant, user_id, standing.email))
                self._moved(account.tenant, user_id)

    async def _asked(self, user_id: str) -> Standing | None:
        """Return how somebody stands; None if Slack does not say it, or not while a click may wait."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._directory.standing_of(user_id)
        except (TryAgain, TimeoutError):
            return None

    async def _part(self, tenant: str, user_id: str) -> None:
        if await self._db.write(lambda tx: refuse_account(tx, PLATFORM, tenant, user_id)):
            log.info("slack_account_refused")
            self._moved(tenant, user_id)


def _account(tenant: str, user_id: str) -> Callable[[Transaction], Account | None]:
    def find(tx: Transaction) -> Account | None:
        known = tx.accounts.find(PLATFORM, tenant, user_id)
        return known[0] if known is not None else None

    return find


def _differs(account: Account, told: Standing) -> bool:
    """Tell whether an account is no longer what it was when it was joined."""
    return not told.welcome or account.email.casefold() not in {"", told.email.casefold()}


def _follows(tenant: str, user_id: str, email: str) -> Callable[[Transaction], None]:
    return lambda tx: follow_email(tx, PLATFORM, tenant, user_id, email)
