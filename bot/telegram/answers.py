"""Answers to a question: what a button or a typed text makes of a field, and what stands in it, in words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import assert_never

from bot.telegram.state import Given, Layer
from handlers import forms
from handlers.i18n import Texts
from handlers.ui import (
    ChannelField,
    ChoiceField,
    DateField,
    Field,
    FileField,
    MultiChoiceField,
    Option,
    OptionGroup,
    SearchField,
    SlotField,
    TextField,
    TimeField,
    YesNo,
)
from handlers.words.asked import asked_day, asked_time

TYPED = TextField | SearchField | DateField | TimeField
"""What text may answer."""


class Unread(Exception):
    """What was typed is no answer; the message says what is."""


def several(field: Field) -> bool:
    """Tell whether one answers it any number of times before one goes on."""
    return isinstance(field, MultiChoiceField) or (isinstance(field, SearchField) and field.multiple)


def options_of(field: Field, found: Sequence[OptionGroup]) -> tuple[Option, ...]:
    """Return all that may be chosen, in the order that buttons count them; `found` is what a search has found."""
    groups: Sequence[OptionGroup]
    match field:
        case ChoiceField(groups=groups):
            pass
        case SlotField(days=days, other=other):
            groups = (*days, OptionGroup("", (other,))) if other else days
        case MultiChoiceField(options=options):
            groups = (OptionGroup("", options),)
        case SearchField() | ChannelField():
            groups = found
        case TextField() | DateField() | TimeField() | YesNo() | FileField():
            groups = ()
        case _:
            assert_never(field)
    return tuple(option for group in groups for option in group.options)


def put(layer: Layer, field: Field) -> Layer:
    """Return the layer with that field as it is answered; what was wrong with it is no longer said."""
    parts = tuple(field if isinstance(p, Field) and p.id == field.id else p for p in layer.form.parts)
    errors = tuple((name, said) for name, said in layer.errors if name not in {field.id, ""})
    return replace(layer, form=replace(layer.form, parts=parts), errors=errors)


def give(layer: Layer, field: Field, value: str, label: str) -> Layer:
    """Return the layer with what was given for a field that holds no value itself; "" takes it back."""
    kept = tuple(given for given in layer.given if given.field != field.id)
    return replace(put(layer, field), given=(*kept, Given(field.id, value, label)) if value else kept)


def choose(layer: Layer, field: Field, option: Option) -> Layer:
    """Return the layer after a click on one of the `options_of` the field: chosen, or ticked, or no longer."""
    match field:
        case ChoiceField() | SlotField():
            return put(layer, replace(field, value=option.value))
        case MultiChoiceField(values=values):
            on = [v for v in values if v != option.value] if option.value in values else [*values, option.value]
            order = [o.value for o in field.options if o.value in on]
            return put(layer, replace(field, values=tuple(order)))
        case SearchField(multiple=True, chosen=chosen):
            kept = tuple(o for o in chosen if o.value != option.value)
            return put(layer, replace(field, chosen=kept if len(kept) < len(chosen) else (*kept, option)))
        case SearchField():
            return put(layer, replace(field, chosen=(option,)))
        case ChannelField():
            return give(layer, field, option.value, option.label)
        case TextField() | DateField() | TimeField() | YesNo() | FileField():
            return layer
        case _:
            assert_never(field)


def tick(layer: Layer, field: YesNo, *, yes: bool) -> Layer:
    """Return the layer after Yes or No."""
    return put(layer, replace(field, value=yes))


def cleared(layer: Layer, field: Field) -> Layer:
    """Return the layer with nothing in the field."""
    match field:
        case TextField() | DateField() | TimeField() | ChoiceField() | SlotField():
            return put(layer, replace(field, value=""))
        case MultiChoiceField():
            return put(layer, replace(field, values=()))
        case SearchField():
            return put(layer, replace(field, chosen=()))
        case YesNo():
            return put(layer, replace(field, value=False))
        case FileField() | ChannelField():
            return give(layer, field, "", "")
        case _:
            assert_never(field)


def typed(layer: Layer, field: TextField | DateField | TimeField, text: str, texts: Texts, today: date) -> Layer:
    """Return the layer with what was typed. Raises Unread."""
    match field:
        case TextField(limit=limit, multiline=multiline):
            said = text.strip() if multiline else " ".join(text.split())
            if len(said) > limit:
                raise Unread(texts.t("That is too long: at most {limit} characters.", limit=limit))
            return put(layer, replace(field, value=said))
        case DateField():
            day = asked_day(text, today)
            if day is None:
                raise Unread(texts.t("I do not understand this day. Write it as in 27/01/2026."))
            return put(layer, replace(field, value=day.isoformat()))
        case TimeField():
            at = asked_time(text)
            if at is None:
                raise Unread(texts.t("Give a time such as 14:15."))
            return put(layer, replace(field, value=f"{at:%H:%M}"))
        case _:
            assert_never(field)


def in_words(layer: Layer, field: Field, texts: Texts) -> str:
    """Return what stands in a field as a person reads it, "" for nothing."""
    match field:
        case TextField(value=value) | TimeField(value=value):
            return value
        case DateField(value=value):
            day = forms.day(value) if value else None
            return f"{texts.weekday(day)} {texts.short_day(day)}" if day else value
        case ChoiceField(value=value, groups=groups):
            return _chosen(groups, value)
        case SlotField(value=value, days=days, other=other):
            return other.label if other and other.value == value else _chosen(days, value, with_group=True)
        case MultiChoiceField(values=values, options=options):
            return ", ".join(option.label for option in options if option.value in values)
        case SearchField(chosen=chosen):
            return ", ".join(option.label for option in chosen)
        case YesNo(value=yes):
            return texts.t("Yes") if yes else texts.t("No")
        case FileField() | ChannelField():
            return next((given.label for given in layer.given if given.field == field.id), "")
        case _:
            assert_never(field)


def _chosen(groups: Sequence[OptionGroup], value: str, *, with_group: bool = False) -> str:
    found = ((group.label, option) for group in groups for option in group.options if option.value == value)
    for group, option in found:
        words = f"{group} {option.label}".strip() if with_group else option.label
        return f"{words} – {option.hint}" if option.hint else words
    return ""
