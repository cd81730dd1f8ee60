"""Health, readiness, the address to listen on, and what starts and stops with the server."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from bot.platform import Platform
from bot.server import CannotListen, PortTaken, create_api, listen
from core.notices import NoticeKind
from storage.memory import MemoryDatabase
from tests.builders import make_notice
from tests.clock import SetClock


@asynccontextmanager
async def idle() -> AsyncIterator[None]:
    yield


def client(api: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://127.0.0.1")


async def test_health_needs_nothing() -> None:
    async with client(create_api(BrokenDatabase(), SetClock(), [], idle)) as http:
        answer = await http.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_readiness_tells_the_age_of_the_oldest_due_notice() -> None:
    db, clock = MemoryDatabase(), SetClock()
    await db.write(lambda tx: tx.outbox.add([make_notice(1, 1, NoticeKind.REFRESH)], clock.now()))
    clock.advance(seconds=42)

    async with client(create_api(db, clock, [], idle)) as http:
        answer = await http.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "oldest_due_seconds": 42.0})


async def test_not_ready_without_a_database() -> None:
    async with client(create_api(BrokenDatabase(), SetClock(), [], idle)) as http:
        answer = await http.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"status": "database unreachable"})


async def test_no_page_tells_what_else_there_is() -> None:
    async with client(create_api(MemoryDatabase(), SetClock(), [], idle)) as http:
        statuses = [(await http.get(path)).status_code for path in ("/docs", "/redoc", "/openapi.json", "/")]

    assert statuses == [404] * 4


async def test_platforms_add_their_routes() -> None:
    platform = OneRoute()

    async with client(create_api(MemoryDatabase(), SetClock(), [platform], idle)) as http:
        answer = await http.get("/one")

    assert answer.json() == "one"


def test_taken_port_is_told_before_anything_starts() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]

        with pytest.raises(PortTaken):
            listen("127.0.0.1", port)


def test_port_is_free_again_after_a_restart() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        peer = socket.create_connection(("127.0.0.1", port))
        accepted = _accept(first)
    accepted.close()  # this side closes first, so that the address is in TIME_WAIT
    peer.close()

    with listen("127.0.0.1", port) as second:
        assert second.getsockname()[1] == port


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(CannotListen):
        listen(host, 0)


def _accept(listening: socket.socket) -> socket.socket:
    listening.setblocking(True)
    accepted, _ = listening.accept()
    return accepted


class BrokenDatabase(MemoryDatabase):
    """Answers nothing."""

    async def read(self, work: object) -> None:  # type: ignore[override]  # noqa: ARG002
        raise ConnectionError("postgresql://user:hunter2@host/name")


class OneRoute(Platform):
    """A platform with one route."""

    name = "one"

    def mount(self, api: FastAPI) -> None:
        @api.get("/one")
        async def one() -> str:
            return "one"
