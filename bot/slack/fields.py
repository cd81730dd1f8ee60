"""Form fields as Slack's input blocks."""

import re
from collections.abc import Sequence
from typing import assert_never

from bot.filled import TICKED, value_of
from bot.slack.blocks import LABEL, Block, Labels, plain, rich_text
from bot.slack.options import all_options, choices, chosen_option, encode_value
from bot.slack.options import option as option_of
from bot.slack.state import CHANGE, QUIET, Shown, block_id
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

FEW = 6
TICKABLE = 10
TYPED = 3_000
INPUT_LABEL = 2_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"\d{2}:\d{2}", re.ASCII)
_UNDECIDED = Option("", "—")
_CHANNEL: Block = {
    "type": "conversations_select",
    "filter": {
        "include": ["public", "private"],
        "exclude_bot_users": True,
        "exclude_external_shared_channels": True,  # where another organisation reads along
    },
}
_BARE: dict[type, Block] = {FileField: {"type": "file_input", "max_files": 1}, ChannelField: _CHANNEL}


def field_blocks(field: Field, before: Shown | None) -> list[Block]:
    """Return the field's blocks; `before` is how the modal has it now.

    Slack keeps what was typed in a block that keeps its id, so a value that is not the typed one gets a new block.
    """
    labels = Labels()
    element = _element(field, labels)
    if element is None:
        hint = getattr(field, "hint", "")
        return rich_text([(f"{field.label}\n", "bold"), (hint if hint.strip() else _UNDECIDED.label, "")])
    number = 0
    if before is not None:
        same = before.kind == element["type"] and before.value == value_of(field)
        number = before.number if same else before.number + 1
    name = block_id(field.id, number)
    if isinstance(field, YesNo):
        return [*labels.blocks(), {"type": "actions", "block_id": name, "elements": [element]}]
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(labels.fit(field.label, INPUT_LABEL)),
        "element": element,
        "optional": not getattr(field, "required", False),
    }
    if _refreshes(field):
        block["dispatch_action"] = True
    if field.hint.strip():
        block["hint"] = plain(labels.fit(field.hint, INPUT_LABEL))
    return [*labels.blocks(), block]


def _element(field: Field, labels: Labels) -> Block | None:
    """Return what is filled in; None where there is nothing to choose from."""
    action = {"action_id": CHANGE if _refreshes(field) else QUIET}
    match field:
        case TextField():
            return _typed(field) | action
        case DateField():
            initial = {"initial_date": field.value} if _DAY.fullmatch(field.value) else {}
            return {"type": "datepicker", **initial, **action}
        case TimeField():
            initial = {"initial_time": field.value} if _CLOCK.fullmatch(field.value) else {}
            return {"type": "timepicker", **initial, **action}
        case ChoiceField():
            return _choice(field, labels, action)
        case MultiChoiceField():
            return _ticked(field, labels, action)
        case SearchField():
            return _search(field, labels, action)
        case YesNo():
            option = option_of(Option(TICKED, field.label), labels)
            initial_options = {"initial_options": [option]} if field.value else {}
            return {
                "type": "checkboxes",
                "action_id": f"{action['action_id']}-{TICKED}",
                "options": [option],
                **initial_options,
            }
        case FileField() | ChannelField():
            return _BARE[type(field)] | action
        case SlotField():
            days = _decidable(_days(field), required=field.required)
            return _select(choices(days, labels), field.value, action)
        case _:
            assert_never(field)


def _typed(field: TextField) -> Block:
    if len(field.value) > TYPED:
        raise ValueError("Slack lets nobody edit a text of more than 3,000 characters")
    limit = min(max(field.limit, len(field.value), 1), TYPED)
    initial = {"initial_value": field.value} if field.value else {}
    return {"type": "plain_text_input", "multiline": field.multiline, "max_length": limit, **initial}


def _choice(field: ChoiceField, labels: Labels, action: Block) -> Block | None:
    groups = _decidable(field.groups, required=field.required)
    found = choices(groups, labels)
    if len(found.get("options", ())) not in range(1, FEW + 1):
        return _select(found, field.value, action)
    return {"type": "radio_buttons", **found, **_initial(found, field.value), **action}


def _decidable(groups: Sequence[OptionGroup], *, required: bool) -> Sequence[OptionGroup]:
    """Slack's selects cannot be emptied again: a choice that may stay open gets an option that says so."""
    options = [option for group in groups for option in group.options]
    if required or not options or any(option.value == "" for option in options):
        return groups
    if len(groups) == 1 and not groups[0].label:
        return (OptionGroup("", (_UNDECIDED, *groups[0].options)),)
    return (OptionGroup(_UNDECIDED.label, (_UNDECIDED,)), *groups)


def _days(field: SlotField) -> Sequence[OptionGroup]:
    days = tuple(_dated(day) for day in field.days)
    return (*days, OptionGroup(field.other.label, (field.other,))) if field.other else days


def _dated(day: OptionGroup) -> OptionGroup:
    """Return the day's slots so that each says its day: what is chosen shows without the heading of its group."""
    if any(len(day.label) + 1 + len(slot.label) > LABEL for slot in day.options):
        return day
    return OptionGroup(day.label, tuple(Option(s.value, f"{day.label} {s.label}", s.hint) for s in day.options))


def _select(found: Block, value: str, action: Block) -> Block | None:
    return {"type": "static_select", **found, **_initial(found, value), **action} if found else None


def _initial(found: Block, value: str) -> Block:
    encoded = encode_value(value)
    chosen = next((o for o in all_options(found) if o["value"] == encoded), None)
    return {"initial_option": chosen} if chosen else {}


def _ticked(field: MultiChoiceField, labels: Labels, action: Block) -> Block | None:
    options = [option_of(o, labels) for o in field.options]
    if not options:
        return None
    wanted = {encode_value(v) for v in field.values}
    chosen = [o for o in options if o["value"] in wanted]
    initial = {"initial_options": chosen} if chosen else {}
    if len(options) <= TICKABLE:
        return {"type": "checkboxes", "options": options, **initial, **action}
    return {"type": "multi_static_select", **choices((OptionGroup("", field.options),), labels), **initial, **action}


def _search(field: SearchField, labels: Labels, action: Block) -> Block:
    chosen = [chosen_option(o, labels) for o in field.chosen]
    if field.multiple:
        initial = {"initial_options": chosen} if chosen else {}
        return {"type": "multi_external_select", "min_query_length": 0, **initial, **action}
    first = {"initial_option": chosen[0]} if chosen else {}
    return {"type": "external_select", "min_query_length": 0, **first, **action}


def _refreshes(field: Field) -> bool:
    return bool(getattr(field, "refreshes", False))
