"""Every kind of payload, in the whole shape in which Slack documents it, is read as it is meant and acknowledged.

The shapes are those of docs.slack.dev/reference/interaction-payloads and docs.slack.dev/reference/events.
"""

import json
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest

from bot.dispatcher import Sender
from bot.slack.inbound import HomeOpened, Incoming
from bot.slack.receiver import Receiver
from bot.slack.workspaces import Workspaces
from handlers.ui import (
    AboutMessage,
    ActionClick,
    ActionRef,
    CommandCall,
    FormChange,
    FormSubmit,
    Greeting,
    Inbound,
    OptionSearch,
    TextReply,
)
from tests.bot.slack.client import HttpLine, signed
from tests.bot.slack.conftest import Office

FOLDER = Path(__file__).parent / "payloads"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
AGATHE = Sender("slack", "T0RDV", "U0AGATHE")
LINK = "https://rdv.slack.com/archives/C0TEAM/p1769000000000100"
FILLED = {"case": "1285", "comment": "À l’accueil"}
ACCEPT = ActionClick(ActionRef("accept", "12.1.0"))
READ: dict[str, tuple[Sender, Inbound]] = {
    "slash_command": (AGATHE, CommandCall("rdv", "1285 demain 14h15")),
    "slash_command_enterprise": (Sender("slack", "E0ORG", "W0AGATHE"), CommandCall("agenda")),
    "shortcut": (AGATHE, CommandCall("rdv")),
    "message_action": (AGATHE, AboutMessage(None, LINK)),
    "message_action_in_thread": (AGATHE, AboutMessage(None, f"{LINK}?thread_ts=1768999999.000001&cid=C0TEAM")),
    "message_action_of_a_bot": (AGATHE, AboutMessage(None, LINK)),
    "block_actions_in_a_message": (AGATHE, ACCEPT),
    "block_actions_in_an_ephemeral": (AGATHE, ACCEPT),
    "block_actions_in_the_home": (AGATHE, ACCEPT),
    "block_actions_in_a_modal": (AGATHE, FormChange("booking", "context", "nonce", FILLED, "case")),
    "view_submission": (AGATHE, FormSubmit("booking", "context", "nonce", FILLED)),
    "block_suggestion": (AGATHE, OptionSearch("booking", "case", "12", "context", FILLED)),
    "app_home_opened_messages": (AGATHE, Greeting("private")),
    "app_mention": (AGATHE, TextReply("parcours 1285")),
    "message_im": (AGATHE, TextReply("rdv 1285 & café")),
    "member_joined_channel": (AGATHE, Greeting("channel")),
}
HOMES = {
    "app_home_opened_home": HomeOpened(AGATHE, "0f" * 32),
    "app_home_opened_first": HomeOpened(AGATHE, ""),
}
NOBODY = {"ssl_check", "view_closed", "message_im_of_our_own", "message_im_changed"}
ELSEWHERE = {"url_verification", "user_change", "app_uninstalled", "tokens_revoked"}
"""What is no conversation: Bolt answers the first, `test_people` and `test_workspaces` look at the others."""


def recorded(name: str) -> dict[str, Any]:
    """Return a payload as Slack documents it."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def read(name: str) -> Incoming | HomeOpened | None:
    """Return what the receiver reads in it."""
    return Receiver(cast("Workspaces", None))._read(recorded(name), "U0BOT")


def test_each_is_here() -> None:
    assert set(NAMES) == set(READ) | set(HOMES) | NOBODY | ELSEWHERE


@pytest.mark.parametrize("name", READ)
def test_it_is_read_as_it_is_meant(name: str) -> None:
    found = read(name)
    assert isinstance(found, Incoming)
    assert (found.sender, found.event) == READ[name]
    assert found.key or name == "block_suggestion"


@pytest.mark.parametrize("name", HOMES)
def test_an_opened_home_says_what_it_shows(name: str) -> None:
    assert read(name) == HOMES[name]


@pytest.mark.parametrize("name", sorted(NOBODY))
def test_what_asks_for_nothing_is_left_alone(name: str) -> None:
    assert read(name) is None


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("block_actions_in_a_message", ("D0AGATHE", "1769000000.000200", False, False)),
        ("block_actions_in_an_ephemeral", ("C0TEAM", "1769000000.000200", True, False)),
        ("block_actions_in_the_home", ("", "", False, True)),
        ("shortcut", ("", "", False, False)),
        ("message_action", ("", "", False, False)),
    ],
)
def test_it_is_known_where_the_answer_belongs(name: str, where: tuple[str, str, bool, bool]) -> None:
    found = read(name)
    assert isinstance(found, Incoming)
    origin = found.origin
    assert (origin.channel, origin.message_ts, origin.ephemeral, origin.home) == where
    assert origin.trigger_id
    assert (found.private, found.slash) == (True, False)


@pytest.mark.parametrize(
    ("name", "author"),
    [("message_action", "U0ECOUTE"), ("message_action_in_thread", "U0ECOUTE"), ("message_action_of_a_bot", None)],
)
def test_the_author_is_a_person(name: str, author: str | None) -> None:
    found = read(name)
    assert isinstance(found, Incoming)
    assert (found.author.external_id if found.author else None) == author


async def test_the_server_acknowledges_each(office: Office) -> None:
    assert isinstance(office.line, HttpLine)
    for name in NAMES:
        payload = recorded(name)
        if "response_url" in payload:
            payload["response_url"] = office.slack.response_url("U0AGATHE", "C0TEAM")
        if name.startswith(("slash_command", "ssl_check")):
            raw = urlencode(payload).encode()
        elif "event" in payload or name == "url_verification":
            raw = json.dumps(payload).encode()
        else:
            raw = urlencode({"payload": json.dumps(payload)}).encode()
        kind = "application/json" if raw.startswith(b"{") else "application/x-www-form-urlencoded"
        answer = await office.line.post(raw, {**signed(raw), "content-type": kind})
        assert (name, answer.status_code) == (name, 200)
        if name == "url_verification":
            assert payload["challenge"] in answer.text
        await office.answered()
