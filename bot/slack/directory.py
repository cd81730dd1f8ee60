"""Who is who: the workspace, its members, and the workers they are."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.dispatcher import Dispatcher, Sender
from bot.ports import MessageGone, TryAgain, Undeliverable
from bot.slack.api import Api, Refused
from bot.slack.standing import Standing, is_welcome
from core.people import Account, Worker


@dataclass(frozen=True, slots=True)
class Identity:
    """The workspace (or the whole organisation that installed the app) and our bot in it."""

    tenant: str
    team: str
    enterprise: str
    bot_user: str
    bot: str


class Directory:
    """Asks Slack who somebody is; what the app itself is, it asks once."""

    def __init__(self, api: Api, dispatcher: Dispatcher, known: Identity | None = None) -> None:
        """`known` is what its installation tells of the app, if there is one."""
        self._api = api
        self._dispatcher = dispatcher
        self._asking = asyncio.Lock()
        self.known = known

    async def identity(self) -> Identity:
        """Return who we are. Raises TryAgain, also when Slack refuses our token: it may be mended meanwhile."""
        async with self._asking:
            if self.known is None:
                try:
                    said = await self._api.ask("auth.test")
                except (Refused, Undeliverable, MessageGone) as fault:
                    raise TryAgain(f"auth.test: {fault}") from fault
                team, enterprise = str(said.get("team_id") or ""), str(said.get("enterprise_id") or "")
                whole = bool(said.get("is_enterprise_install")) and enterprise
                self.known = Identity(
                    tenant=enterprise if whole else team,
                    team=team,
                    enterprise=enterprise,
                    bot_user=str(said.get("user_id") or ""),
                    bot=str(said.get("bot_id") or ""),
                )
            return self.known

    async def identify(self, sender: Sender) -> tuple[Account, Worker] | None:
        """Join someone who was never here to the worker with his verified e-mail address. Raises TryAgain."""
        if not sender.external_id:
            return None
        standing = await self.standing_of(sender.external_id)
        if standing is None or not standing.email:
            return None
        own = replace(sender, tenant=(await self.identity()).tenant)  # not the workspace of an organisation he is from
        return await self._dispatcher.link(own, standing.email)

    async def standing_of(self, user_id: str) -> Standing | None:
        """Ask Slack what somebody is; None if it does not know him, or does not show him to us. Raises TryAgain."""
        user = await self._user("users.info", user=user_id)
        return await self.standing(user) if user else None

    async def account_of(self, email: str) -> tuple[str, str] | None:
        """Return (tenant, user id) of the member with that address. Raises TryAgain."""
        user = await self._user("users.lookupByEmail", email=email)
        if not (await self.standing(user)).email:
            return None
        return (await self.identity()).tenant, str(user["id"])

    async def _user(self, method: str, **arguments: str) -> Mapping[str, Any]:
        try:
            found = (await self._api.ask(method, **arguments)).get("user")
        except (Refused, Undeliverable, MessageGone):
            return {}
        return found if isinstance(found, dict) else {}

    async def standing(self, user: Mapping[str, Any]) -> Standing:
        """Return what Slack's description of somebody says. Raises TryAgain."""
        if not is_welcome(user):
            return Standing(welcome=False)
        us = await self.identity()
        organisation = (user.get("enterprise_user") or {}).get("enterprise_id")
        ours = user.get("team_id") in {us.team, us.tenant} or (us.enterprise and organisation == us.enterprise)
        if not ours or user.get("is_stranger") or user.get("is_email_confirmed") is False:
            return Standing(welcome=True)
        return Standing(welcome=True, email=str((user.get("profile") or {}).get("email") or ""))
