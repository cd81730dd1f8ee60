"""Forms: fields to fill in, with things to read between them."""

from dataclasses import dataclass

from handlers.ui.cards import Element, Option, OptionGroup

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
    refreshes: bool = False


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
    """One of the free slots, grouped by day; a slot's hint is its place. `other` is a last option outside the days."""

    id: str
    label: str
    days: tuple[OptionGroup, ...]
    value: str = ""
    hint: str = ""
    other: Option | None = None
    required: bool = False
    refreshes: bool = False


@dataclass(frozen=True, slots=True)
class ChannelField:
    """One of the platform's channels, as its opaque id; only a button `for_channels` leads to a form with it."""

    id: str
    label: str
    hint: str = ""
    required: bool = False


Field = (
    TextField
    | DateField
    | TimeField
    | ChoiceField
    | MultiChoiceField
    | SearchField
    | YesNo
    | FileField
    | SlotField
    | ChannelField
)


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
