"""What the tables share: their metadata and short ways to write a column."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from storage.types import BIG, FOLDED, Instant

LONGEST: Final = timedelta(hours=24)
"""What claims and invitations can last; the rules allow less."""

_HOURS: Final = int(LONGEST / timedelta(hours=1))
LONG: Final = {
    "sqlite": f"ends_at - starts_at > {_HOURS * 3600 * 1_000_000}",
    "postgresql": f"ends_at - starts_at > interval '{_HOURS} hours'",
}
"""What lasts longer, as each database says it: an index over these rows is used where just this is asked."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def new_id() -> sa.Column[int]:
    """A row's own number."""
    return sa.Column("id", BIG, primary_key=True, autoincrement=True)


def reference(name: str, target: str, *, nullable: bool = False, **more: Any) -> sa.Column[int]:
    """A foreign key to a table with large numbers."""
    return sa.Column(name, BIG, sa.ForeignKey(target), nullable=nullable, **more)


def worker(name: str = "worker_id", *, nullable: bool = False, **more: Any) -> sa.Column[int]:
    """A foreign key to a worker."""
    return sa.Column(name, sa.Integer, sa.ForeignKey("workers.id"), nullable=nullable, **more)


def part(name: str, target: str) -> sa.Column[int]:
    """A foreign key that is part of the primary key."""
    return sa.Column(name, BIG, sa.ForeignKey(target), primary_key=True, autoincrement=False)


def text(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[str]:
    """Text as it was typed."""
    return sa.Column(name, sa.Text, nullable=nullable, **more)


def added_text(name: str) -> sa.Column[str]:
    """Text in a column that came later: rows from before have none."""
    return text(name, server_default=sa.text("''"))


def folded(name: str, **more: Any) -> sa.Column[str]:
    """Text made comparable by `core.text.fold`."""
    return sa.Column(name, FOLDED, nullable=False, **more)


def flag(name: str, **more: Any) -> sa.Column[bool]:
    """Yes or no."""
    return sa.Column(name, sa.Boolean, nullable=False, **more)


def number(name: str) -> sa.Column[int]:
    """A count."""
    return sa.Column(name, sa.Integer, nullable=False)


def instant(name: str, *, nullable: bool = False, **more: Any) -> sa.Column[Any]:
    """An instant."""
    return sa.Column(name, Instant, nullable=nullable, **more)


def one_of(column: str, values: Sequence[str]) -> sa.CheckConstraint:
    """The column holds one of `values`."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def exactly_one(columns: Sequence[str], name: str) -> sa.CheckConstraint:
    """Just one of the columns is not null."""
    counted = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return sa.CheckConstraint(f"{counted} = 1", name=name)


def ends_after_start() -> sa.CheckConstraint:
    """`ends_at` lies after `starts_at`."""
    return sa.CheckConstraint("ends_at > starts_at", name="order")


def at_most_a_day() -> tuple[sa.CheckConstraint, sa.CheckConstraint]:
    """It lasts no longer than LONGEST: a search by start need not look further back."""
    return (
        sa.CheckConstraint(f"ends_at - starts_at <= {_HOURS * 3600 * 1_000_000}", name="length").ddl_if("sqlite"),
        sa.CheckConstraint(f"ends_at - starts_at <= interval '{_HOURS} hours'", name="length").ddl_if("postgresql"),
    )


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    """An index over the few rows of which `where` is true."""
    condition = sa.text(where)
    return sa.Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
