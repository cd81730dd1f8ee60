"""A real demonstration, in a process of its own, and a real Chromium to look at it with."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from bot.server import listen

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--lang=fr",
]

PATIENCE = 20_000
"""Milliseconds until a page that does not come is given up: a busy machine draws late."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fresh demonstration."""
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RDV_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "demo"],
        cwd=tmp_path_factory.mktemp("demo"),
        env=environment | {"RDV_PORT": str(port), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "/chat" in line, line + process.stdout.read()
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert out == ""


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium, where there is one; on CI there must be."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        await opened.close()


@pytest.fixture
def problems() -> list[str]:
    """What went wrong in the pages."""
    return []


@pytest.fixture
async def context(browser: Browser, demo: str, problems: list[str]) -> AsyncIterator[BrowserContext]:
    """One browser's windows; whatever goes wrong in a page, a violation of its policy included, fails the test."""
    opened = await browser.new_context(base_url=demo, locale="fr-BE", viewport={"width": 1200, "height": 900})
    opened.set_default_timeout(PATIENCE)

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", note)

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            problems.append(message.text)

    opened.on("page", watch)
    yield opened
    await opened.close()
    assert not problems
