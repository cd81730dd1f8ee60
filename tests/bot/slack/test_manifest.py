"""The manifest: what Slack's schema allows, all that the code uses, and nothing more."""

import re
from pathlib import Path

import pytest
import yaml

import bot.slack
from bot.slack.manifest import build, manifest
from bot.slack.scopes import EVENTS, PATH, SCOPES
from handlers.commands import COMMANDS
from tests.bot.slack.checks import validator
from tests.bot.slack.fake_api import NEEDS

ROOT = Path(__file__).parent.parent.parent.parent
CODE = Path(bot.slack.__file__).parent
EVENT_SCOPES = {
    "app_mention": {"app_mentions:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "app_home_opened": set(),
}


def test_the_manifest_in_the_repository_is_the_one_that_the_code_makes() -> None:
    written = (ROOT / "manifest.yml").read_text(encoding="utf-8")
    assert written == manifest()
    assert yaml.safe_load(written) == build()


@pytest.mark.parametrize("public_url", ["", "https://rdv.example.org"])
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_slacks_schema_allows_it(public_url: str, locale: str) -> None:
    faults = [e.message for e in validator("slack-manifest.schema.2.0.0.json").iter_errors(build(public_url, locale))]
    assert faults == []


def test_it_has_every_command_and_no_other() -> None:
    assert [c["command"] for c in build()["features"]["slash_commands"]] == [f"/{spec.name}" for spec in COMMANDS]
    assert build()["features"]["slash_commands"][0]["description"] == "Prendre rendez-vous"
    assert build(locale="en")["features"]["slash_commands"][0]["description"] == "Book an appointment"


def test_it_asks_for_every_right_that_is_used_and_no_other() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in CODE.glob("*.py"))
    called = set(re.findall(r'"((?:chat|users|views|conversations|files|auth)\.\w+)"', code))
    free = {"auth.test", "views.open", "views.push", "views.update"}
    assert called - free == set(NEEDS)
    used = {NEEDS[method] for method in called - free} | {"commands"} | set().union(*EVENT_SCOPES.values())
    assert used == set(SCOPES)
    assert build()["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert all(SCOPES.values())


def test_it_listens_to_every_event_that_is_handled_and_no_other() -> None:
    handled = (CODE / "inbound.py").read_text(encoding="utf-8")
    assert build()["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS) == sorted(EVENTS)
    assert set(EVENTS) == set(EVENT_SCOPES)
    assert all(f'case "{event.partition(".")[0]}"' in handled for event in EVENTS)


def test_addresses_are_named_where_there_is_one() -> None:
    over_http = build("https://rdv.example.org")
    address = f"https://rdv.example.org{PATH}"
    assert {c["url"] for c in over_http["features"]["slash_commands"]} == {address}
    assert over_http["settings"]["interactivity"]["message_menu_options_url"] == address
    assert over_http["settings"]["event_subscriptions"]["request_url"] == address
    assert over_http["settings"]["socket_mode_enabled"] is False
    assert build()["settings"]["socket_mode_enabled"] is True
    assert "http" not in manifest()


def test_the_guide_says_what_each_scope_is_for() -> None:
    guide = (ROOT / "docs/howto/slack.md").read_text(encoding="utf-8")
    table = guide.split("## What each scope is for")[1].split("##")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {scope for cell in cells for scope in re.findall(r"`([^`]+)`", cell)} == set(SCOPES)
