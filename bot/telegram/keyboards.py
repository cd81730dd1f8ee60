"""Inline keyboards: what a button carries, how buttons stand in rows. A value goes with its reference.

Limits: core.telegram.org/bots/api#inlinekeyboardbutton, `telegram.constants.InlineKeyboardMarkupLimit`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, assert_never
from urllib.parse import urlsplit

from bot.fitting import Labels
from bot.telegram.rich import tidy
from handlers.ui import Action, ActionRef, Button, LinkButton, Menu, Option, Select, Toggle

FORM, VALUED, KEPT, HEADING = "f", "v", "k", "m"
"""What data begin with that are no reference of the handlers'; no action has such a name."""

DATA: Final = 64
KEYS: Final = 100
IN_A_ROW: Final = 8
LABEL: Final = 60
_URL: Final = 1_024
_WIDTH, _BESIDE = 34, 4
"""Characters of a phone's width, and how many buttons it takes side by side unless a grid asks for more."""

ON, OFF = "on", "off"
Style = Literal["plain", "primary", "danger"]


@dataclass(frozen=True, slots=True)
class Key:
    """One button: what it sends, or the page that it leads to. Data over 64 bytes are kept here and sent by a name."""

    label: str
    data: str = ""
    url: str = ""
    style: Style = "plain"


Row = tuple[Key, ...]
Rows = Sequence[Sequence[Key]]


def valued(ref: ActionRef, value: str) -> str:
    """Return the data of a click that brings a value; `decode` reads them back."""
    found = ref.encode()
    return f"{VALUED}:{len(found)}:{found}{value}"


def decode(data: str) -> tuple[ActionRef, str]:
    """Return the reference and the value that a button carries. Raises ValueError."""
    if not data.startswith(f"{VALUED}:"):
        return ActionRef.decode(data), ""
    length, _, rest = data.removeprefix(f"{VALUED}:").partition(":")
    return ActionRef.decode(rest[: int(length)]), rest[int(length) :]


def rows_of(actions: Iterable[Action], labels: Labels, number: str = "") -> list[Row]:
    """Return the rows of some actions; `number` names the entry of a list that they belong to.

    A link that Telegram would not take has no button.
    """
    rows: list[Row] = []
    beside: list[Key] = []
    for action in actions:
        match action:
            case LinkButton() if not shown_link(action):
                continue
            case Button() | LinkButton():
                beside.append(_button(action, labels, number))
            case Toggle(ref, label, on):
                rows += side_by_side(beside)
                beside = []
                shown = labels.fit(_label(f"{number}{'☑' if on else '☐'} {label}"), LABEL)
                rows.append((Key(shown, valued(ref, OFF if on else ON)),))
            case Select():
                rows += side_by_side(beside)
                beside = []
                rows += _select(action, labels, number)
            case Menu(label, buttons):
                rows += side_by_side(beside)
                beside = []
                heading = Key(labels.fit(_label(f"{number}⋯ {label}"), LABEL), f"{HEADING}:")
                rows += [(heading,), *side_by_side(_button(b, labels, number) for b in buttons)]
            case _:
                assert_never(action)
    return rows + side_by_side(beside)


def side_by_side(keys: Iterable[Key]) -> list[Row]:
    """Return keys in as few rows as show them: all of a row are as wide as its widest."""
    rows: list[Row] = []
    for key in keys:
        row = (*rows[-1], key) if rows else (key,)
        if rows and len(row) <= _BESIDE and max(len(k.label) for k in row) * len(row) <= _WIDTH:
            rows[-1] = row
        else:
            rows.append((key,))
    return rows


def shown_link(link: LinkButton) -> bool:
    """Tell whether Telegram takes the address behind a button; another one is written out in the text."""
    try:
        parts = urlsplit(link.url)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = link.url.isascii() and link.url.isprintable() and " " not in link.url
    return plain and parts.scheme in {"http", "https"} and "." in host.strip(".") and len(link.url) <= _URL


def _button(button: Button | LinkButton, labels: Labels, number: str) -> Key:
    label = labels.fit(_label(f"{number}{button.label}"), LABEL)
    if isinstance(button, LinkButton):
        return Key(label, url=button.url)
    return Key(label, button.ref.encode(), style=button.style)


def _select(select: Select, labels: Labels, number: str) -> list[Row]:
    def key(option: Option) -> Key:
        mark = "●" if option.value == select.chosen else "○"
        text = f"{option.label} – {option.hint}" if option.hint else option.label
        return Key(labels.fit(_label(f"{number}{mark} {text}"), LABEL), valued(select.ref, option.value))

    return side_by_side(key(option) for option in select.options)


def _label(text: str) -> str:
    return " ".join(tidy(text).split()) or "…"
