"""Rows `start` and `memory_at_rest`: from the process's start to its first `/healthz`, and what it holds then."""

import asyncio
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tests.bench.row import emit

RUNS = 3
BARE = """
import sys, uvicorn
from fastapi import FastAPI
api = FastAPI()
@api.get("/healthz")
async def healthz():
    return {"status": "ok"}
uvicorn.run(api, port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="error")
"""


def main() -> None:
    """Print both rows."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'demo.db'}"
        environment = {**os.environ, "RDV_DATABASE_URL": database}
        serve = [sys.executable, "-m", "bot.cli", "demo"]
        _measure(serve, environment)  # the first start makes the database
        ours = [_measure(serve, environment) for _ in range(RUNS)]
        bare = [_measure([sys.executable, "-c", BARE, "{port}"], dict(os.environ)) for _ in range(RUNS)]
    seconds, bare_seconds = (statistics.median(s for s, _ in runs) for runs in (ours, bare))
    memory, bare_memory = (statistics.median(m for _, m in runs) for runs in (ours, bare))
    emit("start", seconds, "s", "FastAPI and uvicorn with one route", bare_seconds)
    emit("memory_at_rest", memory, "MB", "FastAPI and uvicorn with one route", bare_memory)


def _measure(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    with free_port() as port:
        pass
    environment = {**environment, "RDV_PORT": str(port)}
    begin = time.perf_counter()
    process = subprocess.Popen(
        [part.replace("{port}", str(port)) for part in command], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        while not _healthy(port):
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}")
            time.sleep(0.01)
        seconds = time.perf_counter() - begin
        time.sleep(1)  # at rest
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        return seconds, pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_healthy(port: int) -> None:
    while not _healthy(port):
        time.sleep(0.02)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextlib.contextmanager
def free_port() -> Iterator[int]:
    """Give a loopback port that nobody listens on; it is free again afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield probe.getsockname()[1]


async def until_healthy(port: int) -> None:
    """Return once a server in another process answers."""
    await asyncio.to_thread(_wait_until_healthy, port)
