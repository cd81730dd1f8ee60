"""People in Slack: what they do reaches the bot as Slack sends it, signed over HTTP or down the socket."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from tests.bot.slack.checks import message_faults, options_faults
from tests.bot.slack.fake_api import APP, TEAM, FakeSlack, Message, Modal, dm_of
from tests.bot.slack.screen import (
    Block,
    clickables,
    elements,
    fields,
    initial_state,
    offered,
    plain,
    state_of,
)

SECRET = "a signing secret"
Payload = dict[str, Any]
_numbers = count(1)


class Line(Protocol):
    """How Slack reaches the bot."""

    async def command(self, body: Payload) -> Payload:
        """Send a slash command; return the acknowledgement."""
        ...

    async def interact(self, body: Payload) -> Payload:
        """Send a click, a change, a form or a search; return the acknowledgement."""
        ...

    async def event(self, body: Payload) -> None:
        """Send an event."""
        ...


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None, **more: str) -> dict[str, str]:
    """Return the headers of a request that Slack signed."""
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    form = {"content-type": "application/x-www-form-urlencoded"}
    return {**form, "x-slack-request-timestamp": timestamp, "x-slack-signature": f"v0={digest}", **more}


class HttpLine:
    """Signed HTTP."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http

    async def post(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """Send a whole request."""
        return await self.http.post("/slack/events", content=body, headers=headers)

    async def command(self, body: Payload) -> Payload:
        """Send a slash command."""
        return await self._form(urlencode(body).encode())

    async def interact(self, body: Payload) -> Payload:
        """Send an interaction."""
        return await self._form(urlencode({"payload": json.dumps(body)}).encode())

    async def event(self, body: Payload, **headers: str) -> None:
        """Send an event."""
        raw = json.dumps(body).encode()
        answer = await self.post(raw, {**signed(raw), "content-type": "application/json", **headers})
        assert answer.status_code == 200, (answer.status_code, answer.text)

    async def _form(self, raw: bytes) -> Payload:
        answer = await self.post(raw, signed(raw))
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return dict(answer.json()) if answer.text else {}


class SocketLine:
    """Socket Mode."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack

    async def command(self, body: Payload) -> Payload:
        """Send a slash command."""
        return await self.slack.deliver("slash_commands", body)

    async def interact(self, body: Payload) -> Payload:
        """Send an interaction."""
        return await self.slack.deliver("interactive", body)

    async def event(self, body: Payload) -> None:
        """Send an event."""
        await self.slack.deliver("events_api", body, retry_attempt=0, retry_reason="")


@dataclass
class Person:
    """A member; `state` is what stands in the fields of the open modal, `filled` in those of all, by id and hash."""

    user: str
    slack: FakeSlack
    line: Line
    state: dict[str, dict[str, Block]] = field(default_factory=dict)
    filled: dict[str, tuple[str, dict[str, dict[str, Block]]]] = field(default_factory=dict)

    # --- the bot's conversation and channels

    async def command(self, text: str, channel: str = "", **more: object) -> Payload:
        """Type a slash command; an answer in the acknowledgement is shown to him alone."""
        where = channel or dm_of(self.user)
        name, _, rest = text.partition(" ")
        body = {
            "command": name,
            "text": rest.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "user_id": self.user,
            "user_name": "somebody",
            "team_id": TEAM,
            "team_domain": "rdv",
            "channel_id": where,
            "channel_name": "directmessage",
            "response_url": self.slack.response_url(self.user, where),
            "trigger_id": self.slack.trigger(self.user),
            "api_app_id": APP,
            "is_enterprise_install": "false",
            **more,
        }
        answer = await self.line.command(body)
        if answer:
            self.slack.check(message_faults(answer))
            self.slack.show(self.user, where, answer, ephemeral=answer["response_type"] == "ephemeral")
        return body

    async def say(self, text: str, **more: object) -> Payload:
        """Type a message to the bot."""
        return await self.send_event({"type": "message", "channel_type": "im", "text": _escaped(text), **more})

    async def send_event(self, event: Payload, channel: str = "") -> Payload:
        """Send an event about this person."""
        where = {"user": self.user, "channel": channel or dm_of(self.user), "ts": f"17690{next(_numbers)}.0"}
        body = event_body({**where, **event})
        await self.line.event(body)
        return body

    async def click(self, message: Message, label: str, *, number: int = 0, times: int = 1) -> Payload:
        """Click a button, or an entry of a menu, as often as said, each as the same delivery."""
        found = [c for c in clickables(message.blocks) if c[0] == label]
        assert len(found) > number, f"no {label!r} among {[c[0] for c in clickables(message.blocks)]}"
        _, _, block, element, option = found[number]
        body = self.click_body(message, block, element, option)
        for _ in range(times):
            await self.line.interact(body)
        return body

    def click_body(self, message: Message, block: Block, element: Block, option: Block | None = None) -> Payload:
        """Return a click as Slack sends it."""
        action = {"action_id": element["action_id"], "block_id": block.get("block_id", "xyz"), "type": element["type"]}
        action |= {"value": element["value"], "text": element["text"]} if "value" in element else {}
        action |= {"selected_option": option} if option else {}
        only = bool(message.only_for)
        return {
            **self._interaction("block_actions"),
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": only,
            },
            "channel": {"id": message.channel, "name": "directmessage"},
            "response_url": self.slack.response_url(self.user, message.channel, message.ts),
            "actions": [{**action, "action_ts": f"17690{next(_numbers):05}.0"}],
        }

    # --- the open modal

    @property
    def modal(self) -> Modal:
        """The modal on the screen, with what is filled in kept as Slack keeps it: by block and action id."""
        modal = self.slack.modal_of(self.user)
        assert modal is not None, "no modal is open"
        seen, kept = self.filled.get(modal.id, ("", {}))
        self.state = kept
        if seen != modal.hash:
            self.state = {}
            self.filled[modal.id] = modal.hash, self.state
            for block in fields(modal.view).values():
                element = elements(block)[0]
                old = kept.get(block["block_id"], {}).get(element["action_id"])
                fresh = initial_state(element)
                same = old is not None and old["type"] == fresh["type"]
                self.state[block["block_id"]] = {element["action_id"]: old if same and old else fresh}
        return modal

    def filled_in(self, label: str) -> Block:
        """Return the state of a field."""
        block = fields(self.modal.view)[label]
        return next(iter(self.state[block["block_id"]].values()))

    async def write(self, label: str, text: str) -> None:
        """Fill in a text, a day or a time."""
        block = fields(self.modal.view)[label]
        await self._set(block, text)

    async def choose(self, label: str, *wanted: str) -> None:
        """Choose by what is read; in a search field, each is typed first."""
        block = fields(self.modal.view)[label]
        element = elements(block)[0]
        kind = element["type"]
        if "external" in kind:
            first = [(await self.search(label, text))[0] for text in wanted]
            kept = self.filled_in(label)["selected_options"] if kind.startswith("multi") else []
            await self._set(block, [*kept, *first] if kind.startswith("multi") else first[0])
            return
        options = [(f" {plain(o['text']['text'])}", o) for o in offered(element)]
        found = [[o for text, o in options if text.endswith(f" {w}")][:1] for w in wanted]
        assert all(found), f"{wanted} is not among {options}"
        chosen = [option for (option,) in found]
        many = kind == "checkboxes" or kind.startswith("multi")
        await self._set(block, chosen if many else chosen[0])

    async def search(self, label: str, text: str) -> list[Block]:
        """Type in a search field; return what is offered."""
        modal, block = self.modal, fields(self.modal.view)[label]
        body = {
            **self._interaction("block_suggestion"),
            "view": self._view(modal),
            "block_id": block["block_id"],
            "action_id": elements(block)[0]["action_id"],
            "value": text,
        }
        answer = await self.line.interact(body)
        self.slack.check(options_faults(answer))
        return offered(answer)

    async def submit(self) -> Payload:
        """Send the form; return the acknowledgement."""
        modal = self.modal
        missing = self._missing(modal)
        assert not missing, f"Slack asks for {missing} first"
        body = {**self._interaction("view_submission"), "view": self._view(modal), "response_urls": []}
        answer = await self.line.interact(body)
        match answer.get("response_action"):
            case "update":
                self.slack.open_modal(self.user, answer["view"], modal.id)
            case "push":
                self.slack.open_modal(self.user, answer["view"])
            case "errors":
                inputs = {b["block_id"] for b in modal.view["blocks"] if b["type"] == "input"}
                self.slack.check([f"an error at {b}" for b in answer["errors"] if b not in inputs])
            case _:
                self.slack.modals.pop(modal.id, None)
        return answer

    async def _set(self, block: Block, value: object) -> None:
        modal = self.modal
        element = elements(block)[0]
        self.state[block["block_id"]] = {element["action_id"]: state_of(element["type"], value)}
        if block["type"] == "input" and not block.get("dispatch_action"):
            return
        changed = {"block_id": block["block_id"], "action_id": element["action_id"], "type": element["type"]}
        body = {
            **self._interaction("block_actions"),
            "container": {"type": "view", "view_id": modal.id},
            "view": self._view(modal),
            "actions": [{**changed, **state_of(element["type"], value), "action_ts": f"17690{next(_numbers):05}.0"}],
        }
        await self.line.interact(body)

    def _missing(self, modal: Modal) -> list[str]:
        return [
            label
            for label, block in fields(modal.view).items()
            if block["type"] == "input"
            and not block.get("optional")
            and not [v for k, v in self.filled_in(label).items() if k != "type" and v]
        ]

    def _view(self, modal: Modal) -> Payload:
        below = [m.id for m in self.slack.stack_of(self.user) if m is not modal]
        stack = {"root_view_id": (below or [modal.id])[0], "previous_view_id": below[-1] if below else None}
        seen = {"id": modal.id, "hash": modal.hash, "team_id": TEAM, **stack}
        return {**modal.view, **seen, "state": {"values": self.state}}

    def _interaction(self, kind: str) -> Payload:
        return {
            "type": kind,
            "user": {"id": self.user, "username": "somebody", "name": "somebody", "team_id": TEAM},
            "team": {"id": TEAM, "domain": "rdv"},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": APP,
            "token": "legacy",
            "trigger_id": self.slack.trigger(self.user),
        }


def event_body(event: Payload) -> Payload:
    """Return an event as the Events API sends it."""
    return {
        "type": "event_callback",
        "token": "legacy",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": event,
        "event_id": f"Ev{next(_numbers):08}",
        "event_time": 1769000000,
        "authorizations": [
            {"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False,
    }


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
