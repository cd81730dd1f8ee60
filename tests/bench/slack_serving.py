"""A server process for the Slack rows, for as long as something is measured."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.slack_requests import SECRET
from tests.bench.slack_server import BOT_TOKEN
from tests.bench.start import free_port, until_healthy


@asynccontextmanager
async def served(which: str, path: Path, api: str = "") -> AsyncIterator[int]:
    """Give the port of `python -m tests.bench.slack_server which`, on the database at `path`.

    `api` is the address of the Web API; without one nobody answers there.
    """
    with free_port() as api_port:
        nowhere = f"http://127.0.0.1:{api_port}/api/"
    with free_port() as port:
        pass
    settings = {
        "RDV_DATABASE_URL": f"sqlite:///{path}",
        "RDV_SECRET_KEY": "bench-" * 8,
        "RDV_SLACK_BOT_TOKEN": BOT_TOKEN,
        "RDV_SLACK_SIGNING_SECRET": SECRET,
        "RDV_SLACK_API_URL": api or nowhere,
    }
    serve = [sys.executable, "-m", "tests.bench.slack_server", which, str(port)]
    process = subprocess.Popen(serve, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        await until_healthy(port)
        yield port
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)
