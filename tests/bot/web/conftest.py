"""The web chat over real handlers and a real SQLite file, with the guide's people."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

import httpx
import pytest
from fastapi import FastAPI

from bot.dispatcher import Dispatcher
from bot.outbox import OutboxSender
from bot.platform import Deps, Platform
from bot.web.app import build
from core.ports import Database
from core.rules import Rules
from tests.bot.web.window import Window
from tests.builders import Guide, store_guide
from tests.clock import SetClock

KEY = "a secret of these tests"


@dataclass
class Chat:
    """A server of the web chat; its outbox sends when a test says so."""

    deps: Deps
    guide: Guide
    clock: SetClock
    platform: Platform
    api: FastAPI
    http: httpx.AsyncClient

    def window(self, handle: str) -> Window:
        """Return a window of one person's."""
        return Window(self.http, handle)

    async def send_notices(self) -> None:
        """Send all that is due."""
        sender = OutboxSender(self.deps.db, {"web": self.platform.messenger}, self.clock)
        while await sender.sweep():
            pass


def client(api: FastAPI, base_url: str = "http://127.0.0.1:8000") -> httpx.AsyncClient:
    """Return a client as a browser on this machine is one."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url=base_url)


@pytest.fixture
def deps(db: Database, clock: SetClock, rules: Rules) -> Deps:
    """What the web chat is built from, in demonstration mode."""
    return Deps(
        db=db,
        dispatcher=Dispatcher(db, clock, rules, locale="fr", zone="Europe/Brussels", contact=""),
        clock=clock,
        rules=rules,
        wake=lambda: None,
        hurry=lambda _: None,
        secret_key=KEY,
        demo=True,
        public_url="",
        locale="fr",
        zone="Europe/Brussels",
    )


@pytest.fixture
async def open_chat(deps: Deps, clock: SetClock) -> AsyncIterator[Callable[..., Chat]]:
    """Makes servers, with some of the dependencies changed."""
    guide = await deps.db.write(store_guide)
    made: list[Chat] = []

    def make(**changes: object) -> Chat:
        own = replace(deps, **changes)  # type: ignore[arg-type]
        platform, api = build(own), FastAPI()
        platform.mount(api)
        made.append(Chat(own, guide, clock, platform, api, client(api)))
        return made[-1]

    yield make
    for chat in made:
        chat.platform.closing()
        await chat.platform.stop()
        await chat.http.aclose()


@pytest.fixture
def chat(open_chat: Callable[..., Chat]) -> Chat:
    """The chat in demonstration mode."""
    return open_chat()
