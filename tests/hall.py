"""One running rdv with any number of platforms in it, each against its stand-in."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from bot.background import Background
from bot.dispatcher import Dispatcher
from bot.outbox import OutboxSender
from bot.platform import Deps, Platform
from bot.server import create_api
from core.appointments import Appointment
from core.booking import book
from core.ports import Database
from core.rules import Rules
from tests.builders import Guide, store_guide
from tests.clock import SetClock

ZONE = "Europe/Brussels"


@dataclass
class Hall:
    """The bot on its server, with the guide's people in the database; `http` speaks to the server."""

    deps: Deps
    guide: Guide
    clock: SetClock
    api: FastAPI
    http: httpx.AsyncClient
    platforms: list[Platform] = field(default_factory=list)

    async def answered(self) -> None:
        """Wait until the bot has done all that it does after an answer."""
        for platform in self.platforms:
            background = getattr(platform, "background", None)
            if isinstance(background, Background):
                await background.drain(20)

    async def settle(self, **later: float) -> None:
        """Let everything be answered and sent, after some time if it is said."""
        self.clock.advance(timedelta(**later))
        await self.answered()
        sender = OutboxSender(self.deps.db, {p.name: p.messenger for p in self.platforms}, self.clock)
        while await sender.sweep():
            await self.answered()

    async def book(self, **changes: Any) -> Appointment:
        """Agathe books in seforme's agenda, ecoute is invited; everybody's cards are sent."""
        request, now = self.guide.request(**changes), self.clock.now()
        booked = await self.deps.db.write(lambda tx: book(tx, self.guide.agathe, request, now, self.deps.rules))
        await self.settle()
        return booked

    async def stored(self, appointment: Appointment) -> Appointment:
        """Return the appointment as it is now."""
        found = await self.deps.db.read(lambda tx: tx.appointments.find(appointment.id))
        assert found is not None
        return found


def deps_for(db: Database, clock: SetClock, rules: Rules, **changes: Any) -> Deps:
    """Return what platforms are built from; `changes` are fields of `Deps`."""
    doors: dict[str, str] = {}
    known: dict[str, Any] = {
        "db": db,
        "dispatcher": Dispatcher(db, clock, rules, locale="fr", zone=ZONE, contact="Odile", doors=doors),
        "clock": clock,
        "rules": rules,
        "wake": lambda: None,
        "hurry": lambda _: None,
        "secret_key": "s" * 32,
        "demo": False,
        "public_url": "",
        "locale": "fr",
        "zone": ZONE,
        "sleep": clock.sleep,
        "doors": doors,
    }
    return Deps(**(known | changes))


@asynccontextmanager
async def running(deps: Deps, clock: SetClock, *builds: Callable[[Deps], Platform]) -> AsyncIterator[Hall]:
    """Run the platforms that `builds` make, on one server that is spoken to without a network."""
    guide = await deps.db.write(store_guide)
    platforms = [build(deps) for build in builds]
    api = create_api(deps.db, clock, platforms, _nothing)
    for platform in platforms:
        await platform.start()
    try:
        transport = httpx.ASGITransport(app=api)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
            yield Hall(deps, guide, clock, api, http, platforms)
    finally:
        for platform in reversed(platforms):
            await platform.stop()


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    """Nothing runs beside the server: tests start and stop what they want."""
    yield
