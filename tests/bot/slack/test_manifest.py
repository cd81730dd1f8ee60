"""The manifest: what Slack's schema allows, all that the code uses, and nothing more."""

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from fastapi import FastAPI
from slack_sdk.web.async_client import AsyncWebClient

import bot.slack
from bot.platform import Deps
from bot.slack import inbound, receiver
from bot.slack.app import build as build_platform
from bot.slack.manifest import build, manifest
from bot.slack.scopes import EVENTS, INSTALL, PATH, REDIRECT, SCOPES
from bot.slack.shortcuts import GLOBAL, MESSAGE
from handlers.commands import COMMANDS
from handlers.router import COMMANDS as ANSWERED
from tests.bot.slack.checks import validator
from tests.bot.slack.conftest import settings_for
from tests.bot.slack.fake_api import NEEDS, FakeSlack
from tests.bot.slack.test_payloads import NAMES, read, recorded

ROOT = Path(__file__).parent.parent.parent.parent
CODE = Path(bot.slack.__file__).parent
PUBLIC = "https://rdv.example.org"
METHOD_SCOPES: dict[str, set[str]] = {
    "auth.test": set(),
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "files.completeUploadExternal": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "oauth.v2.access": set(),
    "users.info": {"users:read"},
    "users.lookupByEmail": {"users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
"""What each method asks for (docs.slack.dev/reference/methods)."""

EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}
"""What each event asks for (docs.slack.dev/reference/events)."""


def constants(source: str) -> Iterator[str]:
    """Yield every text in the code."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def matched(function: Any) -> set[str]:
    """Return the texts that a function's `match` looks for."""
    tree = ast.parse(dedent(inspect.getsource(function)))
    values = (node.value for node in ast.walk(tree) if isinstance(node, ast.MatchValue))
    return {value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)}


def called() -> set[str]:
    """Return the methods of Slack's that the code names; the table of their limits calls none."""
    known = set(re.findall(r'api_call\(\s*"([\w.]+)"', inspect.getsource(AsyncWebClient)))
    files = [path for path in CODE.glob("*.py") if path.name != "pace.py"]
    return known & {text for path in files for text in constants(path.read_text(encoding="utf-8"))}


def features(**more: Any) -> dict[str, Any]:
    found: dict[str, Any] = build(**more)["features"]
    return found


def test_the_manifest_in_the_repository_is_the_one_that_the_code_makes() -> None:
    written = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    assert written == manifest()
    assert yaml.safe_load(written) == build()


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("public_url", ["", PUBLIC])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_slacks_schema_allows_it(public_url: str, locale: str, *, several: bool) -> None:
    made = build(public_url, locale, several=several)
    assert [e.message for e in validator("slack-manifest.schema.2.0.0.json").iter_errors(made)] == []


def test_it_has_every_command_and_no_other() -> None:
    assert [c["command"] for c in features()["slash_commands"]] == [f"/{spec.name}" for spec in COMMANDS]
    assert {spec.name for spec in COMMANDS} == set(ANSWERED)
    assert features()["slash_commands"][0]["description"] == "Prendre rendez-vous"
    assert features(locale="en")["slash_commands"][0]["description"] == "Book an appointment"


def test_it_has_every_shortcut_and_no_other() -> None:
    kinds = {s["callback_id"]: s["type"] for s in features()["shortcuts"]}
    assert kinds == {GLOBAL: "global", MESSAGE: "message"}
    used = {recorded(name)["callback_id"] for name in NAMES if name.startswith(("shortcut", "message_action"))}
    assert used == set(kinds)
    assert all(read(name) is not None for name in NAMES if name.startswith(("shortcut", "message_action")))
    assert {s["name"] for s in features()["shortcuts"]} == {"Prendre rendez-vous"}
    assert {s["name"] for s in features(locale="en")["shortcuts"]} == {"Book an appointment"}


def test_it_has_the_tabs_that_are_filled() -> None:
    home = features()["app_home"]
    assert (home["home_tab_enabled"], "views.publish" in called()) == (True, True)
    assert (home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (True, False)


def test_it_asks_for_every_right_that_is_used_and_no_other() -> None:
    assert called() == set(METHOD_SCOPES)
    assert {method: {scope} for method, scope in NEEDS.items()} == {m: s for m, s in METHOD_SCOPES.items() if s}
    used = set[str]().union(*METHOD_SCOPES.values(), *(EVENT_SCOPES[event] for event in EVENTS))
    offered = {"commands"} if features()["slash_commands"] or features()["shortcuts"] else set()
    assert used | offered == set(SCOPES)
    assert build()["oauth_config"]["scopes"]["bot"] == list(SCOPES) == sorted(SCOPES)
    assert all(SCOPES.values())


def test_it_listens_to_every_event_that_is_handled_and_no_other() -> None:
    handled = matched(inbound.read_event) | receiver.REMOVALS | {receiver.CHANGED_USER}
    assert handled == {event.partition(".")[0] for event in EVENTS}
    assert handled == {event["type"] for name in NAMES if (event := recorded(name).get("event"))}
    assert build()["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS) == sorted(EVENTS)
    assert set(EVENTS) == set(EVENT_SCOPES)
    assert all(EVENTS.values())


def test_every_kind_of_interaction_that_it_brings_about_is_read() -> None:
    kinds = matched(receiver.Receiver._read)
    assert kinds == {
        "block_actions",
        "block_suggestion",
        "event_callback",
        "message_action",
        "shortcut",
        "view_submission",
    }
    assert kinds <= {recorded(name).get("type") for name in NAMES}


def urls(value: object) -> set[str]:
    """Return the paths of all addresses in the manifest."""
    if isinstance(value, dict):
        return set[str]().union(*map(urls, value.values()))
    if isinstance(value, list):
        return set[str]().union(*map(urls, value))
    return {urlsplit(value).path} if isinstance(value, str) and value.startswith("http") else set()


@pytest.mark.parametrize("several", [False, True])
def test_its_addresses_are_those_that_are_mounted(
    slack: FakeSlack, deps: Deps, sqlite_url: str, *, several: bool
) -> None:
    settings = settings_for(slack, "http")
    if several:
        settings = replace(settings, bot_token="", client_id="1.2", client_secret="secret")
    api = FastAPI(openapi_url=None)
    build_platform(replace(deps, database_url=sqlite_url), settings).mount(api)
    mounted = {route.path for route in api.routes if hasattr(route, "path")}
    begun_by_a_person = {INSTALL} if several else set()
    assert urls(build(PUBLIC, several=several)) == mounted - begun_by_a_person
    assert mounted == ({PATH, INSTALL, REDIRECT} if several else {PATH})


def test_addresses_are_named_where_there_is_one() -> None:
    over_http = build(PUBLIC)
    address = f"{PUBLIC}{PATH}"
    assert {c["url"] for c in over_http["features"]["slash_commands"]} == {address}
    assert over_http["settings"]["interactivity"]["message_menu_options_url"] == address
    assert over_http["settings"]["interactivity"]["request_url"] == address
    assert over_http["settings"]["event_subscriptions"]["request_url"] == address
    assert over_http["settings"]["socket_mode_enabled"] is False
    assert build()["settings"]["socket_mode_enabled"] is True
    assert "http" not in manifest()


def test_the_guide_says_what_each_scope_is_for() -> None:
    guide = (ROOT / "docs/howto/slack.md").read_text(encoding="utf-8")
    table = guide.split("## What each scope is for")[1].split("##")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {scope for cell in cells for scope in re.findall(r"`([^`]+)`", cell)} == set(SCOPES)
