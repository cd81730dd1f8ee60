"""What the two databases say differently about instants."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storage.tables.base import LONG
from storage.types import Numbers


class seconds_down(FunctionElement[int]):  # noqa: N801 - a function of SQL
    """Whole seconds since 1970 of an instant, rounded down."""

    type = sa.BigInteger()
    inherit_cache = True


class seconds_up(FunctionElement[int]):  # noqa: N801
    """Whole seconds since 1970 of an instant, rounded up."""

    type = sa.BigInteger()
    inherit_cache = True


class together(FunctionElement[list[int]]):  # noqa: N801
    """The numbers of a whole group of rows: a row for each costs more to fetch than all else that is done with it."""

    type = Numbers()
    inherit_cache = True


class lasts_long(FunctionElement[Any]):  # noqa: N801
    """Whether the row of the select's table lasts longer than `storage.tables.base.LONGEST`."""

    type = sa.types.NULLTYPE  # as a Boolean it would be compared with 1 on SQLite, and no index would be found
    inherit_cache = True


@compiles(seconds_down, "sqlite")
def _down_on_sqlite(element: seconds_down, compiler: Any, **more: Any) -> str:
    return f"{compiler.process(element.clauses, **more)} / 1000000"


@compiles(seconds_up, "sqlite")
def _up_on_sqlite(element: seconds_up, compiler: Any, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)} + 999999) / 1000000"


@compiles(seconds_down, "postgresql")
def _down_on_postgresql(element: seconds_down, compiler: Any, **more: Any) -> str:
    return f"CAST(floor(date_part('epoch', {compiler.process(element.clauses, **more)})) AS bigint)"


@compiles(seconds_up, "postgresql")
def _up_on_postgresql(element: seconds_up, compiler: Any, **more: Any) -> str:
    return f"CAST(ceil(date_part('epoch', {compiler.process(element.clauses, **more)})) AS bigint)"


@compiles(together, "sqlite")
def _together_on_sqlite(element: together, compiler: Any, **more: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **more)})"


@compiles(together, "postgresql")
def _together_on_postgresql(element: together, compiler: Any, **more: Any) -> str:
    return f"array_agg({compiler.process(element.clauses, **more)})"


@compiles(lasts_long)
def _long(_element: lasts_long, compiler: Any, **_more: Any) -> str:
    return f"({LONG[compiler.dialect.name]})"
