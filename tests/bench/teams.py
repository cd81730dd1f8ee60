"""Row `teams_execute`: a signed Execute that accepts an invitation, committed, until the card that takes its place.

The baseline is the SDK's bare echo on the same server: it checks the same tokens, and answers with a card of one line.
"""

import asyncio
import shutil
import statistics
import tempfile
from pathlib import Path

from tests.bench.load import run_load
from tests.bench.platform_clicks import INVITEES, Click, accepted, prepared, rate_of, teams_execute, teams_user
from tests.bench.row import emit
from tests.bench.serving import base_settings, served, teams_settings
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
                bare.append(await _rate("tests.bench.teams_server", clicks, found, path))
    emit(
        "teams_execute",
        statistics.median(ours),
        "clicks/s",
        "the SDK's bare echo, same server",
        statistics.median(bare),
    )


async def _rate(module: str, clicks: list[Click], found: Vendors, path: Path) -> float:
    token = found.token()
    warming = [teams_execute({"rdv": "none:"}, teams_user(n % INVITEES), found, token) for n in range(WARMING)]
    requests = [teams_execute({"rdv": c.ref.encode()}, teams_user(c.number), found, token) for c in clicks]
    async with served(module, settings={**base_settings(path), **teams_settings(found)}) as server:
        await run_load(server.port, warming, CLIENTS)
        return rate_of(await run_load(server.port, requests, CLIENTS))


if __name__ == "__main__":
    main()
