"""Marking homes whose worker may read something else now; it costs next to nothing where there are none."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from storage.tables import accounts, homes
from storage.types import Instant

FIRST: Final = timedelta(days=1)
"""How far a change puts a home ahead of those that only the clock makes look otherwise (midnight's)."""

AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Before every other."""

_H = homes.c
_AT = sa.bindparam("at", type_=Instant())
MARKED: Final[dict[str, Any]] = {
    "mark": _H.mark + 1,
    "next_at": sa.case((_H.next_at < _AT, _H.next_at), else_=_AT),
}
"""What a mark changes; takes the parameter `at`, and keeps a home that was marked before in its place."""

_OF_WORKER = sa.select(accounts.c.id).where(accounts.c.worker_id == sa.bindparam("worker"))
_MARK = sa.update(homes).where(_H.account_id.in_(_OF_WORKER)).values(MARKED)
_MARK_ONE = sa.update(homes).where(_H.account_id == sa.bindparam("account")).values(MARKED)


def mark_homes(connection: sa.Connection, worker_ids: Iterable[int], now: datetime) -> None:
    """Let the homes of these workers be looked at: something that they show may have changed."""
    marks = [{"worker": worker_id, "at": now - FIRST} for worker_id in sorted(set(worker_ids))]  # locked in one order
    if marks:
        connection.execute(_MARK, marks)


def mark_own_home(connection: sa.Connection, worker_id: int) -> None:
    """Let a worker's home be looked at before every other: he has just chosen something for himself."""
    connection.execute(_MARK, {"worker": worker_id, "at": AT_ONCE})


def mark_home(connection: sa.Connection, account_id: int) -> None:
    """Let the home of an account be looked at before every other: it is another worker's now."""
    connection.execute(_MARK_ONE, {"account": account_id, "at": AT_ONCE})
