"""Fields as inputs of an Adaptive Card: an input's id is the field's, under a name of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, assert_never

from bot.filled import TICKED, value_of
from bot.teams.actions import choice, decode_value, encode_value, named
from bot.teams.markdown import bold, escape
from bot.teams.render import SIGNS, text_block
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
    Value,
    YesNo,
)

Json = dict[str, Any]
INPUT: Final = "f."
DATASET: Final = "rdv"
UNDECIDED: Final = "—"
REFRESHING = DateField | TimeField | ChoiceField | MultiChoiceField | SearchField | YesNo | SlotField


def refreshes(field: Field) -> bool:
    """Tell whether others follow this field."""
    return isinstance(field, REFRESHING) and field.refreshes


def input_id(field_id: str) -> str:
    """Return the id of the field's input."""
    return INPUT + field_id


@dataclass(frozen=True, slots=True)
class Around:
    """What a field does not say of itself: the word for "required", the channels, and which form a search is of.

    That something must be filled in is only said: the handler checks it, since the form may also be refreshed before.
    """

    required: str
    form_id: str
    context: str
    channels: Sequence[Option] = ()
    found: Mapping[str, Sequence[OptionGroup]] = field(default_factory=dict)
    """What a search offers before anything is typed, by field: all there is where a client does not type ahead."""


def field_parts(field: Field, wrong: str, around: Around) -> list[Json]:
    """Return the elements of a field: what is wrong with it, itself, and its hint.

    That it must be filled in is only said where nothing stands in it.
    """
    must = not isinstance(field, MultiChoiceField | YesNo) and field.required and not value_of(field)
    label = f"{field.label} ({around.required})" if must else field.label
    said = [text_block(escape(f"{SIGNS['error']}{wrong}"), color="attention", weight="bolder")] if wrong else []
    hint = "" if isinstance(field, YesNo) else field.hint
    below = [text_block(escape(hint), isSubtle=True, size="small", spacing="small")] if hint.strip() else []
    return [*said, _input(field, named(label), around), *below]


def read_value(field_id: str, kind: str, data: Mapping[str, Any]) -> Value:
    """Return what an input sent back, by the kind of its field. Raises TypeError for what no input sends."""
    sent = data.get(input_id(field_id), "")
    if not isinstance(sent, str):
        raise TypeError
    match kind:
        case "many":
            return tuple(decode_value(part) for part in sent.split(",") if part)
        case "tick":
            return TICKED if sent == "true" else ""
        case "one":
            return decode_value(sent)
        case _:
            return sent


def kind_of(field: Field) -> str:
    """Return how the field's input is read back."""
    match field:
        case MultiChoiceField() | SearchField(multiple=True):
            return "many"
        case YesNo():
            return "tick"
        case ChoiceField() | SlotField() | SearchField() | ChannelField():
            return "one"
        case TextField() | DateField() | TimeField() | FileField():
            return "text"
        case _:
            assert_never(field)


def write_dataset(field_id: str, form_id: str, context: str) -> str:
    """Return the name under which a search says what it is in."""
    return f"{DATASET}@{field_id}@{form_id}@{context}"


def read_dataset(dataset: str) -> tuple[str, str, str]:
    """Return field, form and context. Raises ValueError for a name of another kind."""
    ours, field_id, form_id, context = dataset.split("@", 3)
    if ours != DATASET:
        raise ValueError
    return field_id, form_id, context


def read_inputs(data: Mapping[str, Any]) -> dict[str, Value]:
    """Return what is filled in, as far as it can be told without knowing the fields: what a search may look at."""
    sent = {key.removeprefix(INPUT): str(value) for key, value in data.items() if key.startswith(INPUT)}
    return {name: tuple(decode_value(part) for part in value.split(",") if part) for name, value in sent.items()}


def found_choices(groups: Sequence[OptionGroup]) -> list[Json]:
    """Return the answer to a search: a group's heading stands with each of its choices."""
    return [choice(option, group.label) for group in groups for option in group.options]


def _input(field: Field, label: str, around: Around) -> Json:
    head: Json = {"id": input_id(field.id), "label": label}
    match field:
        case TextField() | DateField() | TimeField():
            return _typed(field, head)
        case ChoiceField(groups=groups):
            return _set(head, groups, [field.value], required=field.required)
        case MultiChoiceField(options=options, values=values):
            return _set(head, (OptionGroup("", options),), values, many=True)
        case SearchField():
            return _search(field, head, around)
        case YesNo():
            shown = {"title": label, "value": "true" if field.value else "false"}
            return {"type": "Input.Toggle", "id": head["id"], **shown, "wrap": True}
        case FileField():
            return {"type": "TextBlock", "text": escape(label), "wrap": True}
        case SlotField(days=days, other=other):
            more = (OptionGroup("", (other,)),) if other else ()
            return _set(head, (*days, *more), [field.value], required=field.required)
        case ChannelField():
            return _set(head, (OptionGroup("", tuple(around.channels)),), [])
        case _:
            assert_never(field)


def _typed(field: TextField | DateField | TimeField, head: Json) -> Json:
    match field:
        case TextField(value=value, multiline=multiline, limit=limit):
            return {"type": "Input.Text", **head, "value": value, "isMultiline": multiline, "maxLength": limit}
        case DateField(value=value):
            return {"type": "Input.Date", **head, **_filled(value)}
        case TimeField(value=value):
            return {"type": "Input.Time", **head, **_filled(value)}
        case _:
            assert_never(field)


def _set(
    head: Json,
    groups: Sequence[OptionGroup],
    values: Sequence[str],
    *,
    many: bool = False,
    required: bool = False,
) -> Json:
    choices = found_choices(groups)
    if not choices:  # Teams shows no input without any
        return text_block(f"{bold(head['label'])} {UNDECIDED}".strip())
    chosen = ",".join(encode_value(v) for v in values if many or _offered(v, groups))
    if not many and not required and choices and encode_value("") not in {c["value"] for c in choices}:
        choices = [choice(Option("", UNDECIDED)), *choices]
    style = {"isMultiSelect": True, "style": "expanded"} if many else {"style": "compact"}
    return {"type": "Input.ChoiceSet", **head, **style, "wrap": True, "choices": choices, **_filled(chosen)}


def _offered(value: str, groups: Sequence[OptionGroup]) -> bool:
    return any(option.value == value for group in groups for option in group.options)


def _search(search: SearchField, head: Json, around: Around) -> Json:
    """Return a field that offers what is typed; what is chosen is among its choices from the start.

    The JSON schema 1.5 knows neither "choices.data" nor "filtered"; Teams documents both for any version
    (learn.microsoft.com: "Typeahead search in Adaptive Cards"), and a client without them shows a list of choices.
    """
    chosen = {c["value"]: c for c in (choice(option) for option in search.chosen)}
    offered = {c["value"]: c for c in found_choices(around.found.get(search.id, ()))}
    return {
        "type": "Input.ChoiceSet",
        **head,
        "style": "filtered",
        "isMultiSelect": search.multiple,
        "wrap": True,
        "choices": list((chosen | {value: c for value, c in offered.items() if value not in chosen}).values()),
        "choices.data": {
            "type": "Data.Query",
            "dataset": write_dataset(search.id, around.form_id, around.context),
            "associatedInputs": "auto",
        },
        **_filled(",".join(chosen)),
    }


def _filled(value: str) -> Json:
    return {"value": value} if value else {}
