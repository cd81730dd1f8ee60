"""Rows `telegram_update` and `telegram_update_idle`: invitations accepted a second, through the webhook, committed.

Both are held against a bare python-telegram-bot on the same server: the first against one whose handler answers the
press, as ours is; the second against one that does nothing at all, which nobody could use.
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
        ours, bare, idle = [], [], []
        async with vendors() as found:
            for run in range(RUNS):
                path = start.with_name(f"run-{run}.db")
                shutil.copy(start, path)
                ours.append(await _rate("tests.bench.platform_server", clicks, found, path))
                if accepted(path) != CLICKS:
                    raise RuntimeError(f"{accepted(path)} of {CLICKS} answers were committed")
                bare.append(await _rate("tests.bench.telegram_server", clicks, found, path, RDV_BENCH_ANSWERS="1"))
                idle.append(await _rate("tests.bench.telegram_server", clicks, found, path))
    rate, baseline = statistics.median(ours), "bare python-telegram-bot, same server"
    emit("telegram_update", rate, "updates/s", f"{baseline}, which answers the press", statistics.median(bare))
    emit("telegram_update_idle", rate, "updates/s", f"{baseline}, which does nothing", statistics.median(idle))


async def _rate(module: str, clicks: list[Click], found: Vendors, path: Path, **more: str) -> float:
    warming = [telegram_press("none:", telegram_user(n % INVITEES)) for n in range(WARMING)]
    requests = [telegram_press(c.ref.encode(), telegram_user(c.number)) for c in clicks]
    async with served(module, settings={**base_settings(path), **telegram_settings(found), **more}) as server:
        await run_load(server.port, warming, CLIENTS)
        return rate_of(await run_load(server.port, requests, CLIENTS))


if __name__ == "__main__":
    main()
