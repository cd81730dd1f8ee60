"""The real process: it starts, answers, and stops when asked."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from bot.server import listen

ROOT = Path(__file__).parents[2]


class Processes:
    """Starts `rdv` in a folder of its own, on a free port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with listen("127.0.0.1", 0) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._started: list[asyncio.subprocess.Process] = []

    async def start(self, command: str, **settings: str) -> asyncio.subprocess.Process:
        """Start it with these settings alone."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RDV_")}
        own = {f"RDV_{name.upper()}": value for name, value in settings.items()}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli",
            command,
            cwd=self.folder,
            env=kept | own | {"RDV_PORT": str(self.port), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._started.append(process)
        return process

    async def stop(self) -> None:
        """Leave none behind."""
        for process in self._started:
            if process.returncode is None:
                process.kill()
            await process.communicate()


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    started = Processes(tmp_path)
    yield started
    await started.stop()


async def first_line(process: asyncio.subprocess.Process) -> str:
    """Wait for the line that says it is ready; return it, or what went wrong."""
    assert process.stdout is not None
    assert process.stderr is not None
    line = await process.stdout.readline()
    return line.decode() or (await process.stderr.read()).decode()


async def ended(process: asyncio.subprocess.Process, number: signal.Signals) -> str:
    """Ask it to stop; return what it had to say."""
    process.send_signal(number)
    out, err = await process.communicate()
    assert process.returncode == 0, (out + err).decode()
    return (out + err).decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_demonstration_starts_answers_and_stops(processes: Processes, number: signal.Signals) -> None:
    process = await processes.start("demo")

    assert f"{processes.address}/chat" in await first_line(process)
    async with httpx.AsyncClient(base_url=processes.address) as http:
        health, ready = await http.get("/healthz"), await http.get("/readyz")
        chat = await http.get("/chat")

    assert (health.status_code, ready.status_code, chat.status_code) == (200, 200, 200)
    assert "Agathe" in chat.text
    assert "Traceback" not in await ended(process, number)
    assert (processes.folder / "var" / "demo.db").exists()


@pytest.mark.slow
async def test_open_window_does_not_keep_it_from_stopping(processes: Processes) -> None:
    process = await processes.start("demo")
    await first_line(process)

    async with (
        httpx.AsyncClient(base_url=processes.address) as http,
        http.stream("GET", "/chat/Agathe/events") as window,
    ):
        assert window.status_code == 200
        assert "Traceback" not in await ended(process, signal.SIGTERM)


@pytest.mark.slow
async def test_organisation_is_served_on_slack_and_its_web_chat_is_closed(processes: Processes) -> None:
    async def auth_test(_: web.Request) -> web.Response:
        return web.json_response({"ok": True, "team": "Office", "team_id": "T1", "user_id": "U0", "bot_id": "B0"})

    app = web.Application()
    app.router.add_post("/api/auth.test", auth_test)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = {
        "secret_key": "k" * 48,
        "slack_bot_token": "xoxb-1",
        "slack_signing_secret": "s" * 32,
        "slack_api_url": f"http://127.0.0.1:{runner.addresses[0][1]}/api/",
        "locale": "en",
    }
    migrated = await processes.start("migrate", **settings)
    assert await migrated.wait() == 0

    process = await processes.start("run", **settings)
    assert await first_line(process) == f"rdv is ready: {processes.address}\n"
    async with httpx.AsyncClient(base_url=processes.address) as http:
        health, chat = await http.get("/healthz"), await http.get("/chat")
        forged = await http.post("/slack/events", content=b"payload={}")
    said = await ended(process, signal.SIGTERM)
    await runner.cleanup()

    assert (health.status_code, chat.status_code, forged.status_code) == (200, 404, 401)
    assert "Traceback" not in said
    assert "xoxb-1" not in said
