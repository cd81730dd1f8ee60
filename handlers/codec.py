"""The vocabulary as JSON, to be kept: outcomes of deliveries, cards of the web chat."""

import json
from dataclasses import fields, is_dataclass
from typing import Any

from handlers import ui

_TYPE = "@"
_KNOWN: dict[str, type] = {
    name: kind for name, kind in vars(ui).items() if isinstance(kind, type) and is_dataclass(kind)
}


def encode(value: ui.Outcome | ui.Card) -> str:
    """Return the value as JSON text that `decode` reads back as an equal value."""
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> Any:
    """Return the value that `encode` was given. Raises KeyError for an element this version does not know."""
    return _built(json.loads(text))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        found = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {_TYPE: type(value).__name__, **found}
    if isinstance(value, ui.Drawing):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value


def _built(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_built(v) for v in value)
    if isinstance(value, dict):
        kind = _KNOWN[value[_TYPE]]
        return kind(**{k: _built(v) for k, v in value.items() if k != _TYPE})
    return value
