"""Installing the app in a workspace: the way to Slack and back, and every way in which it fails."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore

from bot.platform import Deps
from storage.engines import async_engine
from storage.tables import metadata
from tests.bot.slack.fake_oauth import CLIENT_ID, World
from tests.bot.slack.several import PUBLIC, Offices, authorize_url, opened, settings_for
from tests.builders import store_guide
from tests.clock import SetClock

ROOT = Path(__file__).parents[3]


async def count(offices: Offices, table: str) -> int:
    rows = sa.select(sa.func.count()).select_from(metadata.tables[table])
    async with offices.workspaces.engine.connect() as connection:
        return int((await connection.execute(rows)).scalar_one())


async def test_a_workspace_installs_the_app(offices: Offices) -> None:
    team = offices.world.add("T0ONE", name="Maison <Un>")
    answer = await offices.install(team)

    assert answer.status_code == 200
    assert "rdv est installé dans Maison &lt;Un&gt;" in answer.text
    assert f"team={team.team}" in authorize_url(answer.text)
    bot = await offices.workspaces.store.async_find_bot(enterprise_id=None, team_id="T0ONE")
    assert bot is not None
    assert (bot.bot_token, bot.bot_user_id, bot.bot_id) == (team.token, "UBT0ONE", "BT0ONE")
    assert offices.world.exchanged[0]["redirect_uri"] == "https://rdv.test/slack/oauth_redirect"


async def test_the_page_asks_for_every_right_and_keeps_to_itself(offices: Offices) -> None:
    answer = await offices.http.get("/slack/install", headers={"accept-language": "en-GB,en;q=0.9"})

    assert "Add to Slack" in answer.text
    assert '<html lang="en">' in answer.text
    assert authorize_url(answer.text).startswith(f"{offices.world.url}/oauth/v2/authorize?")
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Max-Age=600"))
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


async def test_a_page_in_a_language_that_we_lack_is_in_the_organisations(offices: Offices) -> None:
    answer = await offices.http.get("/slack/install", headers={"accept-language": "nl-BE"})

    assert '<html lang="fr">' in answer.text
    assert "Ajouter à Slack" in answer.text


async def test_who_does_not_allow_it_is_told_so(offices: Offices) -> None:
    await offices.begin()
    answer = await offices.http.get("/slack/oauth_redirect?error=access_denied&state=x")

    assert answer.status_code == 400
    assert "Rien n’a été modifié" in answer.text
    assert authorize_url(answer.text) == "/slack/install"
    assert offices.world.exchanged == []


@pytest.mark.parametrize("how", ["another browser", "no state", "another state", "no code", "twice", "too late"])
async def test_the_way_back_is_gone_once_in_time_and_in_one_browser(offices: Offices, how: str) -> None:
    team = offices.world.add("T0ONE")
    back = offices.world.allow(await offices.begin(), team)
    done = 0
    match how:
        case "another browser":
            offices.http.cookies.clear()
        case "no state":
            back = back.partition("&state=")[0]
        case "another state":
            back += "0"
        case "no code":
            back = f"{back.partition('?')[0]}?state={back.partition('&state=')[2]}"
        case "twice":
            cookie = dict(offices.http.cookies)
            assert (await offices.http.get(back)).status_code == 200
            offices.http.cookies.update(cookie)
            done = 1
        case "too late":
            states = metadata.tables["slack_oauth_states"]
            async with offices.workspaces.engine.begin() as connection:
                await connection.execute(sa.update(states).values(expire_at=sa.func.datetime("2001-01-01")))
    answer = await offices.http.get(back)

    assert answer.status_code == 400
    assert "dix minutes" in answer.text
    assert len(offices.world.exchanged) == done
    assert await count(offices, "slack_bots") == done


async def test_slacks_refusal_is_said_in_its_word(offices: Offices) -> None:
    team = offices.world.add("T0ONE")
    offices.world.refuses = "bad_client_secret"
    answer = await offices.install(team)

    assert answer.status_code == 400
    assert "bad_client_secret" in answer.text
    assert await count(offices, "slack_installations") == 0


@pytest.mark.parametrize("error", ["<script>alert(1)</script>", "invalid. Call 0900 12 345 now"])
async def test_what_is_no_word_of_slacks_is_not_shown(offices: Offices, error: str) -> None:
    answer = await offices.http.get("/slack/oauth_redirect", params={"error": error})

    assert answer.status_code == 400
    assert "alert" not in answer.text
    assert "0900" not in answer.text
    answer = await offices.http.get("/slack/oauth_redirect", params={"error": "invalid_scope"})
    assert "Slack n’a pas confirmé l’installation\u00a0: invalid_scope." in answer.text


@pytest.mark.parametrize("team", ["T0ONE", "T0ONE&user_scope=admin", "T0ONE&redirect_uri=https://evil.example", "t\n"])
async def test_a_link_to_the_page_may_name_a_workspace_and_nothing_else(offices: Offices, team: str) -> None:
    answer = await offices.http.get("/slack/install", params={"team": team})
    asked = parse_qs(urlsplit(authorize_url(answer.text)).query)

    assert asked.get("team") == (["T0ONE"] if team == "T0ONE" else None)
    assert asked["redirect_uri"] == ["https://rdv.test/slack/oauth_redirect"]
    assert "user_scope" not in asked


async def test_a_slack_that_is_away_is_said(offices: Offices) -> None:
    team = offices.world.add("T0ONE")
    back = offices.world.allow(await offices.begin(), team)
    await offices.world.stop()
    answer = await offices.http.get(back)

    assert answer.status_code == 503
    assert "Slack ne répond pas" in answer.text


async def test_what_was_begun_and_never_finished_is_let_go_of(offices: Offices) -> None:
    await offices.begin()
    states = metadata.tables["slack_oauth_states"]
    async with offices.workspaces.engine.begin() as connection:
        await connection.execute(sa.update(states).values(expire_at=sa.func.datetime("2001-01-01")))
    await offices.begin()

    assert await count(offices, "slack_oauth_states") == 1


async def test_only_the_workspaces_that_are_named_may_install(
    deps: Deps, clock: SetClock, world: World, sqlite_url: str
) -> None:
    guide = await deps.db.write(store_guide)
    several = replace(deps, database_url=sqlite_url, public_url=PUBLIC)
    named = settings_for(world, teams=frozenset({"T0ONE", "E0GRID"}))
    async with opened(several, guide, clock, world, named) as offices:
        one, other = world.add("T0ONE"), world.add("T0OTHER")
        grid = world.add("T0GRID", enterprise="E0GRID")
        for team in (one, grid):
            assert (await offices.install(team)).status_code == 200
        answer = await offices.install(other)

        assert answer.status_code == 403
        assert "T0OTHER" in answer.text
        assert other.token == ""
        assert await count(offices, "slack_bots") == 2


async def test_installing_again_leaves_one_token(offices: Offices) -> None:
    team = offices.world.add("T0ONE")
    await offices.install(team)
    offices.world.revoke(team)
    offices.clock.advance(minutes=1)
    await offices.install(team)

    assert await count(offices, "slack_bots") == await count(offices, "slack_installations") == 1
    bot = await offices.workspaces.store.async_find_bot(enterprise_id=None, team_id="T0ONE")
    assert bot is not None
    assert bot.bot_token == team.token


async def test_one_workspace_with_a_bot_token_needs_none_of_it(deps: Deps, clock: SetClock, world: World) -> None:
    guide = await deps.db.write(store_guide)
    async with opened(deps, guide, clock, world, settings_for(world, bot_token="xoxb-1")) as offices:
        for path in ("/slack/install", "/slack/oauth_redirect"):
            assert (await offices.http.get(path)).status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(("settings", "brought"), [("bot_token='xoxb-1'", False), ("client_id='1.2'", True)])
def test_what_installing_needs_is_imported_for_it_alone(sqlite_url: str, settings: str, *, brought: bool) -> None:
    program = f"""
import sys
from bot.dispatcher import Dispatcher
from bot.platform import Deps
from bot.settings import SlackSettings
from bot.slack.app import build
from core.rules import Rules
from core.times import SystemClock
from storage import open_database
db, clock, fr = open_database({sqlite_url!r}), SystemClock(), dict(locale="fr", zone="Europe/Brussels")
deps = Deps(db=db, dispatcher=Dispatcher(db, clock, Rules(), contact="", **fr), clock=clock, rules=Rules(),
            wake=print, hurry=print, secret_key="", demo=False, public_url="", database_url={sqlite_url!r}, **fr)
build(deps, SlackSettings({settings}, signing_secret="s", client_secret="s"))
parts = ("slack_sdk.oauth.installation_store.sqlalchemy", "bot.slack.several", "bot.slack.oauth", "aiosqlite")
print([part in sys.modules for part in parts])
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == str([brought] * 4)


@pytest.mark.parametrize("table", ["slack_bots", "slack_installations", "slack_oauth_states"])
def test_the_tables_are_those_of_the_stores(sqlite_url: str, table: str) -> None:
    engine = async_engine(sqlite_url)
    theirs = {
        **AsyncSQLAlchemyInstallationStore(CLIENT_ID, engine).metadata.tables,
        **AsyncSQLAlchemyOAuthStateStore(600, engine).metadata.tables,
    }[table]
    ours = metadata.tables[table]

    def described(found: sa.Table) -> list[tuple[str, str, bool, bool]]:
        return sorted((c.name, str(c.type), bool(c.nullable), c.primary_key) for c in found.columns)

    def indexed(found: sa.Table) -> set[tuple[str, tuple[str, ...]]]:
        return {(str(i.name), tuple(c.name for c in i.columns)) for i in found.indexes}

    assert described(ours) == described(theirs)
    assert indexed(ours) == indexed(theirs)
