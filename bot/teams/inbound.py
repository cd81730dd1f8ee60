"""What Teams sends, as neutral events: who, what, where to answer, and the key that names the delivery."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal

from bot.dispatcher import Sender
from bot.teams.actions import read_ref
from bot.teams.api import TEAMS_APP, Place
from bot.teams.fields import read_dataset, read_inputs
from bot.teams.state import FormState, read_state
from handlers.commands import parse
from handlers.ui import ActionClick, Greeting, Inbound, OptionSearch, TextReply

Json = dict[str, Any]
PLATFORM: Final = "teams"
AGAIN: Final = "teams-again"
REFRESHES: Final = "teams-view"
EXECUTE, FETCH, SENT, SEARCH = "adaptiveCard/action", "task/fetch", "task/submit", "application/search"
_AT: Final = re.compile(r"<at[^<>]*>([^<]*)</at>")
_SPOKEN_TO: Final = re.compile(r"^((?:\s*<at[^<>]*>[^<]*</at>)+)[\s,:]*(.*)$", re.DOTALL)
_MOST: Final = 60

Kind = Literal["private", "group", "channel"]
_KINDS: Final[Mapping[str, Kind]] = {"personal": "private", "groupChat": "group", "channel": "channel"}


class Malformed(Exception):
    """Not an activity of Teams', or a card of ours that was tampered with."""


class Unknown(Exception):
    """An invoke that nothing here answers."""


class Way(StrEnum):
    """How something came, which is how it is answered."""

    MESSAGE = "message"
    EXECUTE = "execute"
    FETCH = "fetch"
    SENT = "sent"
    SEARCH = "search"
    VIEW = "view"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something came from: `activity` is its own id, `clicked` the message whose card it came from."""

    place: Place
    kind: Kind
    tenant: str
    user: str
    activity: str
    clicked: str = ""
    team: str = ""
    title: str = ""

    @property
    def private(self) -> bool:
        """Whether nobody else reads along."""
        return self.kind == "private"

    @property
    def root(self) -> str:
        """The conversation, without the thread in it."""
        return self.place.conversation.partition(";messageid=")[0]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One delivery; `again` says which words repeat a command, `form` is the form that it came from."""

    sender: Sender
    event: Inbound | None
    key: str
    origin: Origin
    way: Way
    form: FormState | None = field(default=None, repr=False)
    again: str = field(default="", repr=False)

    @property
    def in_place(self) -> bool:
        """Whether it came from a form that stands in a message, which what comes of it replaces: in private alone."""
        return self.form is not None and self.way is not Way.SENT and self.origin.private and self.origin.clicked != ""


@dataclass(frozen=True, slots=True)
class Gone:
    """The app was taken out of a conversation."""

    origin: Origin


def read(activity: Json) -> Incoming | Gone | None:
    """Return the activity as an event of ours; None for one that concerns nobody. Raises Malformed, Unknown."""
    try:
        return _read(activity)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as fault:
        raise Malformed(type(fault).__name__) from fault


def _read(activity: Json) -> Incoming | Gone | None:
    match activity["type"]:
        case "message":
            return _message(activity)
        case "invoke":
            return _invoke(activity)
        case "conversationUpdate" | "installationUpdate" as kind:
            return _joined(activity, str(kind))
        case _:
            return None


def _message(activity: Json) -> Incoming | None:
    origin, sender = _origin(activity), _sender(activity)
    key = _key(origin)
    data = activity.get("value")
    if isinstance(data, dict) and data:  # the Action.Submit of a client that knows no Action.Execute
        return _clicked(data, sender, key, origin, Way.MESSAGE)
    typed = _typed(activity, origin)
    if typed is None:
        return None
    event: Inbound = parse(typed) if not origin.private else TextReply(typed)
    return Incoming(sender, event, key, origin, Way.MESSAGE, again=typed)


def _typed(activity: Json, origin: Origin) -> str | None:
    """Return what was typed, without the mention of us; None where others talk and do not mention us.

    Somebody else who is mentioned is named, as "@name"; one who is spoken to before us, at the end.
    """
    text = str(activity.get("text") or "").replace("\xa0", " ").replace("&nbsp;", " ")
    us = str((activity.get("recipient") or {}).get("id") or "")
    ours: set[str] = set()
    for entity in activity.get("entities") or ():
        mentioned = entity.get("mentioned") or {}
        if entity.get("type") == "mention" and us and mentioned.get("id") == us:
            said = str(entity.get("text") or "")
            ours |= {"", _AT.sub(r"\1", said).strip(), str(mentioned.get("name") or "")}
            text = text.replace(said, " ", 1)
    if not ours:
        return text.strip() if origin.private else None
    text = _SPOKEN_TO.sub(r"\2 \1", text)
    return " ".join(_AT.sub(lambda at: " " if at[1].strip() in ours else f" @{at[1]} ", text).split())


def _invoke(activity: Json) -> Incoming:
    origin, sender, value = _origin(activity), _sender(activity), activity.get("value") or {}
    key = _key(origin)
    match activity.get("name"):
        case name if name == EXECUTE:
            action = value["action"]
            data = action.get("data") or {}
            if value.get("trigger") == "automatic" or REFRESHES in data:
                found = read_ref({"rdv": data.get(REFRESHES)})
                if found is None:
                    raise Malformed
                return Incoming(sender, ActionClick(found[0]), key, origin, Way.VIEW)
            return _clicked(data, sender, key, origin, Way.EXECUTE)
        case name if name == FETCH:
            return _clicked(value.get("data") or {}, sender, key, origin, Way.FETCH)
        case name if name == SENT:
            return _clicked(value.get("data") or {}, sender, key, origin, Way.SENT)
        case name if name == SEARCH:
            return _search(value, sender, origin)
        case _:
            raise Unknown(ascii(activity.get("name"))[:_MOST])


def _clicked(data: Json, sender: Sender, key: str, origin: Origin, way: Way) -> Incoming:
    state = read_state(data)
    if state is not None:
        return Incoming(sender, None, key, origin, way, form=state)
    if AGAIN in data:
        again = str(data[AGAIN])
        return Incoming(sender, parse(again), key, origin, way, again=again)
    found = read_ref(data)
    if found is None:
        raise Malformed
    return Incoming(sender, ActionClick(*found), key, origin, way)


def _search(value: Json, sender: Sender, origin: Origin) -> Incoming:
    """Return a search in a field; the other inputs come with it."""
    field_id, form_id, context = read_dataset(str(value.get("dataset") or ""))
    inputs = value.get("data")
    values = read_inputs(inputs) if isinstance(inputs, dict) else {}
    event = OptionSearch(form_id, field_id, str(value.get("queryText") or "").strip(), context, values)
    return Incoming(sender, event, "", origin, Way.SEARCH)


def _joined(activity: Json, kind: str) -> Incoming | Gone | None:
    origin = _origin(activity)
    us = str((activity.get("recipient") or {}).get("id") or "")
    if kind == "installationUpdate":
        came, left = activity.get("action") == "add", activity.get("action") == "remove"
    else:
        came = any(member.get("id") == us for member in activity.get("membersAdded") or ())
        left = any(member.get("id") == us for member in activity.get("membersRemoved") or ())
    if left:
        return Gone(origin)
    if not came:
        return None
    key = f"{PLATFORM}:joined:{origin.place.conversation}"  # Teams tells it in two ways
    greeting = Greeting("private" if origin.private else "channel")
    return Incoming(_sender(activity), greeting, key, origin, Way.MESSAGE)


def _key(origin: Origin) -> str:
    """Return the name of a delivery, "" if Teams gave none: it numbers the messages of each conversation apart."""
    return f"{PLATFORM}:{origin.place.conversation}:{origin.activity}" if origin.activity else ""


def _origin(activity: Json) -> Origin:
    conversation = activity["conversation"]
    untold = "groupChat" if conversation.get("isGroup") else "personal"
    kind = _KINDS[conversation.get("conversationType") or untold]
    channel = activity.get("channelData") or {}
    clicked = str(activity.get("replyToId") or "") if activity.get("value") else ""  # else it is what was replied to
    whole = str(conversation["id"])
    # a card in a channel is answered in its own message's thread
    return Origin(
        place=Place(str(activity["serviceUrl"]), whole),
        kind=kind,
        tenant=str((channel.get("tenant") or {}).get("id") or conversation.get("tenantId") or ""),
        user=str((activity.get("from") or {}).get("id") or ""),
        activity=str(activity.get("id") or ""),
        clicked=clicked,
        team=str((channel.get("team") or {}).get("id") or ""),
        title=str(conversation.get("name") or ""),
    )


def _sender(activity: Json) -> Sender:
    """Return who sent it, by his id in the tenant's directory: the one of Teams differs from bot to bot."""
    person = activity.get("from") or {}
    if str(person.get("id") or "").startswith(TEAMS_APP):
        raise Malformed
    return Sender(PLATFORM, _origin(activity).tenant, str(person.get("aadObjectId") or ""))
