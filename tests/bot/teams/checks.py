"""What Teams, the JSON schema 1.5 and Microsoft's own parser would say of what we send."""

import atexit
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import adaptive_cards
from jsonschema.exceptions import ValidationError
from jsonschema.validators import Draft6Validator

Json = dict[str, Any]
NODE = Path(__file__).parents[2] / "node"
VERSION, WITH_QUERY = "1.5", "1.6"
MESSAGE_BYTES = 28 * 1024
IN_A_SET = 5
MOST_USERS = 60
FOUND = 15
QUERY = "choices.data"
ANSWERS = {
    "adaptiveCard/action": {
        "application/vnd.microsoft.card.adaptive": dict,
        "application/vnd.microsoft.activity.message": str,
        "application/vnd.microsoft.error": dict,
    },
    "application/search": {"application/vnd.microsoft.search.searchResponse": dict},
}


def node_is_there() -> bool:
    """Tell whether Microsoft's parser can be asked."""
    return shutil.which("node") is not None and (NODE / "node_modules" / "adaptivecards").is_dir()


class Parser:
    """One process of Microsoft's parser for the whole run."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", "cards.mjs"],
            cwd=NODE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        atexit.register(self.close)

    def faults(self, card: Json, version: str) -> list[str]:
        """Return what is wrong with a card."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps({"card": card, "version": version}) + "\n")
        asked.flush()
        return [str(fault) for fault in json.loads(answered.readline())]

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


@cache
def parser() -> Parser:
    """Return the parser."""
    return Parser()


@cache
def schema() -> Draft6Validator:
    """Return the JSON schema of Adaptive Cards 1.5."""
    path = Path(adaptive_cards.__file__).parent / "schemas" / "schema-1.5.json"
    return Draft6Validator(json.loads(path.read_text("utf-8-sig")))


# --- whole activities, and answers


def activity_faults(activity: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a message that is posted or put in the place of another."""
    faults = []
    if len(json.dumps(activity, ensure_ascii=False).encode()) > MESSAGE_BYTES:
        faults.append("a message of more than 28 KB")
    cards = [a["content"] for a in activity.get("attachments") or () if a.get("contentType") == _CARD]
    if not cards and not activity.get("text"):
        faults.append("a message with nothing in it")
    if cards and not str(activity.get("summary") or "").strip():
        faults.append("a card without a summary for its notification")
    for card in cards:
        faults += card_faults(card)
        faults += [f"{node['type']} in a message has no fallback" for node in _actions(card) if _lone(node)]
    return faults


def answer_faults(name: str, body: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the answer to an invoke of that name."""
    if not body:
        return [f"an empty answer to {name}"]
    if name in {"task/fetch", "task/submit"}:
        return _task_faults(body)
    kinds, kind, value = ANSWERS[name], body.get("type"), body.get("value")
    if kind not in kinds or not isinstance(value, kinds[str(kind)]):
        return [f"an answer to {name} of the type {kind!r}"]
    if kind == _CARD:
        return card_faults(dict(value))
    if name == "application/search":
        results = value["results"]
        faults = [f"{len(results)} results"] if len(results) > FOUND else []
        return faults + [f"a result {found}" for found in results if set(found) != {"title", "value"}]
    return []


_CARD = "application/vnd.microsoft.card.adaptive"


def _task_faults(body: Mapping[str, Any]) -> list[str]:
    task = body.get("task") or {}
    match task.get("type"):
        case "message":
            return [] if isinstance(task.get("value"), str) and task["value"].strip() else ["a dialog says nothing"]
        case "continue":
            value = task["value"]
            card = value["card"]["content"]
            faults = card_faults(card)
            if not value.get("title"):
                faults.append("a dialog without a title")
            executed = [node for node in _actions(card) if node["type"] == "Action.Execute"]
            return faults + [f"a dialog knows no Action.Execute: {node['title']}" for node in executed]
        case kind:
            return [f"an answer of the type {kind!r}"]


# --- cards


def card_faults(card: Json) -> list[str]:
    """Return what is wrong with an Adaptive Card."""
    return list(_card_faults(json.dumps(card, ensure_ascii=False, sort_keys=True)))


@lru_cache(maxsize=2048)
def _card_faults(text: str) -> tuple[str, ...]:
    """Teams' own `msteams`, and the search that neither the schema nor the version 1.5 knows, are looked at apart."""
    whole = json.loads(text)
    card = _as_the_schema_knows_it(whole)
    faults = [f"schema: {_deepest(error)}" for error in schema().iter_errors(card)]
    if node_is_there():
        faults += [f"parser: {fault}" for fault in parser().faults(card, VERSION) if not _harmless(fault)]
        if card != whole:
            faults += [f"parser: {fault}" for fault in parser().faults(whole, WITH_QUERY) if not _harmless(fault)]
    return (*faults, *_own_faults(whole))


def _deepest(error: ValidationError) -> str:
    """Return what is wrong where it is wrong: of every kind that was tried, the one that came furthest."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return f"{error.json_path}: {error.message[:300]}"


def _as_the_schema_knows_it(node: Any) -> Any:
    """Return a card as a client shows it that does not type ahead and knows nothing of Teams' own."""
    if isinstance(node, dict):
        own = {QUERY, "msteams"} if "type" in node else set()
        plain = {
            key: value if key == "data" else _as_the_schema_knows_it(value)
            for key, value in node.items()
            if key not in own
        }
        return plain | ({"style": "compact"} if QUERY in node and node.get("style") == "filtered" else {})
    return [_as_the_schema_knows_it(value) for value in node] if isinstance(node, list) else node


def _harmless(fault: str) -> bool:
    """A field whose choices all come from a search has none yet."""
    return fault == "An Input.ChoiceSet must have at least one choice defined."


def _own_faults(card: Json) -> Iterator[str]:
    """Yield what Teams' pages forbid and no schema does."""
    if card.get("version") != VERSION:
        yield f"version {card.get('version')}"
    ids = [node["id"] for node in nodes(card) if "id" in node]
    if len(ids) != len(set(ids)):
        yield f"ids repeated: {ids}"
    for node in nodes(card):
        yield from _node_faults(node)
    users = (card.get("refresh") or {}).get("userIds")
    if users is not None and not 0 < len(users) <= MOST_USERS:
        yield f"a refresh for {len(users)} people"


def _node_faults(node: Json) -> Iterator[str]:
    named = str(node.get("label") or node.get("title") or "").strip()
    match node["type"]:
        case "TextBlock" if not node["text"]:
            yield "an empty text"
        case "TextBlock" if node["text"].strip() and not node.get("wrap"):
            yield "a text that is cut at the end of its line"
        case "ActionSet" if not 0 < len(node["actions"]) <= IN_A_SET:
            yield f"{len(node['actions'])} actions in a set"
        case "Image" if not node["url"].startswith("https://") or not node.get("altText"):
            yield f"a picture at {node['url'][:40]!r}"
        case "Input.ChoiceSet":
            yield from _choice_faults(node)
        case "Data.Query" if node.get("associatedInputs") not in {None, "auto", "none"} or not node.get("dataset"):
            yield f"a search {node}"
        case str(kind) if not named and kind.startswith(("Input.", "Action.")):
            yield f"{kind} without a name"
        case _:
            pass


def _choice_faults(node: Json) -> Iterator[str]:
    values = [choice["value"] for choice in node["choices"]]
    if not values and QUERY not in node:
        yield f"nothing to choose from in {node['label']!r}"
    if len(values) != len(set(values)):
        yield f"choices repeated in {node['label']!r}"
    if any("," in value or not value for value in values):
        yield "the value of a choice with a comma, which joins several, or none at all"
    chosen = [value for value in node.get("value", "").split(",") if value]
    if not set(chosen) <= set(values):
        yield f"{node['label']!r} holds what it does not offer"
    if len(chosen) > 1 and not node.get("isMultiSelect"):
        yield f"several chosen in {node['label']!r}"


def nodes(node: Any) -> Iterator[Json]:
    """Yield every element and action that the card shows, in their order; fallbacks are not shown."""
    if isinstance(node, dict):
        if "type" in node:
            yield node
        for key, inner in node.items():
            if key not in {"data", "fallback", "refresh"}:
                yield from nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from nodes(inner)


def _actions(card: Json) -> list[Json]:
    return [node for node in nodes(card) if str(node["type"]).startswith("Action.")]


def _lone(action: Json) -> bool:
    fallback = action.get("fallback") or {}
    return action["type"] == "Action.Execute" and fallback.get("type") != "Action.Submit"
