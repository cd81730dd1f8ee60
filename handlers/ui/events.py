"""What comes in: commands, clicks, forms, messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from handlers.ui.cards import ActionRef
from handlers.ui.forms import Value


@dataclass(frozen=True, slots=True)
class CommandCall:
    """A command with what was typed after it; `name` without the slash, "" for a bare greeting or unknown word."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ActionClick:
    """A button, select or toggle."""

    ref: ActionRef
    value: str = ""


@dataclass(frozen=True, slots=True)
class FormChange:
    """A field that refreshes has changed."""

    form_id: str
    context: str
    nonce: str
    values: Mapping[str, Value]
    changed: str


@dataclass(frozen=True, slots=True)
class FormSubmit:
    """A form was sent."""

    form_id: str
    context: str
    nonce: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class OptionSearch:
    """Someone types in a search field."""

    form_id: str
    field_id: str
    query: str
    context: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextReply:
    """A message typed to the bot."""

    text: str


@dataclass(frozen=True, slots=True)
class FileReceived:
    """A file sent to the bot."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AboutMessage:
    """Book an appointment about a message: `author_id` is the worker who wrote it, None if he is not known.

    `link` leads to the message, for who may read it.
    """

    author_id: int | None
    link: str


@dataclass(frozen=True, slots=True)
class Greeting:
    """The first opening of the bot's conversation, or the bot joining a channel."""

    where: Literal["private", "channel"]


Inbound = (
    CommandCall
    | ActionClick
    | FormChange
    | FormSubmit
    | OptionSearch
    | TextReply
    | FileReceived
    | AboutMessage
    | Greeting
)
