"""Cards: what one message shows, and what can be clicked in it."""

from collections.abc import Callable
from dataclasses import dataclass
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


class Drawing:
    """An SVG that is made when it is first asked for: a form opens in words long before its picture is wanted."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], str]) -> None:
        """Let `make` draw it, once and from what does not change."""
        self._make = make
        self._made: str | None = None

    def __str__(self) -> str:
        """Return the SVG."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def __eq__(self, other: object) -> bool:
        """Be equal to what looks the same."""
        return str(self) == str(other) if isinstance(other, Drawing | str) else NotImplemented

    def __hash__(self) -> int:
        """Return the hash of the SVG."""
        return hash(str(self))


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, with the same content in words; `str(svg)` is the SVG."""

    svg: str | Drawing
    alt: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two parts."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that must be seen; its kind is said by a word or sign too, never by colour alone."""

    text: str
    kind: Literal["info", "success", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Download:
    """A text file to keep, under `name`; `content` is written as UTF-8, `label` says what it is."""

    name: str
    media_type: str
    content: str
    label: str


Element = Text | Facts | ItemList | Picture | Divider | Notice | Download


@dataclass(frozen=True, slots=True)
class Button:
    """A click; `opens_form` tells platforms that a form follows (Slack must open it within 3 s).

    One `for_channels` is offered only where there are channels: it leads to a `ChannelField`.
    """

    ref: ActionRef
    label: str
    style: Literal["plain", "primary", "danger"] = "plain"
    opens_form: bool = False
    for_channels: bool = False


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
    """One message. `neutral` is what a push preview or a notification may show: never a name of a client.

    `reveal` is set on what is sent unasked: where the notification shows the message itself, it goes out as its
    `neutral` line with its buttons, and one of that reference, whose click puts the whole card in its place. What is
    `fleeting` is shown once and kept nowhere by us.
    """

    title: str
    body: tuple[Element, ...] = ()
    actions: tuple[Action, ...] = ()
    neutral: str = ""
    reveal: ActionRef | None = None
    fleeting: bool = False
