"""Rows `memory_four` and `memory_growth`: what the process holds with all platforms on, and after 20,000 activities.

The activities are those of people at work, in turn on Slack, Telegram and Teams: a command that is answered, a press on
a button that is old by now, and the acceptance of an invitation. Growth counts from when every path was walked.
"""

import asyncio
import tempfile
from itertools import count, cycle
from pathlib import Path
from typing import Final

from tests.bench.load import run_load
from tests.bench.platform_clicks import (
    INVITEES,
    Click,
    prepared,
    rate_of,
    slack_user,
    teams_execute,
    teams_user,
    telegram_press,
    telegram_user,
)
from tests.bench.row import emit
from tests.bench.serving import base_settings, served, slack_settings, teams_settings, telegram_settings
from tests.bench.slack_requests import click, command
from tests.bench.vendors import Vendors, vendors

CLIENTS, ACTIVITIES, WARMING, CLICKS = 8, 20_000, 24_000, 2_000
SETTLED: Final = 3.0
"""Seconds until what follows the answers is done, and the process is at rest."""
_numbers = count(1)


def main() -> None:
    """Print the rows."""
    asyncio.run(_rows())


async def _rows() -> None:
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        path = Path(folder) / "rdv.db"
        clicks = await prepared(path, CLICKS)
        async with vendors() as found:
            on = {**slack_settings(found), **telegram_settings(found), **teams_settings(found)}
            bare = {**base_settings(path)}
            async with served("tests.bench.platform_server", settings=bare) as server:
                await asyncio.sleep(SETTLED)
                alone = server.memory()
            async with served("tests.bench.platform_server", settings={**bare, **on}) as server:
                await asyncio.sleep(SETTLED)
                rest = server.memory()
                rate_of(await run_load(server.port, _activities(clicks, found, WARMING), CLIENTS))
                await asyncio.sleep(SETTLED)
                begun = server.memory()
                rate_of(await run_load(server.port, _activities(clicks, found, ACTIVITIES), CLIENTS))
                await asyncio.sleep(SETTLED)
                ended = server.memory()
    emit("memory_four", rest, "MB", "the same with the web chat alone", alone)
    emit("memory_growth", ended, "MB", f"before {ACTIVITIES:,} activities on all of them", begun)


def _activities(clicks: list[Click], found: Vendors, times: int) -> list[bytes]:
    token, wanted = found.token(), cycle(clicks)
    made: list[bytes] = []
    while len(made) < times:
        one = next(wanted)
        number, ref = next(_numbers) % INVITEES, one.ref.encode()
        made += [
            command("aide", slack_user(number), f"t.{next(_numbers)}"),
            telegram_press(ref, telegram_user(one.number)),
            teams_execute({"rdv": ref}, teams_user(one.number), found, token),
            click(ref, slack_user(one.number), f"t.{next(_numbers)}"),
        ]
    return made[:times]


if __name__ == "__main__":
    main()
