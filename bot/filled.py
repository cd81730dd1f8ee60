"""What is filled in in a form, as the platforms send it back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from handlers.ui import (
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    FileField,
    Form,
    MultiChoiceField,
    Option,
    SearchField,
    SlotField,
    TextField,
    TimeField,
    Value,
    YesNo,
)

TICKED = "yes"


def value_of(field: Field) -> Value:
    """Return what the handler says is filled in, as the form would send it."""
    match field:
        case MultiChoiceField():
            return field.values
        case SearchField(multiple=True):
            return tuple(o.value for o in field.chosen)
        case SearchField():
            return field.chosen[0].value if field.chosen else ""
        case YesNo():
            return TICKED if field.value else ""
        case FileField() | ChannelField():
            return ""
        case TextField() | DateField() | TimeField() | ChoiceField() | SlotField():
            return field.value
        case _:
            assert_never(field)


def values_of(form: Form) -> dict[str, Value]:
    """Return what is filled in in each field, as the form would send it."""
    return {part.id: value_of(part) for part in form.parts if isinstance(part, Field)}


def filled(form: Form, values: Mapping[str, Value]) -> Form:
    """Return the form with these values in its fields; a choice that it does not offer stays as its handler has it."""
    parts = tuple(
        _given(part, values[part.id]) if isinstance(part, Field) and part.id in values else part for part in form.parts
    )
    return replace(form, parts=parts)


def _given(field: Field, value: Value) -> Field:
    one, many = value if isinstance(value, str) else "", value if isinstance(value, tuple) else (value,)
    match field:
        case MultiChoiceField():
            return replace(field, values=tuple(v for v in many if v))
        case SearchField(chosen=chosen):
            known = {option.value: option for option in chosen}
            return replace(field, chosen=tuple(known.get(v, Option(v, v)) for v in many if v))
        case YesNo():
            return replace(field, value=one == TICKED)
        case FileField() | ChannelField():
            return field
        case TextField() | DateField() | TimeField() | ChoiceField() | SlotField():
            return replace(field, value=one)
        case _:
            assert_never(field)
