"""What the composition root needs from each chat platform."""

from typing import Protocol

from fastapi import FastAPI

from bot.ports import Messenger


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

    async def stop(self) -> None:
        """Close what `start` opened."""
        ...
