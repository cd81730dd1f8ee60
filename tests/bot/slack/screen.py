"""What a person reads and can use on Slack's screen."""

from collections.abc import Iterator, Mapping
from typing import Any

Block = dict[str, Any]
STATEFUL = {
    "plain_text_input": "initial_value",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "static_select": "initial_option",
    "external_select": "initial_option",
    "radio_buttons": "initial_option",
    "checkboxes": "initial_options",
    "multi_static_select": "initial_options",
    "multi_external_select": "initial_options",
    "file_input": "",
    "conversations_select": "initial_conversation",
}
_VALUE = {
    "plain_text_input": "value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "file_input": "files",
    "conversations_select": "selected_conversation",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
}


_SHOWN = {"text", "url", "alt_text"}


def text_of(blocks: list[Block]) -> str:
    """Return everything that can be read, in order, with plain spaces."""
    return plain("\n".join(line for block in blocks for line in _lines(block)))


def plain(text: str) -> str:
    """Return the text with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def strings(value: object) -> Iterator[str]:
    """Yield every string that is shown, in order, and where links lead."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _SHOWN and isinstance(inner, str):
                yield inner
            else:
                yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def modal_text(view: Mapping[str, Any]) -> str:
    """Return everything that can be read in a modal."""
    return f"{view['title']['text']}\n{text_of(view['blocks'])}\n{view.get('submit', {}).get('text', '')}"


def clickables(blocks: list[Block]) -> Iterator[tuple[str, int, Block, Block, Block | None]]:
    """Yield every button and menu entry: its label, the number of its block, its block, its element, its option."""
    for number, block in enumerate(blocks):
        for element in elements(block):
            if element["type"] == "button":
                yield element["text"]["text"], number, block, element, None
            for option in element.get("options", []) if element["type"] != "checkboxes" else []:
                yield option["text"]["text"], number, block, element, option


def elements(block: Block) -> list[Block]:
    """Return what can be used in a block."""
    found = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [e for e in found if isinstance(e, dict) and "action_id" in e]


def labels(blocks: list[Block]) -> list[str]:
    """Return the labels of all buttons and menu entries."""
    return [plain(label) for label, *_ in clickables(blocks)]


def initial_state(element: Block) -> Block:
    """Return what Slack has as the state of an element that nobody touched."""
    kind = element["type"]
    initial = element.get(STATEFUL[kind]) if STATEFUL[kind] else []
    return state_of(kind, initial)


def state_of(kind: str, value: object) -> Block:
    """Return the state of an element with that value."""
    name = _VALUE.get(kind, "selected_option")
    many = name in {"selected_options", "files"}
    return {"type": kind, name: (value or []) if many else (value or None)}


def field_label(block: Block) -> str:
    """Return the label by which a person knows a field."""
    if block["type"] == "input":
        return plain(block["label"]["text"])
    return plain(elements(block)[0]["options"][0]["text"]["text"])


def fields(view: Mapping[str, Any]) -> dict[str, Block]:
    """Return the blocks that are filled in, by label."""
    return {
        field_label(b): b
        for b in view["blocks"]
        if b["type"] in {"input", "actions"} and elements(b)[0]["type"] in STATEFUL and "block_id" in b
    }


def offered(element: Block) -> list[Block]:
    """Return the options of an element."""
    groups: list[Block] = element.get("option_groups", [])
    return [*element.get("options", []), *(o for g in groups for o in g["options"])]


def _lines(block: Block) -> Iterator[str]:
    match block["type"]:
        case "rich_text":
            for part in block["elements"]:
                yield "".join(run["text"] for run in part["elements"]).rstrip("\n")
        case "header":
            yield block["text"]["text"]
        case "image":
            yield block["alt_text"]
        case "section":
            yield block["text"]["text"]
        case "input":
            yield block["label"]["text"]
            yield from _choices(block["element"])
            yield block.get("hint", {}).get("text", "")
            yield block["element"].get("initial_value", "")
    for element in elements(block):
        if element["type"] == "button":
            yield f"[{element['text']['text']}]"
        elif block["type"] != "input":
            yield from _choices(element)


def _choices(element: Block) -> Iterator[str]:
    for group in element.get("option_groups", []):
        yield group["label"]["text"]
        yield from _options(group["options"])
    yield from _options(element.get("options", []))
    if element["type"] in {"external_select", "multi_external_select"}:
        chosen = element.get("initial_options") or [element.get("initial_option")]
        yield from _options([o for o in chosen if o])


def _options(options: list[Block]) -> Iterator[str]:
    for option in options:
        yield option["text"]["text"]
        if "description" in option:
            yield option["description"]["text"]
