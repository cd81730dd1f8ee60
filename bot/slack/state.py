"""What a modal sends back: which form it is, what is filled in, and which block holds which field."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.filled import TICKED
from bot.slack.blocks import Block
from bot.slack.options import decode_value
from handlers.ui import Value

CHANGE, QUIET = "change", "quiet"
_MARK = "~"


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as the modal has it: the number of its block, the kind of its element, what is filled in."""

    number: int
    kind: str
    value: Value


@dataclass(frozen=True, slots=True)
class FormState:
    """One modal as it is at the person's: `fields` by their ids."""

    view_id: str
    hash: str
    form_id: str
    context: str
    nonce: str
    fields: Mapping[str, Shown]
    inputs: Mapping[str, str]

    @property
    def values(self) -> dict[str, Value]:
        """What is filled in, by field."""
        return {name: shown.value for name, shown in self.fields.items()}


def block_id(field_id: str, number: int) -> str:
    """Return a field's block id; another number makes Slack forget what was typed in the block before."""
    return f"{field_id}{_MARK}{number}"


def field_of(block: str) -> str:
    """Return the field that a block holds, "" for a block that holds none."""
    name, mark, number = block.rpartition(_MARK)
    return name if mark and number.isdecimal() else ""


def write_metadata(context: str, nonce: str) -> str:
    """Return what the modal carries unseen."""
    return json.dumps([context, nonce], ensure_ascii=False, separators=(",", ":"))


def read_view(view: Mapping[str, Any]) -> FormState:
    """Return the modal's state. Raises ValueError, TypeError, KeyError, AttributeError for what is no modal of ours."""
    context, nonce = json.loads(view["private_metadata"])
    states = (view.get("state") or {}).get("values") or {}
    fields: dict[str, Shown] = {}
    inputs: dict[str, str] = {}
    for block in view.get("blocks") or ():
        name = str(block.get("block_id") or "")
        field = field_of(name)
        if not field:
            continue
        element = block["element"] if block["type"] == "input" else block["elements"][0]
        if block["type"] == "input":
            inputs[field] = name
        action_id, kind = str(element["action_id"]), str(element["type"])
        state = (states.get(name) or {}).get(action_id) or {}
        number = int(name.rpartition(_MARK)[2])
        fields[field] = Shown(number, kind, _value(kind, state, ticked=action_id.endswith(TICKED)))
    view_id, form_id = str(view.get("id", "")), str(view["callback_id"])
    return FormState(view_id, str(view.get("hash", "")), form_id, str(context), str(nonce), fields, inputs)


def _value(kind: str, element: Block, *, ticked: bool) -> Value:
    match kind:
        case "plain_text_input":
            return str(element.get("value") or "")
        case "datepicker":
            return str(element.get("selected_date") or "")
        case "timepicker":
            return str(element.get("selected_time") or "")
        case "checkboxes" if ticked:
            return TICKED if element.get("selected_options") else ""
        case "checkboxes" | "multi_static_select" | "multi_external_select":
            return tuple(decode_value(str(o["value"])) for o in element.get("selected_options") or ())
        case "file_input":
            return next((str(f["id"]) for f in element.get("files") or ()), "")
        case "conversations_select":
            return str(element.get("selected_conversation") or "")
        case _:
            return decode_value(str((element.get("selected_option") or {}).get("value") or ""))
