"""What a person reads and can use of an Adaptive Card."""

import re
from typing import Any

from tests.bot.teams.checks import Json, nodes

_MARKED = re.compile(r"\\(.)|\*\*", re.DOTALL)
_INVISIBLE = "\u2060"
_INPUTS = ("Input.Text", "Input.Date", "Input.Time", "Input.ChoiceSet", "Input.Toggle")


def plain(text: str) -> str:
    """Return the text with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ").replace("\u2003", " ").replace(_INVISIBLE, "")


def shown(markdown: str) -> str:
    """Return what is read of the Markdown that we write."""
    return plain(_MARKED.sub(lambda found: found[1] or "", markdown).replace("\n\n", "\n"))


def text_of(content: Json) -> str:
    """Return everything that can be read, in order."""
    return "\n".join(line for node in nodes(content) for line in _lines(node) if line)


def actions(content: Json) -> list[Json]:
    """Return what can be clicked, in order."""
    return [node for node in nodes(content) if node["type"].startswith("Action.")]


def labels(content: Json) -> list[str]:
    """Return the labels of all buttons."""
    return [plain(action["title"]) for action in actions(content)]


def inputs(content: Json) -> list[Json]:
    """Return what is filled in."""
    return [node for node in nodes(content) if node["type"] in _INPUTS]


def label_of(field: Json) -> str:
    """Return the label by which a person knows a field, without the word that says that it must be filled in."""
    label = plain(str(field.get("label") or field.get("title")))
    return label.partition(" (obligatoire)")[0].partition(" (required)")[0]


def field_of(content: Json, label: str) -> Json:
    """Return the field of that label."""
    found = [field for field in inputs(content) if label_of(field) == label]
    assert found, f"no field {label!r}, only {[label_of(field) for field in inputs(content)]}"
    return found[0]


def action_of(content: Json, label: str) -> Json:
    """Return the first button of that label."""
    found = [action for action in actions(content) if plain(action["title"]) == label]
    assert found, f"no button {label!r}, only {labels(content)}"
    return found[0]


def choice_of(choices: list[Json], wanted: str) -> Json:
    """Return the choice that says just that, else the first that says it among other words."""
    exact = [choice for choice in choices if plain(choice["title"]) == wanted]
    among = [choice for choice in choices if f" {wanted} " in f" {plain(choice['title'])} "]
    found = exact or among
    assert found, f"no choice {wanted!r}, only {[choice['title'] for choice in choices]}"
    return found[0]


def is_form(content: Json) -> bool:
    """Tell whether a card is a form that waits to be sent."""
    return any(action.get("data", {}).get("form", {}).get("do") == "submit" for action in actions(content))


def start_of(field: Json) -> str:
    """Return what stands in a field that nobody touched."""
    return str(field.get("value") or ("false" if field["type"] == "Input.Toggle" else ""))


def _lines(node: Json) -> list[str]:
    match node["type"]:
        case "TextBlock":
            return [shown(node["text"])]
        case "Image":
            return [plain(node["altText"])]
        case "Input.ChoiceSet":
            return [plain(node["label"]), *(plain(choice["title"]) for choice in node["choices"])]
        case "Input.Text" | "Input.Date" | "Input.Time":
            return [plain(node["label"]), plain(str(node.get("value") or ""))]
        case "Input.Toggle":
            return [plain(node["title"])]
        case str(kind) if kind.startswith("Action."):
            return [f"[{plain(node['title'])}]"]
        case _:
            return []


def task_text(task: Json | Any) -> str:
    """Return everything that can be read in a dialog."""
    return f"{plain(task['title'])}\n{text_of(task['card']['content'])}"
