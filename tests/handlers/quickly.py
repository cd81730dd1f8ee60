"""Booking in words, as the tests of it type and read."""

from collections.abc import Mapping

from handlers import ui
from handlers.ui import Notice
from tests.handlers.desk import Desk, Filling


async def quick(desk: Desk, words: str) -> Filling:
    return desk.filling(await desk.send(ui.CommandCall("rdv", words)))


def said(form: Filling) -> list[str]:
    """Return the notices above the form, line by line, with plain spaces."""
    lines = [line for part in form.form.parts if isinstance(part, Notice) for line in part.text.splitlines()]
    return [plain(line) for line in lines]


def filled_in(form: Filling, *names: str) -> Mapping[str, ui.Value]:
    return {name: form.values[name] for name in names if name in form.values}


def slot_at(form: Filling) -> str:
    """Return the chosen slot as the form says it."""
    return next(
        plain(f"{day} {o.label}")
        for day, options in form.slots().items()
        for o in options
        if o.value == form.values.get("slot")
    )


def plain(text: str) -> str:
    """Return the text with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
