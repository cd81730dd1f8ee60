"""What the Bot API refuses, or silently does not show (core.telegram.org/bots/api)."""

import re
import struct
from collections.abc import Mapping, Sequence
from typing import Any

Arguments = dict[str, Any]

TEXT, CAPTION, ENTITIES = 4_096, 1_024, 100
DATA, KEYS, IN_A_ROW = 64, 100, 8
COMMAND, DESCRIPTION, COMMANDS = re.compile(r"[a-z0-9_]{1,32}"), 256, 100
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
TOAST = 200
PHOTO_BYTES, PHOTO_SIDES, PHOTO_RATIO = 10 * 1024 * 1024, 10_000, 20
PNG = b"\x89PNG\r\n\x1a\n"


class Refused(Exception):
    """The Bot API answers with an error."""

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_of(a: Arguments, name: str, limit: int) -> tuple[str, list[dict[str, Any]]]:
    """Return a text with its entities as Telegram shows them. Raises Refused."""
    entities = "entities" if name == "text" else "caption_entities"
    text, found = str(a.get(name) or ""), list(a.get(entities) or ())
    if a.get("parse_mode"):
        raise Refused("never markup: parse_mode is given")
    if name == "text" and not text.strip():
        raise Refused("message text is empty")
    if units(text) > limit:
        raise Refused("message is too long" if name == "text" else "message caption is too long")
    if text != text.strip():
        raise Refused("space around the text: Telegram takes it away and moves the entities")
    if len(found) > ENTITIES:
        raise Refused("more entities than are shown")
    for entity in found:
        if entity["length"] < 1 or entity["offset"] < 0 or entity["offset"] + entity["length"] > units(text):
            raise Refused("an entity outside its text")
    return text, found


def keyboard_of(a: Arguments) -> list[list[dict[str, Any]]]:
    """Return the inline keyboard. Raises Refused."""
    rows: Sequence[Sequence[dict[str, Any]]] = (a.get("reply_markup") or {}).get("inline_keyboard") or ()
    keys = [key for row in rows for key in row]
    if len(keys) > KEYS:
        raise Refused("reply markup is too long")
    if any(not 0 < len(row) <= IN_A_ROW for row in rows):
        raise Refused("a row of more than eight buttons, or of none")
    for key in keys:
        if not str(key.get("text") or "").strip():
            raise Refused("Text buttons are unallowed in the inline keyboard")
        if "url" in key:
            if not re.match(r"https?://[^\s/]+\.[^\s]+", key["url"]):
                raise Refused("Wrong HTTP URL")
        elif not 0 < len(str(key.get("callback_data") or "").encode()) <= DATA:
            raise Refused("BUTTON_DATA_INVALID")
    return [list(row) for row in rows]


def check_photo(content: bytes) -> None:
    """Raise Refused unless it is a PNG that Telegram takes as a photo."""
    if not content.startswith(PNG):
        raise Refused("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:24])
    if (
        len(content) > PHOTO_BYTES
        or width + height > PHOTO_SIDES
        or max(width, height) > PHOTO_RATIO * min(width, height)
    ):
        raise Refused("PHOTO_INVALID_DIMENSIONS")


def check_commands(commands: Sequence[Mapping[str, str]]) -> None:
    """Raise Refused unless these may be a menu."""
    if len(commands) > COMMANDS:
        raise Refused("too many commands")
    for command in commands:
        if not COMMAND.fullmatch(command["command"]) or not 0 < len(command["description"]) <= DESCRIPTION:
            raise Refused("BOT_COMMAND_INVALID")
