"""A server in a process of its own, for as long as something is measured."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.slack_requests import SECRET
from tests.bench.slack_server import BOT_TOKEN
from tests.bench.start import free_port, until_healthy
from tests.bench.vendors import CLIENT, TENANT, Vendors

TELEGRAM_TOKEN = "7000000001:bench"
TELEGRAM_SECRET = "bench-webhook-secret"
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers: its port, and its process."""

    port: int
    pid: int

    def memory(self) -> float:
        """Return the megabytes that the process holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * PAGE / 1024 / 1024


@asynccontextmanager
async def served(module: str, *arguments: str, settings: Mapping[str, str]) -> AsyncIterator[Served]:
    """Run `python -m module *arguments PORT` with those settings."""
    with free_port() as port:
        pass
    serve = [sys.executable, "-m", module, *arguments, str(port)]
    process = subprocess.Popen(serve, env={**os.environ, **settings}, stdout=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        await until_healthy(port)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)


def base_settings(path: Path) -> dict[str, str]:
    """Return the settings of the product without a platform."""
    return {"RDV_DATABASE_URL": f"sqlite:///{path}", "RDV_SECRET_KEY": "bench-" * 8}


def slack_settings(found: Vendors) -> dict[str, str]:
    """Return the settings that connect Slack."""
    return {
        "RDV_SLACK_BOT_TOKEN": BOT_TOKEN,
        "RDV_SLACK_SIGNING_SECRET": SECRET,
        "RDV_SLACK_API_URL": f"{found.url}/api/",
    }


def telegram_settings(found: Vendors) -> dict[str, str]:
    """Return the settings that connect Telegram, at its webhook."""
    return {
        "RDV_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "RDV_TELEGRAM_WEBHOOK_SECRET": TELEGRAM_SECRET,
        "RDV_TELEGRAM_API_URL": f"{found.url}/",
        "RDV_PUBLIC_URL": "https://rdv.example.org",
    }


def teams_settings(found: Vendors) -> dict[str, str]:
    """Return the settings that connect Teams."""
    return {
        "RDV_TEAMS_CLIENT_ID": CLIENT,
        "RDV_TEAMS_CLIENT_SECRET": "bench",
        "RDV_TEAMS_TENANT_ID": TENANT,
        "RDV_BENCH_VENDORS": found.url,
    }
