"""What the composition root needs from each chat platform, and what it hands to each."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from fastapi import FastAPI

from bot.dispatcher import Dispatcher
from bot.pictures import Pictures
from bot.ports import Messenger
from core.ports import Database
from core.rules import Rules
from core.times import Clock


@dataclass(frozen=True, slots=True)
class Deps:
    """What every platform is built from, by its `build(deps, settings)`.

    `wake` tells the outbox and the platforms that a commit may have added notices: call it after each handled event.
    `hurry` does so for what a worker has just done: what he sees of it goes ahead of whatever waits for others.
    `demo` means that the demonstration data are served, on loopback only. `public_url` is "" where none is set, and has
    no slash at its end. `locale` and `zone` are those of the organisation, for whom no worker is known. `pictures`
    draws for the platforms that cannot show a drawing as it is. `sleep` waits for seconds of `clock`.
    `database_url` is the address of `db`, for a library that keeps tables of its own there. `doors` is how one gets to
    the bot on each platform, as `handlers.context.Context` has it: a platform enters itself when it knows.
    """

    db: Database
    dispatcher: Dispatcher
    clock: Clock
    rules: Rules
    wake: Callable[[], None]
    hurry: Callable[[int], None]
    secret_key: str = field(repr=False)
    demo: bool
    public_url: str
    locale: str
    zone: str
    pictures: Pictures = field(default_factory=Pictures)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    database_url: str = field(default="", repr=False)
    doors: dict[str, str] = field(default_factory=dict)


class Platform(Protocol):
    """One chat platform: its routes, its messenger, and what it runs beside the server."""

    name: str
    messenger: Messenger

    def mount(self, api: FastAPI) -> None:
        """Add the platform's routes to the server."""
        ...

    async def start(self) -> None:
        """Open connections; called once, inside the running loop."""
        ...

    def wake(self) -> None:
        """Look for what the platform itself has due: a commit may have changed it, or time has passed."""
        ...

    def closing(self) -> None:
        """The server takes no more requests: end those that would stay open by themselves (streams)."""
        ...

    async def stop(self) -> None:
        """Close what `start` opened; called when the last request is done."""
        ...
