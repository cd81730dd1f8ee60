"""Small things the repositories share."""

import hashlib
from collections.abc import Callable, Collection
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.text import fold

T = TypeVar("T")

LARGEST: Final = 2**63 - 1
LARGEST_WORKER: Final = 2**31 - 1
_LONGEST_SOUGHT: Final = 500
_LONGEST_KEY: Final = 200


Seen = dict[tuple[object, ...], list[Any]]
"""What a transaction that writes nothing has read: its view does not change, so nothing of it is read twice."""


class Repository:
    """Speaks through the connection of one transaction, which another begins and ends."""

    def __init__(self, connection: sa.Connection, seen: Seen | None = None) -> None:
        """`seen` is there only in a transaction that writes nothing."""
        self._connection = connection
        self._seen = seen

    def _once(self, key: tuple[object, ...], read: Callable[[], list[T]]) -> list[T]:
        """Return what `read` gives; in a transaction that writes nothing it is called once for each key."""
        if self._seen is None:
            return read()
        if key not in self._seen:
            self._seen[key] = read()
        return list(self._seen[key])


def insert_by_dialect(table: sa.Table, build: Callable[[Any], Any]) -> dict[str, Any]:
    """Return one statement for each database: both have ON CONFLICT, SQLAlchemy's constructs for it differ."""
    statements = {"sqlite": build(sqlite.insert(table)), "postgresql": build(postgresql.insert(table))}
    return {name: each.execution_options(preserve_rowcount=True) for name, each in statements.items()}


def upsert_by_dialect(table: sa.Table, *keys: str, keeping: Collection[str] = ()) -> dict[str, Any]:
    """Return inserts that update the row with the same `keys` instead, all but `keeping`, and return its number."""
    others = [c.name for c in table.c if c.name not in {"id", *keys, *keeping}]

    def build(insert: Any) -> Any:
        changes = {name: insert.excluded[name] for name in others}
        return insert.on_conflict_do_update(index_elements=list(keys), set_=changes).returning(*table.primary_key)

    return insert_by_dialect(table, build)


def is_number(number: int, largest: int = LARGEST) -> bool:
    """Tell whether this can be the number of a stored row; people type longer ones."""
    return 0 < number <= largest


def storable(text: str) -> str:
    """Return `text` without what no database takes as text (NUL, lone surrogates)."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


def short_key(key: str) -> str:
    """Return the key, or its digest if it is too long for an index; whoever sends it may make it any length."""
    key = storable(key)
    return key if len(key) <= _LONGEST_KEY else "sha256:" + hashlib.sha256(key.encode()).hexdigest()


def holds(text: str) -> str:
    """Return the LIKE pattern, escaped by a backslash, of what holds the folded `text`."""
    return f"%{_escaped(text)}%"


def _escaped(text: str) -> str:
    wanted = storable(fold(text))[:_LONGEST_SOUGHT]
    return wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
