"""What the doctor and the command line hear from Slack about several workspaces, and about a member."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore

import storage
from bot.findings import Finding
from bot.settings import SlackSettings
from bot.slack.checkup import check_members, check_workspaces, slack_team, tokens
from core.ports import Database, Transaction
from handlers.i18n import Texts
from storage.engines import async_engine
from storage.installations import forget_installation, forget_token, installed
from tests.builders import store_guide
from tests.clock import START

TEXTS = Texts("en", "Europe/Brussels")
CLIENT, PUBLIC = "1.2", "https://rdv.test"
TEAMS = frozenset({"T0ONE", "T0TWO", "E0GRID"})


@pytest.fixture
def asked() -> list[str]:
    """Whom Slack was asked after."""
    return []


@pytest.fixture
async def slack(asked: list[str]) -> AsyncIterator[SlackSettings]:
    """A Web API on loopback that takes every token but one."""

    async def auth_test(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        if token == "xoxb-dead":
            return web.json_response({"ok": False, "error": "token_revoked"})
        grid = {"is_enterprise_install": True, "enterprise_id": "E0GRID"} if token == "xoxb-grid" else {}
        said = {"ok": True, "team": f"Team {token}", "team_id": "T0ONE", **grid}
        return web.json_response(said, headers={"x-oauth-scopes": "chat:write"})

    async def users_info(request: web.Request) -> web.Response:
        user = {"id": (await request.post())["user"]}
        asked.append(str(user["id"]))
        if user["id"] == "U0SILENT":
            return web.Response(status=503, text="<html>")
        guest = {"is_restricted": True} if user["id"] == "U0GUEST" else {}
        return web.json_response({"ok": True, "user": {**user, **guest}})

    app = web.Application()
    app.router.add_post("/api/users.info", users_info)
    app.router.add_post("/api/auth.test", auth_test)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield SlackSettings(api_url=url, client_id=CLIENT, client_secret="secret", teams=TEAMS)
    await runner.cleanup()


async def install(url: str, team: str | None, token: str, *, enterprise: str | None = None, minutes: int = 0) -> None:
    engine = async_engine(url)
    await AsyncSQLAlchemyInstallationStore(CLIENT, engine).async_save(
        Installation(
            app_id="A0RDV",
            enterprise_id=enterprise,
            enterprise_name=enterprise and f"Grid {enterprise}",
            team_id=team,
            team_name=team and f"Team {team}",
            bot_token=token,
            user_id="U0",
            is_enterprise_install=team is None,
            installed_at=(START + timedelta(minutes=minutes)).timestamp(),
        )
    )
    await engine.dispose()


async def found(slack: SlackSettings, url: str, db: Database, *scopes: str) -> list[Finding]:
    return await check_workspaces(slack, url, db, PUBLIC, scopes or ("chat:write",), TEXTS)


async def test_no_workspace_has_installed_the_app_yet(slack: SlackSettings, sqlite_url: str, db: Database) -> None:
    (finding,) = await found(slack, sqlite_url, db)

    assert finding.state == "note"
    assert finding.todo == "Open https://rdv.test/slack/install in a browser."


async def test_each_workspace_is_asked_after(slack: SlackSettings, sqlite_url: str, db: Database) -> None:
    await install(sqlite_url, "T0ONE", "xoxb-one")
    await install(sqlite_url, "T0TWO", "xoxb-dead", minutes=1)
    await install(sqlite_url, None, "xoxb-grid", enterprise="E0GRID", minutes=2)
    findings = await found(slack, sqlite_url, db)

    assert [(f.name, f.state) for f in findings] == [
        ("Slack T0ONE", "ok"),
        ("Slack T0TWO", "wrong"),
        ("Slack E0GRID", "ok"),
    ]
    assert "token_revoked" in findings[1].says
    assert "https://rdv.test/slack/install" in findings[1].todo
    lacking = await found(slack, sqlite_url, db, "chat:write", "im:history")
    assert lacking[0].says == "The Slack app lacks these rights: im:history."


async def test_a_workspace_that_is_not_named_is_not_asked_after(
    slack: SlackSettings, sqlite_url: str, db: Database
) -> None:
    await install(sqlite_url, "T0ONE", "xoxb-one")
    await install(sqlite_url, "T0TWO", "xoxb-dead", minutes=1)
    await install(sqlite_url, "T0GRID", "xoxb-grid", enterprise="E0GRID", minutes=2)
    findings = await found(replace(slack, teams=frozenset({"T0ONE", "E0GRID"})), sqlite_url, db)

    assert [(f.name, f.state) for f in findings] == [
        ("Slack T0TWO", "note"),
        ("Slack T0ONE", "ok"),
        ("Slack T0GRID", "ok"),
    ]
    assert "RDV_SLACK_TEAMS" in findings[0].says


async def test_whoever_is_written_to_where_the_app_is_not_is_counted(
    slack: SlackSettings, sqlite_url: str, db: Database
) -> None:
    guide = await db.write(store_guide)
    await install(sqlite_url, "T0ONE", "xoxb-one")
    await db.write(lambda tx: tx.accounts.link(guide.agathe.id, "slack", "T0ONE", "U1", current=True))
    await db.write(lambda tx: tx.accounts.link(guide.ecoute.id, "slack", "T0GONE", "U1", current=True))
    await db.write(lambda tx: tx.accounts.link(guide.seforme.id, "web", "local", "seforme", current=True))
    (lost,) = [f for f in await found(slack, sqlite_url, db) if f.state == "wrong"]

    assert lost.says == "1 worker is written to in a workspace where the app is not installed (T0GONE)."


async def test_the_newest_token_of_each_workspace_counts(slack: SlackSettings, sqlite_url: str, db: Database) -> None:
    await install(sqlite_url, "T0ONE", "xoxb-old")
    await install(sqlite_url, "T0ONE", "xoxb-new", minutes=1)

    assert [held.token for held in await tokens(slack, sqlite_url, db)] == ["xoxb-new"]
    assert [held.token for held in await tokens(replace(slack, bot_token="xoxb-1"), sqlite_url, db)] == ["xoxb-1"]


@pytest.mark.parametrize(("token", "tenant"), [("xoxb-1", "T0ONE"), ("xoxb-grid", "E0GRID"), ("xoxb-dead", None)])
async def test_the_tokens_tenant_is_its_workspace_or_its_organisation(
    slack: SlackSettings, token: str, tenant: str | None
) -> None:
    assert await slack_team(replace(slack, bot_token=token)) == tenant


@pytest.mark.parametrize("single", [True, False])
async def test_guests_whom_an_administrator_linked_are_named(
    slack: SlackSettings, sqlite_url: str, db: Database, *, single: bool
) -> None:
    guide = await db.write(store_guide)
    await install(sqlite_url, "T0ONE", "xoxb-one")

    def link(tx: Transaction) -> None:
        tx.accounts.link(guide.agathe.id, "slack", "T0ONE", "U0AGATHE", current=True)
        tx.accounts.link(guide.ecoute.id, "slack", "T0ONE", "U0GUEST", current=True)
        tx.accounts.link(guide.seforme.id, "slack", "T0GONE", "U0SEFORME", current=True)
        tx.accounts.link(guide.agathe.id, "slack", "T0TWO", "U0GUEST", current=True, email=guide.agathe.email)

    await db.write(link)
    asked = replace(slack, bot_token="xoxb-1" if single else "")
    (finding,) = await check_members(asked, sqlite_url, db, TEXTS)

    assert finding.state == "wrong"
    assert finding.says == "The account U0GUEST of ecoute is a guest’s, a bot’s or deactivated: it is refused."


async def test_a_slack_that_is_away_is_asked_after_one_member(
    slack: SlackSettings, sqlite_url: str, db: Database, asked: list[str]
) -> None:
    guide = await db.write(store_guide)

    def link(tx: Transaction) -> None:
        for number, worker in enumerate(guide.workers):
            tx.accounts.link(worker.id, "slack", f"T{number}", "U0SILENT", current=True)

    await db.write(link)
    assert await check_members(replace(slack, bot_token="xoxb-1"), sqlite_url, db, TEXTS) == []
    assert asked == ["U0SILENT"]


@pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def test_what_is_over_is_let_go_of_and_nothing_else(backend: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue("sqlite_url") if backend == "sqlite" else request.getfixturevalue("empty_postgres")()
    db = storage.open_database(url)
    for team, enterprise in (("T0ONE", None), ("T0GRID", "E0GRID"), (None, "E0GRID")):
        await install(url, team, f"xoxb-{team}", enterprise=enterprise)
    await install(url, "T0ONE", "xoxb-later", minutes=2)

    async def there() -> list[str]:
        return [place.tenant for place in await db.read(lambda tx: installed(tx, CLIENT))]

    await db.write(lambda tx: forget_installation(tx, CLIENT, None, "T0ONE", START + timedelta(minutes=1)))
    assert sorted(await there()) == ["E0GRID", "T0GRID", "T0ONE"]
    await db.write(lambda tx: forget_installation(tx, CLIENT, "E0GRID", None, START + timedelta(minutes=1)))
    assert sorted(await there()) == ["T0GRID", "T0ONE"]
    await db.write(lambda tx: forget_token(tx, CLIENT, "xoxb-T0GRID"))
    await db.write(lambda tx: forget_token(tx, CLIENT, "xoxb-T0ONE"))
    assert await there() == ["T0ONE"]
    await db.close()
