"""The faults of the SDK as it is: when one of these fails, it is mended, and what keeps it out may go."""

import asyncio
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from fastapi import FastAPI
from microsoft_teams.api import AdaptiveCardActionMessageResponse
from microsoft_teams.api.auth.credentials import ClientCredentials
from microsoft_teams.apps import App, FastAPIAdapter
from microsoft_teams.apps.token_manager import TokenManager
from microsoft_teams.common import Client
from opentelemetry import metrics

from bot.teams.sdk import PUBLIC, TokenValidator, with_overrides
from tests.bot.teams.client import PATH
from tests.bot.teams.fake_connector import FakeTeams
from tests.bot.teams.fake_state import BOT, CLIENT, SECRET, TENANT, Json

UNMENDED = 500


@contextmanager
def quietly() -> Iterator[None]:
    """Let it warn of what it has done away with, and uses: as an error, that would look like one of its faults."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@dataclass
class Bare:
    """An app of the SDK's with one handler, and nothing of ours."""

    teams: FakeTeams
    http: httpx.AsyncClient

    async def send(self, kind: str, **more: Any) -> httpx.Response:
        """Deliver an activity, signed as it should be."""
        member = self.teams.members["Agathe"]
        activity: Json = {
            "type": kind,
            "id": "1",
            "channelId": "msteams",
            "serviceUrl": self.teams.service_url,
            "from": {"id": member.id, "aadObjectId": member.object_id, "name": "Somebody"},
            "recipient": {"id": BOT, "name": "rdv"},
            "conversation": {"id": member.private, "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }
        shown = {"authorization": f"Bearer {self.teams.token()}"}
        with quietly():
            return await self.http.post(PATH, json=activity, headers=shown)

    async def execute(self, trigger: str = "manual", **data: Any) -> httpx.Response:
        """Deliver a click on a card."""
        value = {"action": {"type": "Action.Execute", "verb": "rdv", **data}, "trigger": trigger}
        return await self.send("invoke", name="adaptiveCard/action", value=value)


def validator(app: App) -> TokenValidator:
    """Return what checks the tokens of the Bot Service."""
    inbound = app.server._token_validator
    assert inbound is not None
    return inbound._service_validator


async def bare_app(teams: FakeTeams, api: FastAPI) -> App:
    """Return the SDK's app as its documentation mounts it."""
    cloud = with_overrides(PUBLIC, openid_metadata_url=teams.settings().keys_url)
    with quietly():
        app = App(
            client_id=CLIENT,
            client_secret=SECRET,
            tenant_id=TENANT,
            http_server_adapter=FastAPIAdapter(app=api),
            messaging_endpoint=PATH,
            cloud=cloud,
        )

    async def answer(_: Any) -> AdaptiveCardActionMessageResponse:
        return AdaptiveCardActionMessageResponse(value="Bonjour")

    app.on_card_action_execute("known")(answer)
    await app.initialize()
    return app


@pytest.fixture
async def bare(teams: FakeTeams) -> AsyncIterator[Bare]:
    api = FastAPI()
    app = await bare_app(teams, api)
    await asyncio.to_thread(validator(app)._jwks_client.get_jwk_set)  # the key is here: see the test about that
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=api), base_url="http://127.0.0.1") as http:
        yield Bare(teams, http)


async def test_a_click_that_is_well_made_is_answered(bare: Bare) -> None:
    """What follows is the SDK's doing, and not this bench's."""
    assert (await bare.execute(data={"action": "known"})).status_code == 200


async def test_an_automatic_refresh_is_an_error(bare: Bare) -> None:
    assert (await bare.execute("automatic", data={"action": "known"})).status_code == UNMENDED


async def test_a_click_without_data_is_an_error(bare: Bare) -> None:
    assert (await bare.execute()).status_code == UNMENDED


async def test_an_invoke_that_is_not_known_is_an_error(bare: Bare) -> None:
    assert (await bare.send("invoke", name="made/up", value={})).status_code == UNMENDED


async def test_each_activity_leaves_meters_behind(bare: Bare) -> None:
    provider = metrics.get_meter_provider()
    await bare.execute(data={"action": "known"})
    before = len(provider._meters)  # type: ignore[attr-defined]
    for _ in range(5):
        await bare.execute(data={"action": "known"})
    assert len(provider._meters) >= before + 5  # type: ignore[attr-defined]


async def test_calls_have_no_time_out(teams: FakeTeams) -> None:
    client = Client()
    assert client.http.timeout == httpx.Timeout(None)
    await client.http.aclose()
    app = await bare_app(teams, FastAPI())
    assert app.http_client.http.timeout == httpx.Timeout(None)


async def test_a_call_that_came_too_fast_is_not_made_again() -> None:
    calls: list[str] = []

    async def too_fast(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response(status=429, headers={"Retry-After": "0"})

    server = web.Application()
    server.router.add_post("/", too_fast)
    runner = web.AppRunner(server, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = Client()
    with pytest.raises(httpx.HTTPStatusError):
        await client.post(f"http://127.0.0.1:{runner.addresses[0][1]}/", json={})
    assert calls == ["/"]
    await client.http.aclose()
    await runner.cleanup()


async def test_keys_are_fetched_on_the_loop(teams: FakeTeams, monkeypatch: pytest.MonkeyPatch) -> None:
    app = await bare_app(teams, FastAPI())
    threads: list[int] = []

    def fetch() -> Json:
        threads.append(threading.get_ident())
        raise ConnectionError

    monkeypatch.setattr(validator(app)._jwks_client, "fetch_data", fetch)
    with pytest.raises(ConnectionError):
        await validator(app).validate_token(teams.token(), teams.service_url)
    assert threads == [threading.get_ident()]


async def test_a_token_is_asked_for_on_the_loop_and_without_a_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """To make msal's client takes two requests to Entra."""
    made: list[tuple[int, bool]] = []

    class Entra:
        """msal's client, which reaches Entra when it is made."""

        def __init__(self, *_: str, **options: Any) -> None:
            made.append((threading.get_ident(), "timeout" in options))

        def acquire_token_for_client(self, _: list[str]) -> Json:
            """Give none."""
            return {"error": "invalid_client"}

    monkeypatch.setattr("microsoft_teams.apps.token_manager.ConfidentialClientApplication", Entra)
    manager = TokenManager(ClientCredentials(client_id=CLIENT, client_secret=SECRET, tenant_id=TENANT))
    with pytest.raises(ValueError, match="invalid_client"):
        await manager.get_bot_token()
    assert made == [(threading.get_ident(), False)]


def imported(what: str, folder: Path) -> str:
    """Return what a fresh process says that imports it beside a `.env`: a setting of that file, then its warnings."""
    (folder / ".env").write_text("RDV_FROM_A_FILE=read\n", encoding="utf-8")
    code = (
        "import os, warnings\n"
        "with warnings.catch_warnings(record=True) as found:\n"
        "    warnings.simplefilter('always')\n"
        f"    import {what}\n"
        "print(os.environ.get('RDV_FROM_A_FILE', ''), *sorted({w.category.__name__ for w in found}))\n"
    )
    here = str(Path(__file__).parents[3])
    known = {**os.environ, "PYTHONPATH": here}
    known.pop("PYTHON_DOTENV_DISABLED", None)
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=known, capture_output=True, text=True, check=True
    )
    return found.stdout.strip()


@pytest.mark.slow
def test_its_import_reads_a_file_into_the_environment_and_warns(tmp_path: Path) -> None:
    said = imported("microsoft_teams.apps", tmp_path).split()
    assert said[0] == "read"
    assert "ExperimentalWarning" in said


@pytest.mark.slow
def test_our_import_of_it_does_neither(tmp_path: Path) -> None:
    assert imported("bot.teams.sdk", tmp_path) == ""
