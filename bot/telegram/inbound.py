"""From what Telegram sends to neutral events (core.telegram.org/bots/api#update)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.dispatcher import Sender
from core.people import Account, Worker
from handlers.commands import parse
from handlers.ui import CommandCall, Greeting, Inbound, TextReply

PLATFORM: Final = "telegram"
TENANT: Final = "telegram"
UPDATES: Final = ("message", "callback_query", "my_chat_member")
"""The kinds of updates that are asked for."""

Who = tuple[Account, Worker]
Payload = Mapping[str, Any]

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?=\s|$)\s*", re.ASCII)
_GROUPS = {"group", "supergroup"}
_AWAY = {"left", "kicked"}
_FILES = ("document", "audio", "video", "voice", "video_note", "animation")
START = "start"


class Malformed(Exception):
    """This is no update as Telegram sends them."""


@dataclass(frozen=True, slots=True)
class Press:
    """A press on a button; `query` is to be answered, `message` the message that it stands in."""

    query: str
    message: str
    data: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The bot is in a chat or not; it `came` just now. `moved_to` is the id that a group has from now on."""

    inside: bool
    moved_to: int = 0
    came: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody sent."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update; `key` names its delivery. `event` is set where it says all, else one of the four below it.

    `title` is that of a group.
    """

    key: str
    sender: Sender
    chat: int
    private: bool
    title: str = ""
    event: Inbound | None = None
    press: Press | None = None
    standing: Standing | None = None
    file: File | None = None
    text: str = field(default="", repr=False)


def message_id(chat: int, message: int) -> str:
    """Return the opaque id of a message."""
    return f"{chat}:{message}"


def read(update: Payload, bot: str, bot_id: str) -> Incoming | None:
    """Return what an update says, None for one that says nothing to us; `bot` is the bot's name. Raises Malformed.

    Edited messages are not asked for, and those of other bots are left alone.
    """
    try:
        key = f"{PLATFORM}:{bot_id}:{_whole(update['update_id'])}"
        if "callback_query" in update:
            return _pressed(key, update["callback_query"])
        if "my_chat_member" in update:
            return _standing(key, update["my_chat_member"])
        if "message" in update:
            return _message(key, update["message"], bot)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise Malformed from wrong
    return None


def _pressed(key: str, query: Payload) -> Incoming | None:
    message = query.get("message")
    if message is None or "data" not in query:  # of an inline message, or a game
        return None
    chat = _whole(message["chat"]["id"])
    press = Press(str(query["id"]), message_id(chat, _whole(message["message_id"])), str(query["data"]))
    return _incoming(key, query["from"], message["chat"], press=press)


def _standing(key: str, change: Payload) -> Incoming:
    inside = change["new_chat_member"]["status"] not in _AWAY
    came = inside and change["chat"]["type"] in _GROUPS and change["old_chat_member"]["status"] in _AWAY
    return _incoming(key, change["from"], change["chat"], standing=Standing(inside, came=came))


def _message(key: str, message: Payload, bot: str) -> Incoming | None:
    chat = message["chat"]
    if moved := message.get("migrate_to_chat_id"):
        return _incoming(key, message.get("from") or chat, chat, standing=Standing(False, _whole(moved)))
    sender = message.get("from")
    if sender is None or sender.get("is_bot") or chat["type"] not in {"private", *_GROUPS}:
        return None
    text = str(message.get("text") or message.get("caption") or "").strip()
    if chat["type"] != "private":
        said = _to_the_bot(text, bot)
        return _incoming(key, sender, chat, event=said) if said is not None else None
    if found := _file(message):
        return _incoming(key, sender, chat, file=found)
    if not text:
        return None
    command = _COMMAND.match(text)
    if command is None:
        return _incoming(key, sender, chat, event=TextReply(text), text=text)
    begun = command[1].lower() == START and not text[command.end() :]
    return _incoming(key, sender, chat, event=Greeting("private") if begun else _command(text, command))


def _to_the_bot(text: str, bot: str) -> Inbound | None:
    """Return what somebody in a group says to the bot: a command of ours, or what mentions it."""
    command = _COMMAND.match(text)
    if command is not None:
        call = _command(text, command)
        ours = command[2].lower() == bot.lower() if command[2] else bool(call.name) and command[1].lower() != START
        return call if ours else None
    mention = re.compile(rf"(?<!\w)@{re.escape(bot)}\b", re.IGNORECASE)
    return TextReply(mention.sub(" ", text).strip()) if bot and mention.search(text) else None


def _command(text: str, command: re.Match[str]) -> CommandCall:
    """Return the command; one that a link with a code makes people say spends the code (rdv lier CODE)."""
    said = text[command.end() :]
    if command[1].lower() == START and said:
        return CommandCall("rdv", f"lier {said}")
    return parse(f"/{command[1]} {said}".strip())


def _file(message: Payload) -> File | None:
    for kind in _FILES:
        if found := message.get(kind):
            return File(str(found["file_id"]), str(found.get("file_name") or kind))
    if photos := message.get("photo"):
        return File(str(photos[-1]["file_id"]), "photo.jpg")
    return None


def _incoming(key: str, sender: Payload, chat: Payload, **more: Any) -> Incoming:
    return Incoming(
        key=key,
        sender=Sender(PLATFORM, TENANT, str(_whole(sender["id"]))),
        chat=_whole(chat["id"]),
        private=chat["type"] == "private",
        title=str(chat.get("title") or ""),
        **more,
    )


def _whole(number: object) -> int:
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError
    return number
