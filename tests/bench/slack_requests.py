"""Signed Slack requests, as Slack sends them."""

import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

from tests.bench.load import http_post

SECRET = "bench-signing-secret"
TEAM = "T0BENCH"


def command(text: str, user: str, trigger: str) -> bytes:
    """Return a signed `/rdv` command."""
    fields = {
        "command": "/rdv",
        "text": text,
        "user_id": user,
        "user_name": "bench",
        "team_id": TEAM,
        "team_domain": "bench",
        "channel_id": "D0BENCH",
        "channel_name": "directmessage",
        "response_url": "http://127.0.0.1:9/none",
        "trigger_id": trigger,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
    }
    return _signed(urlencode(fields).encode())


def click(ref: str, user: str, trigger: str, *, channel: str = "D0BENCH", ts: str = "1700000000.000100") -> bytes:
    """Return a signed click on a button."""
    payload = {
        "type": "block_actions",
        "user": {"id": user, "username": "bench", "name": "bench", "team_id": TEAM},
        "api_app_id": "A0BENCH",
        "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False},
        "trigger_id": trigger,
        "team": {"id": TEAM, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "directmessage"},
        "message": {"type": "message", "ts": ts, "text": "…", "bot_id": "B0BENCH"},
        "response_url": "http://127.0.0.1:9/none",
        "actions": [
            {
                "action_id": f"0|{ref}",
                "block_id": "b0",
                "text": {"type": "plain_text", "text": "Accepter"},
                "value": ref,
                "type": "button",
                "action_ts": "1700000001.000100",
            }
        ],
    }
    return _signed(urlencode({"payload": json.dumps(payload)}).encode())


def suggestion(block: str, typed: str, context: str, user: str) -> bytes:
    """Return a signed search: somebody types in an external select of the booking form, whose context that is."""
    element = {"type": "external_select", "action_id": "change", "min_query_length": 0}
    payload = {
        "type": "block_suggestion",
        "user": {"id": user, "name": "bench", "team_id": TEAM},
        "team": {"id": TEAM, "domain": "bench"},
        "api_app_id": "A0BENCH",
        "is_enterprise_install": False,
        "action_id": "change",
        "block_id": block,
        "value": typed,
        "view": {
            "id": "V0BENCH",
            "hash": "1.a",
            "type": "modal",
            "callback_id": "booking",
            "private_metadata": json.dumps([context, "nonce"]),
            "blocks": [{"type": "input", "block_id": block, "element": element}],
            "state": {"values": {}},
        },
    }
    return _signed(urlencode({"payload": json.dumps(payload)}).encode())


def _signed(body: bytes) -> bytes:
    timestamp = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    return http_post("/slack/events", body, headers)
