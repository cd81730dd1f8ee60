"""What the booking form shows, for tests."""

from handlers import ui
from tests.handlers.desk import Filling


def pictures(form: Filling) -> list[ui.Picture]:
    """Return the pictures of agendas."""
    return [part for part in form.form.parts if isinstance(part, ui.Picture)]


def plain(text: str) -> str:
    """Return the text with plain spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
