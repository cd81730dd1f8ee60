"""The neutral vocabulary between handlers and platforms: cards, forms, what comes in, what goes out.

Every renderer matches these exhaustively (`match` with `assert_never`), so that a new element fails type
checking in each platform that lacks it. All text is plain text, already in the reader's language: a platform
shows it as it is and never as markup.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

REF_BYTES = 64


@dataclass(frozen=True, slots=True)
class ActionRef:
    """What a button stands for; the token is opaque, and the right to act is checked again at the click."""

    name: str
    token: str = ""

    def __post_init__(self) -> None:
        if len(self.encode().encode()) > REF_BYTES:
            raise ValueError(f"the action {self.name!r} does not fit {REF_BYTES} bytes")

    def encode(self) -> str:
        """Return the one string that platforms carry: name, a colon, token."""
        return f"{self.name}:{self.token}"

    @classmethod
    def decode(cls, text: str) -> "ActionRef":
        """Return the reference that `encode` made."""
        name, _, token = text.partition(":")
        return cls(name, token)


# --- cards: body -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; line breaks are kept."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values, in order."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: a title, lines below it, its own actions."""

    title: str
    lines: tuple[str, ...] = ()
    actions: tuple["Action", ...] = ()


@dataclass(frozen=True, slots=True)
class ItemList:
    """Entries; the handler has already taken one page of them."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, with the same content in words."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that must be seen; its kind is said by a word or sign too, never by colour alone."""

    text: str
    kind: Literal["info", "success", "warning", "error"] = "info"


Element = Text | Facts | ItemList | Picture | Divider | Notice

# --- cards: actions ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Button:
    """A click; `opens_form` tells platforms that a form follows (Slack must open it within 3 s)."""

    ref: ActionRef
    label: str
    style: Literal["plain", "primary", "danger"] = "plain"
    opens_form: bool = False


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A link to a page."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its value, its label, and what stands below it."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Choices under a common heading ("" for none)."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Select:
    """One choice among several, acted on at once: an `ActionClick` with the value."""

    ref: ActionRef
    label: str
    options: tuple[Option, ...]
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Toggle:
    """An on/off switch, acted on at once: an `ActionClick` with the value "on" or "off"."""

    ref: ActionRef
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """Rarer actions, behind one control."""

    label: str
    buttons: tuple[Button, ...]


Action = Button | LinkButton | Select | Toggle | Menu


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `neutral` is what a push preview or a notification may show: never a name of a client."""

    title: str
    body: tuple[Element, ...] = ()
    actions: tuple[Action, ...] = ()
    neutral: str = ""


# --- forms -------------------------------------------------------------------------------------

Value = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextField:
    """Typed text; `limit` in characters."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    limit: int = 200
    multiline: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class DateField:
    """A day, as "2026-01-27"."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False
    refreshes: bool = False


@dataclass(frozen=True, slots=True)
class TimeField:
    """A time of day on the reader's clock, as "14:15"."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of several; with `refreshes`, a choice sends a `FormChange` and the form follows."""

    id: str
    label: str
    groups: tuple[OptionGroup, ...]
    value: str = ""
    hint: str = ""
    required: bool = False
    refreshes: bool = False


@dataclass(frozen=True, slots=True)
class MultiChoiceField:
    """Any number of a few (at most ten)."""

    id: str
    label: str
    options: tuple[Option, ...]
    values: tuple[str, ...] = ()
    hint: str = ""
    refreshes: bool = False


@dataclass(frozen=True, slots=True)
class SearchField:
    """One or many, found by typing: sends `OptionSearch`, is answered by option groups. `chosen` carries labels."""

    id: str
    label: str
    chosen: tuple[Option, ...] = ()
    multiple: bool = False
    hint: str = ""
    required: bool = False
    refreshes: bool = False


@dataclass(frozen=True, slots=True)
class YesNo:
    """A question whose answer is "yes" when it is ticked."""

    id: str
    label: str
    value: bool = False
    refreshes: bool = False


@dataclass(frozen=True, slots=True)
class FileField:
    """One file."""

    id: str
    label: str
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class SlotField:
    """One of the free slots, grouped by day; a slot's hint is its place. `other` is a last option outside the groups."""

    id: str
    label: str
    days: tuple[OptionGroup, ...]
    value: str = ""
    hint: str = ""
    other: Option | None = None
    required: bool = False
    refreshes: bool = False


Field = TextField | DateField | TimeField | ChoiceField | MultiChoiceField | SearchField | YesNo | FileField | SlotField


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `parts` are fields and elements to read between them.

    `context` is opaque and comes back with everything the form sends; it is not secret and is never trusted.
    `nonce` names this opening of the form: a second submission of it gets the outcome of the first.
    """

    id: str
    title: str
    parts: tuple[Field | Element, ...]
    submit: str
    context: str = ""
    nonce: str = ""


# --- inbound -----------------------------------------------------------------------------------


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
class Greeting:
    """The first opening of the bot's conversation, or the bot joining a channel."""

    where: Literal["private", "channel"]


Inbound = CommandCall | ActionClick | FormChange | FormSubmit | OptionSearch | TextReply | FileReceived | Greeting

# --- outcomes ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Live:
    """Marks a card as a copy of an appointment, shown at `version`: to be kept up to date from now on."""

    appointment_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer the person alone. With `live`, the card is posted to his private conversation and kept as a copy."""

    card: Card
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class ReplaceCard:
    """Put this card in the place of the one clicked (a list turned to another page)."""

    card: Card


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The appointment changed, or its card was old: the copies, the clicked one first, follow through the outbox.

    `notice`, if any, is said to the person alone ("nothing was done: the card had changed").
    """

    appointment_id: int
    notice: str = ""


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Open a form."""

    form: Form


@dataclass(frozen=True, slots=True)
class UpdateForm:
    """Show the same form anew, after a change or a question that came up."""

    form: Form


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """Say beside the fields what is wrong; "" as the key for the whole form."""

    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CloseForm:
    """Close the form; `notice` is said to the person alone."""

    notice: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """Answer to `OptionSearch`."""

    groups: tuple[OptionGroup, ...]


Outcome = Reply | ReplaceCard | Refreshed | OpenForm | UpdateForm | FieldErrors | CloseForm | Options
