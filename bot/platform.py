"""What the composition root needs from each chat platform, and what it hands to each."""

from collections.abc import Callable
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

    `wake` tells the outbox that a commit may have added notices: call it after each handled event. `demo` means
    that the demonstration data are served, on loopback only. `public_url` is "" where none is set, and has no slash at
    its end. `locale` and `zone` are those of the organisation, for whom no worker is known. `pictures` draws for the
    platforms that cannot show a drawing as it is.
    """

    db: Database
    dispatcher: Dispatcher
    clock: Clock
    rules: Rules
    wake: Callable[[], None]
    secret_key: str = field(repr=False)
    demo: bool
    public_url: str
    locale: str
    zone: str
    pictures: Pictures = field(default_factory=Pictures)


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

    def closing(self) -> None:
        """The server takes no more requests: end those that would stay open by themselves (streams)."""
        ...

    async def stop(self) -> None:
        """Close what `start` opened; called when the last request is done."""
        ...
