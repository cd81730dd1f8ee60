"""Builds everything from the settings; a platform's SDK is imported only when it is configured."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from fastapi import FastAPI

from bot.dispatcher import Dispatcher
from bot.outbox import OutboxSender
from bot.platform import Deps, Platform
from bot.ports import Messenger
from bot.pruning import pruning_job
from bot.scheduler import Job, Scheduler
from bot.server import create_api
from bot.settings import DATABASE, DEMO_DATABASE, Settings
from bot.summaries import summary_job
from core.ports import Database
from core.times import Clock, SystemClock
from storage import open_database

TICK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Runtime:
    """A built product, ready to be served."""

    api: FastAPI
    db: Database
    deps: Deps
    platforms: tuple[Platform, ...]
    outbox: OutboxSender

    def closing(self) -> None:
        """The server takes no more requests."""
        for platform in self.platforms:
            platform.closing()


def database_url(settings: Settings, *, demo: bool) -> str:
    """Return the database's address: the one that is set, else the embedded default."""
    return settings.database(DEMO_DATABASE if demo else DATABASE)


def build(
    settings: Settings,
    *,
    demo: bool,
    secret_key: str | None = None,
    clock: Clock | None = None,
    jobs: Callable[[Deps], list[Job]] | None = None,
    on_ready: Callable[[], None] | None = None,
) -> Runtime:
    """Return everything, connected; nothing runs before its `api` is served, and `on_ready` is called then."""
    clock = clock or SystemClock()
    url = database_url(settings, demo=demo)
    db = open_database(url)
    doors: dict[str, str] = {}
    dispatcher = Dispatcher(
        db,
        clock,
        settings.rules,
        locale=settings.locale,
        zone=settings.timezone,
        contact=settings.contact,
        doors=doors,
    )
    messengers: dict[str, Messenger] = {}
    platforms: list[Platform] = []
    outbox = OutboxSender(db, messengers, clock)

    def wake() -> None:
        outbox.wake()
        for platform in platforms:
            platform.wake()

    def hurry(worker_id: int) -> None:
        outbox.ahead(worker_id)
        for platform in platforms:
            platform.wake()

    deps = Deps(
        db=db,
        dispatcher=dispatcher,
        clock=clock,
        rules=settings.rules,
        wake=wake,
        hurry=hurry,
        secret_key=settings.secret_key.get_secret_value() if secret_key is None else secret_key,
        demo=demo,
        public_url=settings.public_url,
        locale=settings.locale,
        zone=settings.timezone,
        database_url=url,
        doors=doors,
    )
    platforms += build_platforms(deps, settings)
    messengers.update({platform.name: platform.messenger for platform in platforms})
    own = [Job("due", TICK, wake), summary_job(db, clock, wake), pruning_job(db, clock)]
    scheduler = Scheduler([*own, *(jobs(deps) if jobs else [])])

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        started: list[Platform] = []
        sender = asyncio.create_task(outbox.run())
        try:
            for platform in platforms:
                await platform.start()
                started.append(platform)
            scheduler.start()
            wake()
            if on_ready:
                on_ready()
            gc.collect()
            gc.freeze()  # what was built lives as long as the process: looking through it again costs each click
            yield
            scheduler.stop()
        finally:
            await outbox.stop(sender)
            for platform in reversed(started):
                await platform.stop()
            await db.close()

    return Runtime(create_api(db, clock, platforms, lifespan), db, deps, tuple(platforms), outbox)


def build_platforms(deps: Deps, settings: Settings) -> list[Platform]:
    """Return the platforms that are configured; who never spoke is looked for in this order.

    The web chat is always there, guards its own door, and comes last.
    """
    platforms: list[Platform] = []
    if settings.slack is not None:
        from bot.slack.app import build as build_slack

        platforms.append(build_slack(deps, settings.slack))
    if settings.teams is not None:
        from bot.teams.app import build as build_teams

        platforms.append(build_teams(deps, settings.teams))
    if settings.telegram is not None:
        from bot.telegram.app import build as build_telegram

        platforms.append(build_telegram(deps, settings.telegram))
    from bot.web.app import build as build_web

    return [*platforms, build_web(deps)]
