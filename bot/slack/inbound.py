"""What Slack sends, as neutral events: who, what, how to answer, and the key that names the delivery."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dispatcher import Sender
from bot.slack.actions import read_action
from bot.slack.home import digest_of
from bot.slack.shortcuts import ABOUT, GLOBAL, MESSAGE, Source, read_source, source_of
from bot.slack.state import CHANGE, FormState, field_of, read_view
from handlers.commands import parse
from handlers.ui import (
    AboutMessage,
    ActionClick,
    ActionRef,
    CommandCall,
    FileReceived,
    FormChange,
    FormSubmit,
    Greeting,
    Inbound,
    OptionSearch,
    TextReply,
)

PLATFORM = "slack"
AGAIN = "slack-again"
_MENTION = re.compile(r"^\s*<@[UW][A-Z0-9]+(?:\|[^>]*)?>[\s,:]*")
_MARKED = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_FILES = "file_share"

Payload = Mapping[str, Any]


class Malformed(Exception):
    """Not a payload of Slack's."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came from: all that is needed to answer it; `home` for a click in the person's home."""

    user: str
    channel: str = ""
    response_url: str = field(default="", repr=False)
    trigger_id: str = field(default="", repr=False)
    message_ts: str = ""
    ephemeral: bool = False
    thread_ts: str = ""
    action_ts: str = ""
    form: FormState | None = field(default=None, repr=False)
    view: Payload = field(default_factory=dict, repr=False)
    home: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One delivery; `again` is the button that repeats it, `lost` the command whose words do not fit that button.

    A `slash` command may be answered by its acknowledgement. `author` is who wrote the message that it is about.
    """

    sender: Sender
    event: Inbound
    key: str
    origin: Origin
    again: ActionRef | None = None
    lost: str = ""
    slash: bool = False
    author: Sender | None = None

    @property
    def private(self) -> bool:
        """Whether nobody else reads along: a direct message, a modal, a slash command, what one alone is shown."""
        alone = self.slash or self.origin.ephemeral
        return alone or not self.origin.channel or self.origin.channel.startswith("D")


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at his home; `seen` is the digest of what it shows, "" for nothing yet, None if it is not said."""

    sender: Sender
    seen: str | None


def read_command(body: Payload) -> Incoming:
    """Return a slash command. Raises Malformed."""
    name, text = _text(body, "command").removeprefix("/"), _unescaped(str(body.get("text") or "")).strip()
    trigger = _text(body, "trigger_id")
    origin = Origin(
        _text(body, "user_id"), str(body.get("channel_id") or ""), str(body.get("response_url") or ""), trigger
    )
    sender = Sender(PLATFORM, _tenant(body, _text(body, "team_id")), origin.user)
    return Incoming(sender, CommandCall(name, text), f"{PLATFORM}:{trigger}", origin, *_again(name, text), slash=True)


def read_shortcut(body: Payload) -> Incoming | None:
    """Return a shortcut of ours, which is answered in private. Raises Malformed."""
    user, trigger = _part(body, "user"), _text(body, "trigger_id")
    origin = Origin(_text(user, "id"), trigger_id=trigger)
    sender, key = Sender(PLATFORM, _team_of(body, user), origin.user), f"{PLATFORM}:{trigger}"
    match body.get("callback_id"):
        case str(name) if name == GLOBAL:
            return Incoming(sender, CommandCall("rdv"), key, origin, *_again("rdv", ""))
        case str(name) if name == MESSAGE:
            source = read_source(_text(_part(body, "channel"), "id"), _part(body, "message"))
            return _about(body, source, sender, key, origin)
        case _:
            return None


def read_click(body: Payload) -> Incoming | None:
    """Return a click or a change within a form; None for what nothing follows from. Raises Malformed."""
    user, actions = _part(body, "user"), body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
        raise Malformed
    action, container = actions[0], body.get("container") or {}
    trigger = str(body.get("trigger_id") or "")
    view = body.get("view") or {}
    home = view.get("type") == "home"
    state = _state(view) if view and not home else None
    origin = Origin(
        user=_text(user, "id"),
        channel=str((body.get("channel") or {}).get("id") or container.get("channel_id") or ""),
        response_url=str(body.get("response_url") or ""),
        trigger_id=trigger,
        message_ts=str(container.get("message_ts") or ""),
        ephemeral=bool(container.get("is_ephemeral")),
        action_ts=str(action.get("action_ts") or ""),
        form=state,
        view={} if home else view,
        home=home,
    )
    sender = Sender(PLATFORM, _team_of(body, user), origin.user)
    key = f"{PLATFORM}:{trigger or origin.action_ts}"
    changed = field_of(str(action.get("block_id") or ""))
    if state is not None and changed:
        if not str(action.get("action_id", "")).startswith(CHANGE):
            return None
        event = FormChange(state.form_id, state.context, state.nonce, state.values, changed)
        return Incoming(sender, event, key, origin)
    try:
        found = read_action(action)
    except (AttributeError, TypeError, ValueError) as fault:
        raise Malformed from fault
    if found is None:
        return None
    ref, value = found
    if ref.name == AGAIN:
        name, _, text = ref.token.partition(" ")
        return Incoming(sender, CommandCall(name, text), key, origin, ref)
    if ref.name == ABOUT:
        return _about(body, source_of(ref), sender, key, origin)
    return Incoming(sender, ActionClick(ref, value), key, origin, ref)


def read_submission(body: Payload) -> Incoming:
    """Return a form that was sent, keyed by its own nonce. Raises Malformed."""
    user, view = _part(body, "user"), _part(body, "view")
    state = _state(view)
    origin = Origin(_text(user, "id"), trigger_id=str(body.get("trigger_id") or ""), form=state, view=view)
    event = FormSubmit(state.form_id, state.context, state.nonce, state.values)
    sender = Sender(PLATFORM, _team_of(body, user), origin.user)
    return Incoming(sender, event, f"{PLATFORM}:form:{origin.user}:{state.nonce or state.view_id}", origin)


def read_search(body: Payload) -> Incoming:
    """Return what is typed in a search field. Raises Malformed."""
    user, state = _part(body, "user"), _state(_part(body, "view"))
    origin = Origin(_text(user, "id"), form=state)
    query = _unescaped(str(body.get("value") or ""))
    event = OptionSearch(state.form_id, field_of(_text(body, "block_id")), query, state.context, state.values)
    return Incoming(Sender(PLATFORM, _team_of(body, user), origin.user), event, "", origin)


def read_event(body: Payload, bot_user: str) -> Incoming | HomeOpened | None:
    """Return an event; None for one that concerns nobody (the bot's own, an edit). Raises Malformed."""
    event, event_id = _part(body, "event"), _text(body, "event_id")
    kind = _text(event, "type")
    if event.get("bot_id") or not isinstance(event.get("user"), str):
        return None
    tenant = str(event.get("user_team") or _tenant(body, str(body.get("team_id") or "")))
    origin = Origin(event["user"], str(event.get("channel") or ""), thread_ts=str(event.get("thread_ts") or ""))
    sender, key = Sender(PLATFORM, tenant, origin.user), f"{PLATFORM}:{event_id}"
    match kind:
        case "message" if event.get("channel_type") == "im" and event.get("subtype") in {None, _FILES}:
            return _said(sender, _message(event), key, origin)
        case "app_mention":
            typed = _typed(_MENTION.sub("", str(event.get("text") or ""), count=1))
            return _said(sender, TextReply(typed), key, origin)
        case "app_home_opened" if event.get("tab") == "home":
            return HomeOpened(sender, digest_of(event.get("view") or {}))
        case "app_home_opened" if event.get("tab", "messages") == "messages":
            return Incoming(sender, Greeting("private"), f"{PLATFORM}:greeted:{tenant}:{origin.user}", origin)
        case "member_joined_channel" if bot_user and origin.user == bot_user:
            inviter = str(event.get("inviter") or "")
            return Incoming(Sender(PLATFORM, tenant, inviter), Greeting("channel"), key, origin)
        case _:
            return None


def _about(body: Payload, source: Source, sender: Sender, key: str, origin: Origin) -> Incoming:
    """Return the wish to book about a message, with its author still to be found."""
    link = source.link(str((body.get("team") or {}).get("domain") or ""))
    author = replace(sender, external_id=source.author) if source.author else None
    return Incoming(sender, AboutMessage(None, link), key, origin, source.again(), author=author)


def _said(sender: Sender, event: Inbound, key: str, origin: Origin) -> Incoming:
    """Return a message, which a button repeats: Slack opens a form only at a click or a slash command."""
    call = parse(event.text) if isinstance(event, TextReply) else CommandCall("")
    return Incoming(sender, event, key, origin, *_again(call.name, call.text))


def _message(event: Payload) -> Inbound:
    typed = _typed(str(event.get("text") or ""))
    files = event.get("files")
    if files and not typed.strip() and isinstance(files, list) and isinstance(files[0], dict):
        return FileReceived(str(files[0].get("name") or ""), b"")
    return TextReply(typed)


def _typed(text: str) -> str:
    """Return a message as it was typed: Slack marks up mentions and addresses, and escapes three signs."""
    return _unescaped(_MARKED.sub(_unmarked, text)).strip()


def _unmarked(found: re.Match[str]) -> str:
    sign, target, label = found.groups()
    if label:
        return f"{sign if sign in {'@', '#'} and not label.startswith(sign) else ''}{label}"
    if sign == "!":
        return f"@{target}"
    return f"{sign}{target}"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _again(name: str, text: str) -> tuple[ActionRef, str]:
    try:
        return ActionRef(AGAIN, f"{name} {text}".strip()), ""
    except ValueError:
        return ActionRef(AGAIN, name), f"/{name} {text}"


def _state(view: Payload) -> FormState:
    try:
        return read_view(view)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise Malformed from fault


def _team_of(body: Payload, user: Payload) -> str:
    """Return the person's own workspace: in a shared channel it may be another organisation's."""
    team = (body.get("team") or {}).get("id")
    own = user.get("team_id") or (body.get("view") or {}).get("team_id")
    return _tenant(body, str((team if body.get("enterprise") else own or team) or own or ""))


def _tenant(body: Payload, team: str) -> str:
    """Return what an account's id belongs to: the workspace, or the whole organisation where it installed the app."""
    first = next(iter(body.get("authorizations") or ()), body)
    whole = first.get("is_enterprise_install") or body.get("is_enterprise_install")
    enterprise = body.get("enterprise") or first.get("enterprise_id") or body.get("enterprise_id")
    found = enterprise.get("id") if isinstance(enterprise, dict) else enterprise
    return str(found) if whole in (True, "true") and found else team


def _part(body: Payload, name: str) -> Payload:
    found = body.get(name)
    if not isinstance(found, dict):
        raise Malformed
    return found


def _text(body: Payload, name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found:
        raise Malformed
    return found
