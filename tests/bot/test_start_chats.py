"""The demonstration as a process of its own, used from Telegram and from a Teams client on the same machine."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.bot.teams.client import Person as TeamsPerson
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.telegram.client import Person as TelegramPerson
from tests.bot.telegram.fake_api import TOKEN, FakeTelegram
from tests.bot.test_start import Processes, ended
from tests.bot.web.window import Window
from tests.hall import Hall

NOWHERE = cast("Hall", None)
"""The bot runs in another process."""


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[Processes]:
    started = Processes(tmp_path)
    yield started
    await started.stop()


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.violations == []


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    fake = FakeTeams()
    fake.open_to_all = True
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.violations == []


async def until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 - what the other process does sets no event
        await asyncio.sleep(0.02)


async def lines(process: asyncio.subprocess.Process, count: int) -> list[str]:
    """Return what it says first, or all that it had to say."""
    assert process.stdout is not None
    said = [(await process.stdout.readline()).decode().rstrip("\n") for _ in range(count)]
    if not said[-1] and process.stderr is not None:
        return [*said, (await process.stderr.read()).decode()]
    return said


async def test_the_demonstration_is_used_from_telegram_and_from_teams_here(
    processes: Processes, telegram: FakeTelegram, teams: FakeTeams
) -> None:
    process = await processes.start(
        "demo", telegram_token=TOKEN, telegram_api_url=telegram.url, teams_skip_auth="1", locale="en"
    )
    assert await lines(process, 3) == [
        f"The web chat is ready: {processes.address}/chat",
        f"Teams reaches it at: {processes.address}/api/messages",
        "What people write in Telegram is fetched from there.",
    ]

    async with httpx.AsyncClient(base_url=processes.address, follow_redirects=True) as http:
        await _link_agathe(http, telegram)
        seforme = TeamsPerson(NOWHERE, teams, teams.add_member("seforme", "seforme@example.org"))

        async def say(headers: dict[str, str] | None = None, **changes: Any) -> int:
            said = seforme.activity("message", text="parcours 1285", textFormat="plain") | changes
            return (await http.post("/api/messages", json=said, headers=headers)).status_code

        elsewhere, through_a_proxy = {"serviceUrl": "https://smba.example.org/"}, {"x-forwarded-for": "10.0.0.7"}
        refused = [await say(**elsewhere), await say(through_a_proxy)]
        assert (refused, teams.messages) == ([403, 403], [])
        assert await say() == 200
        await until(lambda: bool(seforme.screen))

    assert "1285" in str(seforme.screen[-1].activity)
    assert "Traceback" not in await ended(process, signal.SIGTERM)


async def _link_agathe(http: httpx.AsyncClient, telegram: FakeTelegram) -> None:
    """Ask for a code in the web chat, and open the link to Telegram that comes with it."""
    window = Window(http, "Agathe")
    await window.say("rdv lier")
    assert window.form is not None
    (way,) = [link.attrs["href"] for link in window.form.all("a") if "t.me" in link.attrs["href"]]
    code = dict(parse_qsl(urlsplit(way).query))["start"]
    agathe = TelegramPerson(NOWHERE, telegram, 1001, "Agathe")
    await agathe.start(code)
    await until(lambda: bool(agathe.screen))
    shown = len(agathe.screen)
    await agathe.say("/parcours 1285")
    await until(lambda: len(agathe.screen) > shown)
    assert "1285" in agathe.screen[-1].text
