"""Searches for what touches a window of time, each found by an index."""

from typing import Any

import sqlalchemy as sa

from core.times import Interval
from storage.expressions import lasts_long
from storage.tables.base import LONGEST
from storage.types import Instant


def touching(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether the row touches the window, however long it lasts."""
    return sa.and_(
        table.c.ends_at > sa.bindparam("opens", type_=Instant()),
        table.c.starts_at < sa.bindparam("closes", type_=Instant()),
    )


def touching_shortly(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """The same of a table whose rows last at most LONGEST: an index on the start has both bounds."""
    return sa.and_(touching(table), table.c.starts_at > sa.bindparam("earliest", type_=Instant()))


def touching_by_length(table: sa.FromClause) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """The same in two halves for a table of rows of any length: the many that do not last long, and the few that do."""
    return sa.and_(touching_shortly(table), sa.not_(lasts_long())), sa.and_(touching(table), lasts_long())


def bounds(window: Interval) -> dict[str, Any]:
    """Return the parameters of the conditions above."""
    return {"opens": window.start, "closes": window.end, "earliest": window.start - LONGEST}
