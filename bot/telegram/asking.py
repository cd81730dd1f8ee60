"""Which question comes next: only what must be filled in, and what came up; the rest is in the summary."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2s
from typing import assert_never

from bot.filled import value_of
from bot.telegram.answers import options_of, several
from bot.telegram.state import SUMMARY, Layer, without_drawings
from handlers.ui import (
    ChannelField,
    ChoiceField,
    DateField,
    Divider,
    Element,
    Field,
    FieldErrors,
    FileField,
    Form,
    MultiChoiceField,
    OpenForm,
    Picture,
    PopForm,
    PushForm,
    SearchField,
    SlotField,
    TextField,
    TimeField,
    UpdateForm,
    YesNo,
)

FormAnswer = OpenForm | UpdateForm | PushForm | PopForm | FieldErrors
"""What may come of a form that was sent or changed, and leaves one open."""


def opened(form: Form) -> Layer:
    """Return the form as it is first asked."""
    layer = Layer(without_drawings(form))
    return replace(layer, asked=_next(layer))


def answered(layer: Layer) -> Layer:
    """Return the layer with the next question, after an answer to this one; one stays where several are given."""
    return layer if _stays(layer) else passed(layer)


def passed(layer: Layer) -> Layer:
    """Return the layer with the question that follows this one."""
    errors = tuple((name, said) for name, said in layer.errors if name != layer.asked)
    layer = replace(_read(layer), errors=errors, passed=tuple(dict.fromkeys((*layer.passed, layer.asked))))
    return layer.ask(_next(layer))


def turned(layer: Layer, field_id: str) -> Layer:
    """Return the layer with that field in question, SUMMARY for all."""
    return _read(layer).ask(field_id)


def back(layer: Layer) -> Layer:
    """Return the layer with the question that was asked before."""
    before = list(layer.before)
    while before:
        found = before.pop()
        if found == SUMMARY or layer.find(found):
            return replace(layer, asked=found, before=tuple(before))
    return replace(layer, asked=SUMMARY, before=())


def shown_anew(layer: Layer, form: Form, *, ticked: bool = False) -> Layer:
    """Return the layer with the form as it is now; what came up above everything else is asked first.

    `ticked` says that it is the answer to one of several answers to the same question.
    """
    known = {field.id for field in layer.fields}
    errors = tuple((name, said) for name, said in layer.errors if name)
    anew = replace(_read(layer), form=without_drawings(form), errors=errors)
    for field in anew.fields:
        if field.id in known:
            break
        if can_be_asked(field) and not _is_filled(anew, field):
            return anew.ask(field.id)
    return replace(anew, told=layer.told) if ticked and _stays(anew) else passed(anew)


def after_outcome(layers: tuple[Layer, ...], outcome: FormAnswer, *, ticked: bool = False) -> tuple[Layer, ...]:
    """Return the forms as they stand after the answer to what the one on top has sent; none are there at first."""
    under, top = layers[:-1], layers[-1] if layers else None
    match outcome:
        case OpenForm(form) | UpdateForm(form):
            same = top is not None and top.form.id == form.id
            return (*under, shown_anew(top, form, ticked=ticked) if top and same else opened(form))
        case PushForm(form, below):
            return (*under, replace(top, form=without_drawings(below)) if top else opened(below), opened(form))
        case PopForm(below):
            return (*under[:-1], shown_anew(under[-1], below) if under else opened(below))
        case FieldErrors(errors):
            return (*under, blamed(top, errors)) if top else ()
        case _:
            assert_never(outcome)


def blamed(layer: Layer, errors: Sequence[tuple[str, str]]) -> Layer:
    """Return the layer with what is wrong, at the first field that it concerns."""
    known = tuple((name if layer.find(name) else "", said) for name, said in errors)
    layer = replace(_read(layer), errors=known)
    return layer.ask(_first_wrong(layer) or SUMMARY)


def above(layer: Layer) -> tuple[Element, ...]:
    """Return what is to be read with this question: whatever stands before it, and was not said with an earlier one.

    Pictures are shown when somebody asks for them.
    """
    found: list[Element] = []
    for part in layer.form.parts:
        if isinstance(part, Field):
            if part.id == layer.asked:
                break
        elif not isinstance(part, Picture | Divider):
            found.append(part)
    return tuple(element for element in found if layer.asked == SUMMARY or _name(element) not in layer.told)


def can_be_asked(field: Field) -> bool:
    """Tell whether there is anything to choose from."""
    match field:
        case ChoiceField() | SlotField() | MultiChoiceField():
            return bool(options_of(field, ()))
        case TextField() | DateField() | TimeField() | SearchField() | YesNo() | FileField() | ChannelField():
            return True
        case _:
            assert_never(field)


def is_required(field: Field) -> bool:
    """Tell whether the form cannot be sent without it."""
    return bool(getattr(field, "required", False))


def _next(layer: Layer) -> str:
    """Return what is wrong first, then what must be filled in; in a form where nothing must, whatever is empty."""
    if wrong := _first_wrong(layer):
        return wrong
    empty = [f for f in layer.fields if can_be_asked(f) and not _is_filled(layer, f)]
    if any(map(is_required, layer.fields)):
        asked = [f for f in empty if is_required(f)]
    else:
        asked = [f for f in empty if f.id not in layer.passed and not isinstance(f, YesNo | MultiChoiceField)]
    return asked[0].id if asked else SUMMARY


def _stays(layer: Layer) -> bool:
    """Tell whether one goes on only when one says so: from the summary, and from what takes several answers."""
    field = layer.question
    return field is None or several(field)


def _first_wrong(layer: Layer) -> str:
    found = (field for name, _ in layer.errors if (field := layer.find(name)) and can_be_asked(field))
    return next((field.id for field in found), SUMMARY)


def _is_filled(layer: Layer, field: Field) -> bool:
    return bool(value_of(field)) or any(given.field == field.id for given in layer.given)


def _read(layer: Layer) -> Layer:
    """Return the layer with what stands above this question marked as said."""
    return replace(layer, told=tuple(dict.fromkeys((*layer.told, *(_name(e) for e in above(layer))))))


def _name(element: Element) -> str:
    return blake2s(repr(element).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
