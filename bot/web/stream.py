"""What is new in a conversation, at once: server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from core.ports import Database
from storage.webchat import WebMessage, changed_messages, latest_change

POLL_SECONDS = 1.0
HEARTBEAT_POLLS = 15
LIFE_POLLS = 600  # then the browser comes back, and its right to read is checked again


class Hub:
    """Rings for the open streams of a worker when this process changed his conversation."""

    def __init__(self) -> None:
        self._bells: dict[int, set[asyncio.Event]] = {}
        self.closed = False

    def ring(self, worker_id: int) -> None:
        """Let this worker's streams look at once."""
        for bell in self._bells.get(worker_id, ()):
            bell.set()

    def close(self) -> None:
        """End all streams."""
        self.closed = True
        for worker_id in self._bells:
            self.ring(worker_id)

    def enter(self, worker_id: int) -> asyncio.Event:
        """Return the bell of a new stream."""
        bell = asyncio.Event()
        self._bells.setdefault(worker_id, set()).add(bell)
        return bell

    def leave(self, worker_id: int, bell: asyncio.Event) -> None:
        """Forget a stream that has ended."""
        bells = self._bells[worker_id]
        bells.discard(bell)
        if not bells:
            del self._bells[worker_id]


async def event_stream(
    db: Database, hub: Hub, worker_id: int, after: int, render: Callable[[list[WebMessage]], Awaitable[str]]
) -> AsyncIterator[str]:
    """Yield every change of the conversation after number `after`, as events named by their number.

    Another process's changes are found by looking once a second. `after` from before a fresh start of the
    database makes one "reset" event: the page is to be loaded anew.
    """
    bell = hub.enter(worker_id)
    try:
        yield "retry: 1000\n\n"
        if after > await db.read(lambda tx: latest_change(tx, worker_id)):
            yield "event: reset\ndata:\n\n"
            return
        silent = 0
        for _ in range(LIFE_POLLS):
            if hub.closed:
                return
            bell.clear()
            since = after
            if changed := await db.read(lambda tx, since=since: changed_messages(tx, worker_id, since)):  # type: ignore[misc]
                after, silent = changed[-1].seq, 0
                yield event("messages", after, await render(changed))
                continue
            silent += 1
            if silent % HEARTBEAT_POLLS == 0:
                yield ": still here\n\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), POLL_SECONDS)
    finally:
        hub.leave(worker_id, bell)


def event(name: str, number: int, data: str) -> str:
    """Return one server-sent event; every line of `data` gets its own field."""
    lines = "".join(f"data: {line}\n" for line in data.splitlines())
    return f"id: {number}\nevent: {name}\n{lines}\n"
