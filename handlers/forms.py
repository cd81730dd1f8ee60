"""What forms share: their names, and reading values that may be missing and are never to be trusted."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, time
from uuid import uuid4

from core.errors import BadText, TextTooLong
from core.text import clean
from handlers.i18n import Texts
from handlers.ui import Value

MIDNIGHT = time()
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?", re.ASCII)
_DIGITS = 9
_FIRST, _LAST = date(1970, 1, 1), date(2200, 1, 1)


def form_key(nonce: str) -> str:
    """Return the delivery key of one opening of a form."""
    return f"form:{nonce}" if nonce else ""


def new_nonce() -> str:
    """Return a name for one opening of a form."""
    return uuid4().hex


def one(values: Mapping[str, Value], field: str) -> str:
    """Return a field's single value, "" if it has none."""
    value = values.get(field, "")
    if isinstance(value, str):
        return value
    return value[0] if value else ""


def many(values: Mapping[str, Value], field: str) -> tuple[str, ...]:
    """Return all of a field's values."""
    value = values.get(field, ())
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(dict.fromkeys(value))


def restored(value: object) -> Value:
    """Return a field's value that was kept as JSON, which knows no tuples."""
    return tuple(map(str, value)) if isinstance(value, list) else str(value)


def day(text: str) -> date | None:
    """Return the day in "2026-01-27", None for anything else; days that no calendar reckons with come nearer."""
    try:
        return min(max(date.fromisoformat(text.strip()), _FIRST), _LAST)
    except ValueError:
        return None


def clock(text: str) -> time | None:
    """Return the time of day in "14:15", None for anything else."""
    found = _CLOCK.fullmatch(text.strip())
    return time(int(found[1]), int(found[2])) if found else None


def text_errors(typed: Iterable[tuple[str, str, int]], texts: Texts) -> list[tuple[str, str]]:
    """Return what is wrong with typed texts, beside each field; given are the field, the text and its limit."""
    errors = []
    for field, text, limit in typed:
        try:
            clean(text, limit=limit)
        except (BadText, TextTooLong) as refusal:
            errors.append((field, texts.error(refusal)))
    return errors


def whole(text: str) -> int | None:
    """Return a decimal number that the database can hold, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
