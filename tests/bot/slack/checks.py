"""Whether Slack would take what we send: its JSON schemas, the limits in its SDK's models, and what neither knows."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError, validators
from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

SCHEMAS = Path(__file__).parent.parent.parent / "schemas"
MESSAGE_BLOCKS, VIEW_BLOCKS, VIEW_BYTES, TEXT = 50, 100, 250_000, 40_000
WRITTEN = 12_000
OPTIONS, GROUPS, OPTION_VALUE, OPTION_TEXT = 100, 100, 150, 75
TYPED = 3_000
_TEXTS = {"plain_text", "mrkdwn", "text"}


@cache
def validator(name: str) -> Any:
    """Return the validator of one of the schemas; of several kinds of thing it tries only the one that is named."""
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    definitions = schema.get("definitions", {})

    def named(ref: Mapping[str, Any], instance: object) -> bool:
        found = definitions.get(str(ref.get("$ref", "")).rpartition("/")[2], ref)
        constant = found.get("properties", {}).get("type", {}).get("const")
        return constant is None or (isinstance(instance, dict) and instance.get("type") == constant)

    def any_of(checker: Any, kinds: list[Any], instance: object, whole: Any) -> Iterator[ValidationError]:
        likely = [kind for kind in kinds if named(kind, instance)]
        if len(likely) == 1:
            yield from checker.descend(instance, likely[0])
        else:
            yield from Draft7Validator.VALIDATORS["anyOf"](checker, likely or kinds, instance, whole)

    return validators.extend(Draft7Validator, {"anyOf": any_of})(schema)  # type: ignore[no-untyped-call]


def message_faults(message: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a message, as chat.postMessage or a response_url takes it."""
    blocks = message.get("blocks") or []
    faults = list(_schema_faults("SlackMessageBlocks.schema.json", blocks))
    if not 0 < len(blocks) <= MESSAGE_BLOCKS:
        faults.append(f"{len(blocks)} blocks in a message")
    written = sum(len(run["text"]) for b in blocks if b["type"] == "rich_text" for run in b["elements"][0]["elements"])
    if written > WRITTEN:
        faults.append(f"{written} characters in a message")
    text = message.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > TEXT:
        faults.append(f"a message without a text for its notification: {text!r}")
    elif "<" in text or ">" in text:
        faults.append(f"a text that Slack reads as markup: {text!r}")
    return faults + list(_block_faults(blocks))


def home_faults(view: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a home."""
    return _faults_of("SlackHomeView.schema.json", view)


def view_faults(view: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a modal."""
    return _faults_of("SlackModalView.schema.json", view)


def _faults_of(schema: str, view: Mapping[str, Any]) -> list[str]:
    faults = list(_schema_faults(schema, view))
    blocks = view.get("blocks") or []
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        faults.append("a view of more than 250 KB")
    try:
        View(**view).validate_json()
    except Exception as fault:
        faults.append(f"model: {fault}")
    if any(b["type"] == "input" for b in blocks) and not view.get("submit"):
        faults.append("a view with inputs and no submit")
    return faults + list(_block_faults(blocks))


def _schema_faults(name: str, value: object) -> Iterator[str]:
    for error in validator(name).iter_errors(value):
        yield f"schema: {error.json_path}: {error.message[:300]}"


def _block_faults(blocks: list[dict[str, Any]]) -> Iterator[str]:
    ids = [b["block_id"] for b in blocks if "block_id" in b]
    if len(ids) != len(set(ids)):
        yield f"block ids repeated: {ids}"
    for block in blocks:
        try:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.validate_json()
        except Exception as fault:
            yield f"model: {block['type']}: {fault}"
        actions = [e["action_id"] for e in _elements(block)]
        if len(actions) != len(set(actions)):
            yield f"action ids repeated in a block: {actions}"
        for node in _nodes(block):
            yield from _node_faults(node)


def _node_faults(node: Mapping[str, Any]) -> Iterator[str]:
    if node.get("type") in _TEXTS and isinstance(node.get("text"), str) and not node["text"]:
        yield "an empty text"
    if node.get("type") == "mrkdwn":
        yield "text that is read as markup"
    if node.get("type") == "plain_text" and node.get("emoji") is not False:
        yield "plain text in which :names: become pictures"
    if not 1 <= node.get("max_length", 1) <= TYPED or len(node.get("initial_value", "")) > TYPED:
        yield "a text input past 3,000 characters"
    yield from _choice_faults(node)


def _choice_faults(node: Mapping[str, Any]) -> Iterator[str]:
    if "options" in node:
        yield from _option_faults(node["options"])
    if "option_groups" in node:
        if not 0 < len(node["option_groups"]) <= GROUPS:
            yield f"{len(node['option_groups'])} option groups"
        for group in node["option_groups"]:
            if len(group["label"]["text"]) > OPTION_TEXT:
                yield "the label of a group is too long"
    for initial in ("initial_option", "initial_options"):
        yield from _initial_faults(node, initial)


def _option_faults(options: list[dict[str, Any]]) -> Iterator[str]:
    if not 0 < len(options) <= OPTIONS:
        yield f"{len(options)} options"
    for option in options:
        try:
            Option.parse_all([option])[0].validate_json()  # type: ignore[index]
        except Exception as fault:
            yield f"model: option: {fault}"
        if not 0 < len(option["value"]) <= OPTION_VALUE:
            yield f"the value of an option: {option['value']!r}"
        if len(option.get("description", {}).get("text", "")) > OPTION_TEXT:
            yield "the description of an option is too long"


def _initial_faults(node: Mapping[str, Any], name: str) -> Iterator[str]:
    if name not in node or "external" in node["type"]:
        return
    offered = node.get("options", []) + [o for g in node.get("option_groups", []) for o in g["options"]]
    chosen = node[name] if isinstance(node[name], list) else [node[name]]
    if not chosen or any(o not in offered for o in chosen):
        yield f"{name} is none of the options"


def _elements(block: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    found = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [e for e in found if isinstance(e, dict) and "action_id" in e]


def _nodes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def options_faults(answer: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the answer to a search."""
    if "options" not in answer and "option_groups" not in answer:
        return [f"no answer to a search: {answer}"]
    if answer.get("options") == []:
        return []
    return [fault for node in _nodes(dict(answer)) for fault in _node_faults(node)]
