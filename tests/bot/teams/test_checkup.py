"""What the doctor hears from Entra of the bot's secret, and whether Teams has spoken to the bot."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiohttp import web

from bot.settings import TeamsSettings
from bot.teams.checkup import LOGIN, SCOPE, check_heard, check_teams
from bot.teams.sdk import PUBLIC
from core.ports import Database
from handlers.i18n import Texts
from storage.conversations import Conversation, save_conversation
from tests.clock import START

TEXTS = Texts("en", "Europe/Brussels")
CLIENT = "11111111-2222-4333-8444-555555555555"
TENANT = "99999999-aaaa-4bbb-8ccc-dddddddddddd"


class Entra:
    """A login on loopback that answers as told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status, self.answer = 200, {"token_type": "Bearer", "expires_in": 3599, "access_token": "hunter2"}
        self.asked: dict[str, dict[str, str]] = {}
        self.settings = TeamsSettings(CLIENT, "hunter2", TENANT)

    async def token(self, request: web.Request) -> web.Response:
        """Answer a request for a token."""
        self.asked[request.path] = dict(parse_qsl(await request.text()))
        return web.json_response(self.answer, status=self.status)

    def refuse(self, error: str, *codes: int) -> None:
        """Refuse from now on; the description quotes what was sent."""
        self.status = 400
        said: dict[str, Any] = {"error": error, "error_description": "hunter2", "error_codes": list(codes)}
        self.answer = said


@pytest.fixture
async def entra() -> AsyncIterator[Entra]:
    entra, app = Entra(), web.Application()
    app.router.add_post("/{tenant}/oauth2/v2.0/token", entra.token)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    entra.settings = TeamsSettings(CLIENT, "hunter2", TENANT, login_url=url)
    yield entra
    await runner.cleanup()


def test_the_login_is_the_one_that_the_sdk_uses() -> None:
    assert (PUBLIC.login_endpoint, PUBLIC.bot_scope) == (LOGIN, SCOPE)


async def test_a_bot_that_entra_knows_is_given_a_token(entra: Entra) -> None:
    finding = await check_teams(entra.settings, TEXTS)

    assert (finding.state, finding.says) == ("ok", "Entra knows the bot and gives it a token.")
    assert entra.asked == {
        f"/{TENANT}/oauth2/v2.0/token": {
            "grant_type": "client_credentials",
            "client_id": CLIENT,
            "client_secret": "hunter2",
            "scope": SCOPE,
        }
    }


@pytest.mark.parametrize(
    ("error", "codes", "name", "says"),
    [
        ("invalid_client", (7000215,), "RDV_TEAMS_CLIENT_SECRET", "AADSTS7000215"),
        ("invalid_client", (7000222,), "RDV_TEAMS_CLIENT_SECRET", "AADSTS7000222"),
        ("unauthorized_client", (700016,), "RDV_TEAMS_CLIENT_ID", "AADSTS700016"),
        ("invalid_request", (90002,), "RDV_TEAMS_TENANT_ID", "AADSTS90002"),
        ("temporarily_odd", (), "RDV_TEAMS_CLIENT_SECRET", "temporarily_odd"),
    ],
)
async def test_a_refusal_names_the_setting_and_shows_no_secret(
    entra: Entra, error: str, codes: tuple[int, ...], name: str, says: str
) -> None:
    entra.refuse(error, *codes)
    finding = await check_teams(entra.settings, TEXTS)

    assert (finding.name, finding.state) == (name, "wrong")
    assert says in finding.says
    assert finding.todo
    assert "hunter2" not in f"{finding}"


async def test_an_entra_that_is_away_is_not_ours_to_mend() -> None:
    nowhere = TeamsSettings(CLIENT, "hunter2", TENANT, login_url="http://127.0.0.1:9")

    assert (await check_teams(nowhere, TEXTS)).state == "note"


async def test_nobody_can_be_written_to_before_teams_has_spoken(entra: Entra, db: Database) -> None:
    (finding,) = await check_heard(entra.settings, db, TEXTS)
    assert (finding.name, finding.state) == ("Teams", "note")

    heard = Conversation("teams", TENANT, "a:1", "private", "zoe", "", "https://smba.example.org/")
    await db.write(lambda tx: save_conversation(tx, heard, START))
    assert await check_heard(entra.settings, db, TEXTS) == []
