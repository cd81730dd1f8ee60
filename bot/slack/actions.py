"""Buttons, selects, toggles and menus. An action's id is a number, which makes it unique, a bar, and its reference."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import assert_never

from bot.slack.blocks import LABEL, SECTION, Block, Labels, plain, rich_text
from bot.slack.options import all_options, choices, decode_value, encode_value
from handlers.ui import Action, ActionRef, Button, LinkButton, Menu, OptionGroup, Select, Toggle

IN_BLOCK = 25
IN_MENU = 5
URL = 3_000
ON, OFF = "on", "off"
_BAR = "|"
_HOLDS_REF = {"button", "overflow"}


class Ids:
    """Gives each action of one message or modal an id of its own."""

    def __init__(self) -> None:
        self._numbers = count()

    def of(self, ref: ActionRef | None) -> str:
        """Return an id that `read_action` reads back; without a reference, nothing follows a click."""
        return f"{next(self._numbers)}{_BAR}{ref.encode() if ref else ''}"


def read_action(action: Block) -> tuple[ActionRef, str] | None:
    """Return the reference and the value of what was clicked, None for what leads nowhere (a link)."""
    kind = action.get("type")
    chosen = action.get("selected_option") or {}
    encoded = str(action.get("action_id", "")).partition(_BAR)[2]
    if kind in _HOLDS_REF:
        encoded = str((chosen if kind == "overflow" else action).get("value") or "")
    if not encoded:
        return None
    if kind == "checkboxes":
        return ActionRef.decode(encoded), ON if action.get("selected_options") else OFF
    value = str(chosen.get("value") or "") if kind == "static_select" else ""
    return ActionRef.decode(encoded), decode_value(value)


def action_blocks(actions: Sequence[Action], ids: Ids, context: str = "") -> list[Block]:
    """Return the blocks of a row of actions; `context` is what screen readers say after a button's label."""
    blocks: list[Block] = []
    row: list[Button | LinkButton] = []
    for action in actions:
        match action:
            case Button() | LinkButton():
                row.append(action)
            case Select() | Toggle() | Menu():
                blocks += _row(row, ids, context)
                row = []
                blocks += _control(action, ids)
            case _:
                assert_never(action)
    return blocks + _row(row, ids, context)


def _control(action: Select | Toggle | Menu, ids: Ids) -> list[Block]:
    match action:
        case Select():
            return _select(action, ids)
        case Toggle():
            return _toggle(action, ids)
        case Menu():
            return _menu(action, ids)
        case _:
            assert_never(action)


def _row(buttons: Iterable[Button | LinkButton], ids: Ids, context: str) -> list[Block]:
    labels = Labels()
    elements: list[Block] = []
    lines: list[Block] = []
    for button in buttons:
        if isinstance(button, LinkButton) and len(button.url) > URL:
            lines += rich_text([(f"{button.label}\n", "bold"), (button.url, "")])
        else:
            elements.append(_button(button, labels, ids, context))
    rows = [elements[at : at + IN_BLOCK] for at in range(0, len(elements), IN_BLOCK)]
    return [*lines, *labels.blocks(), *({"type": "actions", "elements": row} for row in rows)]


def _button(button: Button | LinkButton, labels: Labels, ids: Ids, context: str) -> Block:
    found: Block = {"type": "button", "text": plain(labels.fit(button.label))}
    spoken = f"{button.label} – {context}"
    if context.strip() and len(spoken) <= LABEL:
        found["accessibility_label"] = spoken
    if isinstance(button, LinkButton):
        return found | {"action_id": ids.of(None), "url": button.url}
    if button.style != "plain":
        found["style"] = button.style
    return found | {"action_id": ids.of(button.ref), "value": button.ref.encode()}


def _select(select: Select, ids: Ids) -> list[Block]:
    labels = Labels()
    text = labels.fit(select.label, SECTION)
    found = choices((OptionGroup("", select.options),), labels)
    if not found:
        return rich_text([(select.label, "")])
    element: Block = {"type": "static_select", "action_id": ids.of(select.ref), **found}
    if select.chosen is not None:
        value = encode_value(select.chosen)
        chosen = next((o for o in all_options(found) if o["value"] == value), None)
        element |= {"initial_option": chosen} if chosen else {}
    return [*labels.blocks(), _section(text, element)]


def _toggle(toggle: Toggle, ids: Ids) -> list[Block]:
    labels = Labels()
    option = {"text": plain(labels.fit(toggle.label)), "value": ON}
    element: Block = {"type": "checkboxes", "action_id": ids.of(toggle.ref), "options": [option]}
    if toggle.on:
        element["initial_options"] = [option]
    return [*labels.blocks(), {"type": "actions", "elements": [element]}]


def _menu(menu: Menu, ids: Ids) -> list[Block]:
    """Return the menu behind its label; Slack's own menu has none, and holds five."""
    labels = Labels()
    text = labels.fit(menu.label, SECTION)
    sections = []
    for at in range(0, len(menu.buttons), IN_MENU):
        options = [
            {"text": plain(labels.fit(b.label)), "value": b.ref.encode()} for b in menu.buttons[at : at + IN_MENU]
        ]
        sections.append(_section(text, {"type": "overflow", "action_id": ids.of(None), "options": options}))
    return [*labels.blocks(), *(sections or rich_text([(menu.label, "")]))]


def _section(text: str, accessory: Block) -> Block:
    return {"type": "section", "text": plain(text), "accessory": accessory}
