"""The HTTP server: health, readiness, every platform's routes, and what runs beside them."""

import errno
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from bot.platform import Platform
from core.ports import Database
from core.times import Clock

GRACE = 3

log = structlog.get_logger()

Lifespan = Callable[[], AbstractAsyncContextManager[None]]


class PortTaken(Exception):
    """Another program listens on the address already."""


class CannotListen(Exception):
    """The address cannot be listened on; the message says why."""


def create_api(db: Database, clock: Clock, platforms: list[Platform], lifespan: Lifespan) -> FastAPI:
    """Return the application with every platform's routes; `lifespan` starts and stops what runs beside them."""

    @asynccontextmanager
    async def alive(_: FastAPI) -> AsyncIterator[None]:
        async with lifespan():
            yield

    api = FastAPI(title="rdv", openapi_url=None, docs_url=None, redoc_url=None, lifespan=alive)

    @api.get("/healthz")
    async def healthz() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @api.get("/readyz")
    async def readyz() -> JSONResponse:
        """The database answers; the age of the oldest due notice is the figure that raises an alarm."""
        now = clock.now()
        try:
            since = await db.read(lambda tx: tx.outbox.oldest_due(now))
        except Exception as fault:
            log.warning("not_ready", fault=type(fault).__name__)
            return JSONResponse({"status": "database unreachable"}, status_code=503)
        age = (now - since).total_seconds() if since else 0.0
        return JSONResponse({"status": "ready", "oldest_due_seconds": round(age, 3)})

    for platform in platforms:
        platform.mount(api)
    return api


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address, before anything else is started. Raises PortTaken, CannotListen."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind)
    except OSError as fault:
        raise CannotListen(fault.strerror or str(fault)) from fault
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(1024)
    except OSError as fault:
        bound.close()
        if fault.errno == errno.EADDRINUSE:
            raise PortTaken from fault
        raise CannotListen(fault.strerror or str(fault)) from fault
    bound.setblocking(False)
    return bound


class _Server(uvicorn.Server):
    """Tells that it is closing before it waits for open requests, some of which would not end by themselves."""

    def __init__(self, config: uvicorn.Config, on_closing: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_closing = on_closing

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_closing()
        await super().shutdown(sockets)


def serve(api: FastAPI, bound: socket.socket, on_closing: Callable[[], None]) -> bool:
    """Serve until a signal asks to stop; tell whether start-up succeeded. Requests are not logged."""
    config = uvicorn.Config(
        api,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config, on_closing)
    handlers = {number: signal.signal(number, _ended) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run(sockets=[bound])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return server.started


def _ended(*_: object) -> None:
    """Uvicorn has stopped, and raises the signal again that it had caught: there is nothing left to end."""
