"""How a form looks on a page: which template shows which field."""

from itertools import groupby
from typing import assert_never, get_args

from handlers import ui

FEW = 5
SHORT = 14
_BARE = {ui.FileField: "file", ui.ChannelField: "channel"}


def is_field(part: ui.Field | ui.Element) -> bool:
    """Tell whether this part of a form is filled in, or only read."""
    return isinstance(part, get_args(ui.Field))


def field_kind(field: ui.Field) -> str:
    """Return the name that `fields.html` knows this field by."""
    match field:
        case ui.TextField():
            return "text"
        case ui.DateField():
            return "date"
        case ui.TimeField():
            return "time"
        case ui.ChoiceField():
            return "radios" if _fits_radios(field) else "select"
        case ui.MultiChoiceField():
            return "checks"
        case ui.SearchField():
            return "search"
        case ui.YesNo():
            return "yesno"
        case ui.FileField() | ui.ChannelField():
            return _BARE[type(field)]
        case ui.SlotField():
            return "slot"
        case _:
            assert_never(field)


def by_place(slots: tuple[ui.Option, ...]) -> list[tuple[str, list[ui.Option]]]:
    """Return a day's slots in their order, those that follow each other at one place together."""
    return [(place, list(found)) for place, found in groupby(slots, key=lambda slot: slot.hint)]


def is_long(field: ui.ChoiceField) -> bool:
    """Tell whether some choice needs more than a short field's width."""
    return any(len(option.label) + len(option.hint) > SHORT for group in field.groups for option in group.options)


def _fits_radios(field: ui.ChoiceField) -> bool:
    """A few choices are all in sight."""
    return 0 < sum(len(group.options) for group in field.groups) <= FEW
