"""What the doctor hears from the database and from Slack."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.checkup import check_database
from bot.settings import SlackSettings
from bot.slack.checkup import check_slack, slack_team
from core.notices import NoticeKind
from core.ports import Transaction
from handlers.i18n import Texts
from storage import migrate, open_database
from tests.builders import make_notice, store_guide
from tests.clock import SetClock

TEXTS = Texts("en", "Europe/Brussels")


class Slack:
    """A Web API on loopback that answers auth.test as told."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] = {"ok": True, "team": "Office", "team_id": "T1"}
        self.scopes = "chat:write,commands"
        self.tokens: list[str] = []
        self.settings = SlackSettings("xoxb-1")

    async def auth_test(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers["Authorization"])
        return web.json_response(self.answer, headers={"x-oauth-scopes": self.scopes})


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    slack, app = Slack(), web.Application()
    app.router.add_post("/api/auth.test", slack.auth_test)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    slack.settings = SlackSettings("xoxb-1", api_url=f"http://127.0.0.1:{port}/api/")
    yield slack
    await runner.cleanup()


async def test_slack_answers(slack: Slack) -> None:
    finding = await check_slack(slack.settings, ["chat:write"], TEXTS)

    assert (finding.state, finding.says) == ("ok", "Slack answers: workspace Office.")
    assert slack.tokens == ["Bearer xoxb-1"]
    assert await slack_team(slack.settings) == "T1"


async def test_slack_refuses_the_token(slack: Slack) -> None:
    slack.answer = {"ok": False, "error": "invalid_auth"}

    finding = await check_slack(slack.settings, [], TEXTS)

    assert finding.state == "wrong"
    assert "invalid_auth" in finding.says
    assert finding.todo


async def test_missing_scopes_are_named(slack: Slack) -> None:
    finding = await check_slack(slack.settings, ["chat:write", "im:write", "users:read"], TEXTS)

    assert finding.state == "wrong"
    assert "im:write, users:read" in finding.says


async def test_silent_slack_is_not_our_fault() -> None:
    nowhere = SlackSettings("xoxb-1", api_url="http://127.0.0.1:9/api/")

    assert (await check_slack(nowhere, [], TEXTS)).state == "note"
    assert await slack_team(nowhere) is None


async def test_database_that_is_not_migrated(tmp_path: Path) -> None:
    (finding,) = await check_database(f"sqlite:///{tmp_path}/new.db", SetClock(), TEXTS, thorough=True)

    assert finding.state == "wrong"
    assert finding.todo == "Run: rdv migrate"


async def test_late_and_lost_notices_are_reported(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path}/office.db", SetClock()
    migrate(url)
    db = open_database(url)
    guide = await db.write(store_guide)

    def work(tx: Transaction) -> None:
        appointment = tx.appointments.add(guide.appointment())
        opening = tx.openings.add(guide.opening())
        asked = make_notice(0, guide.seforme, NoticeKind.OPENING_ASKED, opening_id=opening.id)
        kinds = (NoticeKind.REFRESH, NoticeKind.SHOWN)
        notices = [asked, *(make_notice(appointment.id, guide.agathe, kind) for kind in kinds)]
        tx.outbox.add(notices, clock.now())
        for row in tx.outbox.claim_due(clock.now(), clock.now(), 2):
            tx.outbox.set_aside(row.id, clock.now(), "undeliverable: gone")

    await db.write(work)
    await db.close()
    clock.advance(minutes=17)

    says = [f.says for f in await check_database(url, clock, TEXTS, thorough=True) if f.state == "wrong"]

    assert says == [
        "The oldest notice has waited for 17 minutes.",
        "A notice (refresh, appointment 1) was given up: undeliverable: gone",
        "A notice (opening_asked, request 1 to open a time) was given up: undeliverable: gone",
    ]


async def test_database_that_does_not_answer_keeps_its_password() -> None:
    url = "postgresql+psycopg://user:hunter2@127.0.0.1:9/name"

    (finding,) = await check_database(url, SetClock(), TEXTS, thorough=False)

    assert finding.state == "wrong"
    assert "hunter2" not in finding.says + finding.todo
