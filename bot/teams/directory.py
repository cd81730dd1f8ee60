"""Who is who in Teams: people by their id in the tenant's directory, and where they are reached."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from bot.dispatcher import Sender
from bot.platform import Deps
from bot.ports import TryAgain, Undeliverable
from bot.settings import TeamsSettings
from bot.teams.api import Api, Place
from bot.teams.inbound import PLATFORM, Origin
from core.joining import follow_email, refuse_account
from core.people import Account, Worker
from core.ports import Transaction
from handlers.i18n import Texts
from handlers.ui import Option
from storage.conversations import (
    Conversation,
    any_conversation,
    conversation,
    forget_conversation,
    private_conversation,
    save_conversation,
    shared_conversations,
)

Json = dict[str, Any]
Who = tuple[Account, Worker]
AGAIN: Final = timedelta(minutes=10)
"""When somebody's standing in the directory is asked for again."""
KEPT: Final = 2_000
AT_ONCE: Final = 8
"""Channels that are asked at once whether somebody is in them, while he waits for his form."""
EVERYWHERE: Final = "https://smba.trafficmanager.net/teams/"
"""The service, where no conversation has told a nearer one (learn.microsoft.com: "Send proactive messages")."""
GUEST: Final = "guest"
EXTERNAL: Final = "#EXT#"
"""In the name by which a guest signs in (learn.microsoft.com: "Properties of an Entra B2B guest user")."""

log = structlog.get_logger()


class Directory:
    """The people and conversations of the tenants that are let in."""

    def __init__(self, deps: Deps, settings: TeamsSettings, api: Api) -> None:
        self._deps = deps
        self._settings = settings
        self._api = api
        self._seen: OrderedDict[int, datetime] = OrderedDict()
        self._stored: OrderedDict[str, Conversation] = OrderedDict()  # saves a write for each activity; no more

    def lets_in(self, tenant: str) -> bool:
        """Tell whether people of that tenant may come in at all; on one machine, with no tenant set, everybody may."""
        own = self._settings.tenant_id
        if not own:
            return self._settings.skip_auth
        return tenant == own or tenant in self._settings.tenants

    async def identify(self, sender: Sender, origin: Origin) -> Who | None:
        """Join somebody to the worker with the address that the tenant's directory has of him. Raises TryAgain."""
        if not sender.external_id or not self.lets_in(sender.tenant):
            return None
        member = await self._api.member(origin.place, origin.user)
        if not self._welcome(member, sender) or member is None:
            return None
        return await self._deps.dispatcher.link(sender, _email(member)) if _email(member) else None

    async def admits(self, account: Account, origin: Origin) -> bool:
        """Tell whether the account may still speak for its worker; if not, they are parted.

        The directory is asked now and then; while it does not answer, what it said before stands.
        """
        if not self.lets_in(account.tenant):
            return False
        now = self._deps.clock.now()
        if now < self._seen.get(account.id, now):
            return True
        sender = Sender(PLATFORM, account.tenant, account.external_id)
        try:
            member = await self._api.member(origin.place, origin.user)
        except TryAgain:
            return True
        if member is None:
            return False  # nobody of this conversation, whoever it says he is
        if not self._welcome(member, sender):
            parted: Callable[[Transaction], bool] = partial(_refuse, account=account)
            if await self._deps.db.write(parted):
                log.info("teams_account_refused")
            return False
        email = _email(member)
        if account.email and email and email.casefold() != account.email.casefold():
            await self._deps.db.write(lambda tx: follow_email(tx, PLATFORM, account.tenant, account.external_id, email))
            return False  # whoever he is now is found anew
        self._remember_seen(account.id, now + AGAIN)
        return True

    def _welcome(self, member: Json | None, sender: Sender) -> bool:
        """Tell whether the directory knows the sender as somebody who may come in: it, and no name, says who he is."""
        if member is None or str(member.get("aadObjectId") or member.get("objectId") or "") != sender.external_id:
            return False
        if str(member.get("tenantId") or sender.tenant) != sender.tenant:
            return False
        guest = str(member.get("userRole") or "").casefold() == GUEST
        guest = guest or EXTERNAL in str(member.get("userPrincipalName") or "")
        return self._settings.guests or not guest

    def _remember_seen(self, account_id: int, until: datetime) -> None:
        self._seen[account_id] = until
        self._seen.move_to_end(account_id)
        while len(self._seen) > KEPT:
            self._seen.popitem(last=False)

    # --- where people are

    async def remember(self, origin: Origin, sender: Sender, *, joined: bool = False) -> None:
        """Store the conversation that something came from, with what it is called, unless it is known just so.

        When the app has `joined` it, another process may have forgotten it meanwhile.
        """
        person = sender.external_id if origin.private else ""
        found = Conversation(PLATFORM, origin.tenant, origin.root, origin.kind, person, "", origin.place.service_url)
        known = self._stored.get(origin.root)
        if known is not None and not joined and _same(known, found):
            return
        before = await self._deps.db.read(lambda tx: conversation(tx, PLATFORM, origin.tenant, found.id))
        if before is None or not _same(before, found) or not (before.title or origin.private):
            found = replace(found, title=await self._title(origin) or (before.title if before else ""))
            await self._deps.db.write(lambda tx: save_conversation(tx, found, self._deps.clock.now()))
        self._stored[origin.root] = found
        while len(self._stored) > KEPT:
            self._stored.popitem(last=False)

    async def _title(self, origin: Origin) -> str:
        """Return what a conversation is called where people choose one; a team's first channel has the team's name."""
        if not origin.team:
            return origin.title
        service = origin.place.service_url
        try:
            team, channels = await self._api.team(service, origin.team), await self._api.channels(service, origin.team)
        except TryAgain:
            return origin.title
        return " – ".join(part for part in (str(team.get("name") or ""), channels.get(origin.root, "")) if part)

    async def forget(self, origin: Origin) -> None:
        """Forget a conversation that the app was taken out of."""
        await self.lose(origin.tenant, origin.root)

    async def lose(self, tenant: str, conversation_id: str) -> None:
        """Forget a conversation that is not there: the next card begins another."""
        self._stored.pop(conversation_id, None)
        await self._deps.db.write(lambda tx: forget_conversation(tx, PLATFORM, tenant, conversation_id))

    async def place_of(self, account: Account) -> Place:
        """Return the private conversation with somebody, which is begun if there is none.

        Raises Undeliverable, TryAgain.
        """
        tenant, person = account.tenant, account.external_id
        if not self.lets_in(tenant):
            raise Undeliverable("of a tenant that is not let in")
        known = await self._deps.db.read(lambda tx: private_conversation(tx, PLATFORM, tenant, person))
        if known is not None:
            return Place(known.address, known.id)
        other = await self._deps.db.read(lambda tx: any_conversation(tx, PLATFORM, tenant))
        service = other.address if other is not None else self._settings.service_url or EVERYWHERE
        place = await self._api.create(service, tenant, person)
        found = Conversation(PLATFORM, tenant, place.conversation, "private", person, "", service)
        await self._deps.db.write(lambda tx: save_conversation(tx, found, self._deps.clock.now()))
        return place

    async def channels(self, who: Who, user: str) -> tuple[Option, ...]:
        """Return the channels and groups that both the app and the person are in."""
        tenant, texts = who[0].tenant, Texts(who[1].locale, who[1].zone)
        known = await self._deps.db.read(lambda tx: shared_conversations(tx, PLATFORM, tenant))
        asking = asyncio.Semaphore(AT_ONCE)

        async def is_there(shared: Conversation) -> bool:
            async with asking:
                try:
                    return await self._api.member(Place(shared.address, shared.id), user) is not None
                except TryAgain:
                    return False

        there = await asyncio.gather(*map(is_there, known))
        unnamed = texts.t("A group chat without a name")
        return tuple(Option(c.id, c.title or unnamed) for c, here in zip(known, there, strict=True) if here)

    async def shared(self, tenant: str, conversation_id: str) -> Place:
        """Return a channel or group of the tenant's. Raises Undeliverable if the app is not there."""
        found = await self._deps.db.read(lambda tx: conversation(tx, PLATFORM, tenant, conversation_id))
        if found is None or found.kind == "private":
            raise Undeliverable("not there")
        return Place(found.address, found.id)


def _same(known: Conversation, found: Conversation) -> bool:
    return (known.kind, known.person, known.address) == (found.kind, found.person, found.address)


def _email(member: Mapping[str, Any]) -> str:
    """Return the address that the directory has: an external's sign-in name is no address."""
    return str(member.get("email") or "").strip()


def _refuse(tx: Transaction, account: Account) -> bool:
    return refuse_account(tx, PLATFORM, account.tenant, account.external_id)
