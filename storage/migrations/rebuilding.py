"""Changing a table on SQLite, which cannot change a column or a check."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from alembic import op


def rebuild(table: str, columns: Sequence[str], make: Callable[[str], None]) -> None:
    """Put a table of another shape in the place of `table`; keep its `columns` and the number of the next row.

    What Alembic offers for it loses triggers in silence. Indexes and triggers go with the old table. No table may
    refer to this one.
    """
    made = f"{table}_made"
    make(made)
    old, new = (sa.table(name, *(sa.column(column) for column in columns)) for name in (table, made))
    op.execute(sa.insert(new).from_select(columns, sa.select(old)))
    last = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    op.execute(sa.delete(last).where(last.c.name == made))
    op.execute(
        sa.insert(last).from_select(
            ["name", "seq"], sa.select(sa.literal(made), last.c.seq).where(last.c.name == table)
        )
    )
    op.drop_table(table)
    op.rename_table(made, table)
