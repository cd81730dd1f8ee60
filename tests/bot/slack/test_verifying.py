"""What is not from Slack, not fresh, or not readable does nothing."""

import json
import time
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlencode

import pytest

from tests.bot.slack.client import HttpLine, event_body, signed
from tests.bot.slack.conftest import Office

COMMAND = {
    "command": "/rdv",
    "text": "aide",
    "user_id": "U0AGATHE",
    "team_id": "T0RDV",
    "channel_id": "D0AGATHE",
    "trigger_id": "1.a",
}
RAW = urlencode(COMMAND).encode()


def line(office: Office) -> HttpLine:
    assert isinstance(office.line, HttpLine)
    return office.line


@pytest.mark.parametrize(
    "sign",
    [
        dict,
        lambda: signed(RAW, secret="another secret"),
        lambda: signed(RAW, at=time.time() - 400),
        lambda: signed(RAW, at=time.time() + 400),
        lambda: signed(b"another body"),
        lambda: signed(RAW) | {"x-slack-request-timestamp": "yesterday"},
        lambda: signed(RAW) | {"x-slack-request-timestamp": ""},
        lambda: signed(RAW) | {"x-slack-signature": "v0=0000"},
    ],
    ids=["none", "forged", "stale", "early", "other body", "no number", "empty", "wrong"],
)
async def test_a_forged_or_stale_signature_is_refused(office: Office, sign: Callable[[], dict[str, str]]) -> None:
    answer = await line(office).post(RAW, sign())
    assert (answer.status_code, answer.text) == (401, "")
    await office.answered()
    assert office.screen("Agathe") == []
    assert office.slack.called("users.info") == []


async def test_a_forged_click_answers_nothing(office: Office) -> None:
    appointment = await office.book()
    message = office.with_button("ecoute", "Accepter")
    block = next(b for b in message.blocks if b["type"] == "actions")
    body = office["ecoute"].click_body(message, block, block["elements"][0])
    raw = urlencode({"payload": json.dumps(body)}).encode()
    answer = await line(office).post(raw, signed(raw, secret="another secret"))
    assert answer.status_code == 401
    assert await office.stored(appointment) == appointment


def _payload(value: object) -> bytes:
    return urlencode({"payload": json.dumps(value)}).encode()


MODAL = {"type": "modal", "callback_id": "booking", "private_metadata": '["",""]', "blocks": [], "state": {}}
PERSON = {"id": "U0AGATHE", "team_id": "T0RDV"}
ABOUT = {
    "type": "message_action",
    "callback_id": "rdv-message",
    "user": PERSON,
    "trigger_id": "1",
    "channel": {"id": "C1"},
    "message": {"ts": "1769000000.000100"},
}
HOME = {"type": "app_home_opened", "tab": "home", "user": "U0AGATHE"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"payload=",
        b"payload=%7B",
        _payload([]),
        _payload(None),
        _payload({}),
        _payload({"type": "block_actions"}),
        _payload({"type": "block_actions", "actions": []}),
        _payload({"type": "block_actions", "user": 5, "actions": [{"action_id": "0|help:"}]}),
        _payload({"type": "block_actions", "user": PERSON, "actions": ["x"]}),
        _payload({"type": "block_actions", "user": PERSON, "view": {"id": "V"}, "actions": [{"action_id": "change"}]}),
        _payload(
            {
                "type": "block_actions",
                "user": PERSON,
                "actions": [{"type": "button", "action_id": "0|x", "value": "x" * 100}],
            }
        ),
        _payload({"type": "view_submission", "user": PERSON, "view": {}}),
        _payload({"type": "view_submission", "user": PERSON, "view": MODAL | {"private_metadata": "5"}}),
        _payload({"type": "view_submission", "user": PERSON, "view": MODAL | {"blocks": [{"block_id": "a~0"}]}}),
        _payload({"type": "block_suggestion", "user": PERSON, "action_id": "change", "block_id": "a~0"}),
        _payload({"type": "shortcut", "callback_id": "rdv", "user": PERSON}),
        _payload({**ABOUT, "message": []}),
        _payload({**ABOUT, "message": {"ts": "now"}}),
        _payload({**ABOUT, "channel": {"id": "../C1"}}),
        _payload({**ABOUT, "team": "T0RDV"}),
        json.dumps({"type": "event_callback"}).encode(),
        json.dumps({"type": "event_callback", "event": {"type": ["app_uninstalled"]}}).encode(),
        json.dumps({"type": "event_callback", "event_id": "1", "event": HOME | {"view": ["x"]}}).encode(),
        json.dumps({"type": "event_callback", "event_time": [], "event": {"type": "app_uninstalled"}}).encode(),
        json.dumps({"type": "event_callback", "event": {}}).encode(),
        json.dumps({"type": "event_callback", "event": {"type": "message", "user": "U1"}}).encode(),
        urlencode({"command": "/rdv"}).encode(),
    ],
)
async def test_a_malformed_payload_is_refused_without_a_fault(office: Office, raw: bytes) -> None:
    try:
        raw.decode()
    except UnicodeDecodeError:
        headers = signed(b"")
    else:
        headers = signed(raw)
    answer = await line(office).post(raw, headers)
    assert answer.status_code in {400, 401, 404}
    await office.answered()
    assert office.screen("Agathe") == []


async def test_a_body_of_many_megabytes_is_refused(office: Office) -> None:
    raw = b"command=" + b"x" * (5 * 1024 * 1024)
    assert (await line(office).post(raw, signed(raw))).status_code == 413


async def test_a_body_that_does_not_say_how_long_it_is_is_not_read(office: Office) -> None:
    read = 0

    async def without_end() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 100:
            read += 1
            yield b"x" * 100_000

    answer = await office.http.post("/slack/events", content=without_end(), headers=signed(b""))
    assert answer.status_code == 411


async def test_slack_may_check_the_address(office: Office) -> None:
    raw = json.dumps({"type": "url_verification", "challenge": "abc", "token": "legacy"}).encode()
    answer = await line(office).post(raw, {**signed(raw), "content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc"})


async def test_what_concerns_nobody_is_acknowledged(office: Office) -> None:
    for event in (
        {"type": "message", "channel_type": "im", "subtype": "message_changed", "channel": "D0AGATHE"},
        {"type": "message", "channel_type": "im", "bot_id": "B0BOT", "user": "U0BOT", "text": "a card"},
        {"type": "message", "channel_type": "im", "subtype": "message_deleted", "user": "U0AGATHE"},
        {"type": "message", "channel_type": "channel", "user": "U0AGATHE", "text": "hello"},
        {"type": "member_joined_channel", "user": "U0AGATHE", "channel": "C1"},
        {"type": "app_home_opened", "user": "U0AGATHE", "tab": "home", "channel": "D0AGATHE"},
        {"type": "some_new_event", "user": "U0AGATHE"},
    ):
        await office["Agathe"].line.event(event_body(event))
    await office.answered()
    assert office.slack.messages == []
