"""Writes down the statements that a piece of work sends, so that they can be sent again without it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

Statements = list[tuple[str, Any, bool]]
"""(SQL in the driver's words, its parameters, whether they are many rows)."""


@contextmanager
def recorded() -> Iterator[Statements]:
    """Give the list into which every statement of every engine goes."""
    found: Statements = []

    def note(_conn: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        found.append((sql, parameters, many))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
