"""Column types: the same values on both databases."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits; SQLite numbers rows by itself only in a column that is called INTEGER."""

FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Folded text, ordered by code point on both databases."""


class Numbers(sa.types.TypeDecorator[list[int]]):
    """Many whole numbers in one value: an array on PostgreSQL, JSON on SQLite."""

    impl = sa.Text
    cache_ok = True

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> list[int]:
        """Return them as a list."""
        return list(value if dialect.name == "postgresql" else json.loads(value))


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware instant: TIMESTAMPTZ on PostgreSQL, microseconds since 1970 on SQLite; always returned in UTC."""

    impl = sa.BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Choose the type by the database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        """Refuse what has no zone: it would be stored as some other instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value if dialect.name == "postgresql" else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """Return it in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else _EPOCH + timedelta(microseconds=value)
