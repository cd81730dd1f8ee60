"""Row `telegram_update`: presses that accept an invitation, a second, through the webhook, each committed.

The baseline is a bare python-telegram-bot on the same server, which reads each press, calls a handler
that does nothing, and answers neither the press nor anybody.
"""

import asyncio
import shutil
import statistics
import tempfile
from pathlib import Path

from tests.bench.load import run_load
from tests.bench.platform_clicks import INVITEES, Click, accepted, prepared, rate_of, telegram_press, telegram_user
from tests.bench.row import emit
from tests.bench.serving import base_settings, served, telegram_settings
from tests.bench.vendors import Vendors, vendors

CLIENTS, CLICKS, WARMING, RUNS = 16, 3_000, 200, 3


def main() -> None:
    """Print the row."""
    asyncio.run(_row())


async def _row() -> None:
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        start = Path(folder) / "start.db"
        clicks = await prepared(start, CLICKS)
        ours, bare = [], []
        async with vendors() as found:
            for run in range(RUNS):
                path = start.with_name(f"run-{run}.db")
                shutil.copy(start, path)
                ours.append(await _rate("tests.bench.platform_server", clicks, found, path))
                if accepted(path) != CLICKS:
                    raise RuntimeError(f"{accepted(path)} of {CLICKS} answers were committed")
                bare.append(await _rate("tests.bench.telegram_server", clicks, found, path))
    baseline = "bare python-telegram-bot, same server"
    emit("telegram_update", statistics.median(ours), "updates/s", baseline, statistics.median(bare))


async def _rate(module: str, clicks: list[Click], found: Vendors, path: Path) -> float:
    warming = [telegram_press("none:", telegram_user(n % INVITEES)) for n in range(WARMING)]
    requests = [telegram_press(c.ref.encode(), telegram_user(c.number)) for c in clicks]
    async with served(module, settings={**base_settings(path), **telegram_settings(found)}) as server:
        await run_load(server.port, warming, CLIENTS)
        return rate_of(await run_load(server.port, requests, CLIENTS))


if __name__ == "__main__":
    main()
