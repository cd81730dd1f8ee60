"""Rows `slack_modal_open_p50` and `slack_modal_open_p99`: from a signed `/rdv` until `views.open` reaches Slack.

The bare app acknowledges and opens, behind the same server, the very modal that ours builds from the database.
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import web

from storage import migrate, open_database
from tests.bench.load import HOST
from tests.bench.row import emit
from tests.bench.slack_requests import TEAM, command
from tests.bench.slack_server import OPEN
from tests.bench.slack_serving import served
from tests.builders import Guide, make_range, store_guide

WARM, COMMANDS = 40, 500
PATIENCE = 10.0
REST = 0.03
"""Seconds between two commands: what follows a modal, such as its picture, is not what is measured."""
CASE = "1285"
Talk = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_numbers = count()


def main() -> None:
    """Print the rows."""
    asyncio.run(_rows())


@dataclass
class SlackApi:
    """Notes when `views.open` arrives for a trigger, and with what."""

    waiting: dict[str, "asyncio.Future[float]"] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Answer any method as one that worked."""
        arrived = time.perf_counter()
        if request.match_info["method"] == "views.open":
            told = await request.json() if "json" in request.content_type else dict(await request.post())
            found = self.waiting.pop(str(told["trigger_id"]), None)
            if found is not None:
                self.view = told["view"] if isinstance(told["view"], dict) else json.loads(told["view"])
                found.set_result(arrived)
        view, upload = {"id": "V1", "hash": "1.a"}, {"upload_url": f"{self.url}/upload", "file_id": "F1"}
        return web.json_response({"ok": True, "view": view, "user_id": "U", "team_id": TEAM, **upload})

    async def upload(self, request: web.Request) -> web.Response:
        """Take a picture."""
        await request.read()
        return web.Response(text="OK")


async def _rows() -> None:
    taken: dict[str, list[float]] = {"ours": [], "bare": []}
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        path, view = Path(folder) / "modal.db", Path(folder) / "view.json"
        os.environ["RDV_BENCH_VIEW"] = str(view)
        await _prepare(path)
        async with _slack() as slack, served("ours", path, f"{slack.url}/api/") as ours, _talk(ours) as to_ours:
            await _opened(slack, to_ours, CASE)
            view.write_text(json.dumps(slack.view), encoding="utf-8")
            async with served("bare", path, f"{slack.url}/api/") as bare, _talk(bare) as to_bare:
                for n in range(WARM + COMMANDS):  # in turn, so that whatever else the machine does slows both
                    for which, talk, text in (("ours", to_ours, CASE), ("bare", to_bare, OPEN)):
                        seconds = await _opened(slack, talk, text)
                        if n >= WARM:
                            taken[which].append(seconds)
    for name, share in (("p50", 50), ("p99", 99)):
        value, baseline = (statistics.quantiles(taken[which], n=100)[share - 1] * 1_000 for which in ("ours", "bare"))
        emit(f"slack_modal_open_{name}", value, "ms", "bare AsyncApp that opens the same modal, same server", baseline)


async def _opened(slack: SlackApi, talk: Talk, text: str) -> float:
    """Return the seconds from sending a command until its `views.open` arrives; then let the server rest."""
    trigger = f"t.{next(_numbers)}"
    arrival = slack.waiting[trigger] = asyncio.get_running_loop().create_future()
    request = command(text, "U1", trigger)
    sent = time.perf_counter()
    talk[1].write(request)
    arrived = await asyncio.wait_for(arrival, PATIENCE)
    await talk[0].readuntil(b"\r\n\r\n")
    await asyncio.sleep(REST)
    return arrived - sent


@asynccontextmanager
async def _talk(port: int) -> AsyncIterator[Talk]:
    """Give a kept connection to a server."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


async def _prepare(path: Path) -> None:
    migrate(f"sqlite:///{path}")
    db = open_database(f"sqlite:///{path}")

    def fill(tx: Any) -> Guide:
        guide = store_guide(tx)
        tx.accounts.link(guide.agathe.id, "slack", TEAM, "U1", email=guide.agathe.email, current=True)
        tx.agendas.replace_ranges(guide.agathe.id, [make_range(guide.agathe)])
        return guide

    await db.write(fill)
    await db.close()


@asynccontextmanager
async def _slack() -> AsyncIterator[SlackApi]:
    slack = SlackApi()
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/api/{method}", slack.answer)
    app.router.add_post("/upload", slack.upload)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, HOST, 0).start()
    slack.url = f"http://{HOST}:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    main()
