"""Actions in Adaptive Cards, and what a click sends back.

A button is an Action.Execute, answered with the card that takes its place, with an Action.Submit for clients that do
not know it. One that opens a form is an Action.Submit that fetches a dialog.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, assert_never

from bot.teams.markdown import escape, plain
from handlers.ui import Action, ActionRef, Button, LinkButton, Menu, Option, Select, Toggle

Json = dict[str, Any]
REF: Final = "rdv"
VALUE: Final = "value"
FROM: Final = "from"
VERB: Final = "rdv"
IN_A_SET: Final = 5
"""Teams shows six actions of one set, and Microsoft's own renderer five unless its host says otherwise."""
SIGNS_IN_A_ROW, AROUND_A_LABEL = 42, 4
"""Of the actions of one set, which stand in one row and are cut when it is narrow: what a telephone shows whole."""
STYLES: Final = {"plain": "default", "primary": "positive", "danger": "destructive"}
TICKED, UNTICKED = "☑", "☐"
_NOTHING: Final = "~"


@dataclass
class Ids:
    """Gives the inputs of one card their ids."""

    given: int = field(default=0)

    def next(self) -> str:
        """Return an id that this card has not yet."""
        self.given += 1
        return f"s{self.given}"


def encode_value(value: str) -> str:
    """Return the value of a choice as an input carries it: never empty, and without a comma, which joins several."""
    return _NOTHING + value.replace("%", "%25").replace(",", "%2C")


def decode_value(value: str) -> str:
    """Return the value that `encode_value` was given, "" for nothing chosen."""
    return value.removeprefix(_NOTHING).replace("%2C", ",").replace("%25", "%")


def named(label: str) -> str:
    """Return a label that is never blank: Teams shows nothing of what has no name."""
    return plain(label) if label.strip() else "…"


def choice(option: Option, heading: str = "") -> Json:
    """Return one choice of an input, with its heading and its hint: there is one line for all."""
    label = " – ".join(part for part in (option.label, option.hint) if part.strip())
    said = " · ".join(part for part in (heading, label) if part.strip())
    return {"title": named(said), "value": encode_value(option.value)}


def action_parts(actions: Sequence[Action], ids: Ids, *, channels: bool = True) -> list[Json]:
    """Return the card's elements that hold the actions, in order; `channels`: where there are some to share to."""
    parts: list[Json] = []
    row: list[Json] = []
    for action in actions:
        match action:
            case Button():
                row += [button(action)] if channels or not action.for_channels else []
            case LinkButton(url, label):
                row.append({"type": "Action.OpenUrl", "title": named(label), "url": url})
            case Toggle(ref, label, on):
                mark = TICKED if on else UNTICKED
                row.append(execute(f"{mark} {label}", {REF: ref.encode(), VALUE: "off" if on else "on"}))
            case Menu(_, buttons):
                row += [button(b) for b in buttons if channels or not b.for_channels]
            case Select():
                parts += [*action_sets(row), *_select(action, ids)]
                row = []
            case _:
                assert_never(action)
    return [*parts, *action_sets(row)]


def action_sets(row: Sequence[Json]) -> list[Json]:
    """Return the actions in as many sets as show them all with their whole labels."""
    rows: list[list[Json]] = []
    taken = 0
    for action in row:
        width = len(action["title"]) + AROUND_A_LABEL
        if not rows or len(rows[-1]) == IN_A_SET or taken + width > SIGNS_IN_A_ROW:
            rows.append([])
            taken = 0
        rows[-1].append(action)
        taken += width
    return [
        {"type": "ActionSet", "actions": actions, **({"spacing": "small"} if at else {})}
        for at, actions in enumerate(rows)
    ]


def button(action: Button) -> Json:
    """Return the button."""
    data = {REF: action.ref.encode()}
    style = STYLES[action.style]
    if action.opens_form:
        return {"type": "Action.Submit", **_shown(action.label, style), "data": fetching(data)}
    return execute(action.label, data, style=style)


def execute(label: str, data: Json, *, style: str = "default") -> Json:
    """Return an action that is answered with the card that takes the place of this one."""
    shown = _shown(label, style)
    older = {"type": "Action.Submit", **shown, "data": data}
    return {"type": "Action.Execute", **shown, "verb": VERB, "data": data, "fallback": older}


def _shown(label: str, style: str) -> Json:
    return {"title": named(label)} | ({"style": style} if style != "default" else {})


def fetching(data: Json) -> Json:
    """Return the data of an action that opens a dialog."""
    return data | {"msteams": {"type": "task/fetch"}}


def read_ref(data: Mapping[str, Any]) -> tuple[ActionRef, str] | None:
    """Return the action that was clicked and its value; None for data of another kind. Raises ValueError, TypeError."""
    text = data.get(REF)
    if text is None:
        return None
    if not isinstance(text, str):
        raise TypeError
    source = data.get(FROM)
    value = decode_value(str(data.get(str(source)) or "")) if source else str(data.get(VALUE) or "")
    return ActionRef.decode(text), value


def _select(select: Select, ids: Ids) -> list[Json]:
    if not select.options:
        return [{"type": "TextBlock", "text": escape(select.label) or " ", "wrap": True}]
    name = ids.next()
    offered = any(option.value == select.chosen for option in select.options)
    chosen = {"value": encode_value(select.chosen)} if select.chosen is not None and offered else {}
    field = {
        "type": "Input.ChoiceSet",
        "id": name,
        "label": named(select.label),
        "style": "compact",
        "wrap": True,
        "choices": [choice(option) for option in select.options],
        **chosen,
    }
    return [field, *action_sets([execute("OK", {REF: select.ref.encode(), FROM: name})])]
