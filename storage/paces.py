"""How fast a platform may be called: one row for each limit, which every process obeys.

The generic cell rate algorithm (ITU-T I.371): a row holds when the next call would come if they all kept their
distance; a call may come earlier than that by what the rate allows to follow at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import sqlalchemy as sa

from core.ports import Transaction
from storage.sql import insert_by_dialect
from storage.tables import paces
from storage.transaction import SqlTransaction

_P = paces.c
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_HELD = " held"
_THESE = _P.key.in_(sa.bindparam("keys", expanding=True))
_LOOK = sa.select(_P.key, _P.free_at).where(_THESE)
# Two that want several rows wait for each other in the order of the keys, never crosswise.
_TAKE = _LOOK.order_by(_P.key).with_for_update()
_BEGIN = insert_by_dialect(paces, lambda insert: insert.on_conflict_do_nothing())
_SET = sa.update(paces).where(_P.key == sa.bindparam("of")).values(free_at=sa.bindparam("at", type_=_P.free_at.type))


@dataclass(frozen=True, slots=True)
class Rate:
    """One call every `every` in the long run; `burst` of them may follow each other at once after a rest."""

    key: str
    every: timedelta
    burst: int = 1

    @property
    def early(self) -> timedelta:
        """How much earlier than its distance asks a call may come."""
        return self.every * (self.burst - 1)


@dataclass(frozen=True, slots=True)
class Turn:
    """When the call may be made; if it was not `granted`, nothing is reserved and it may be asked again then."""

    at: datetime
    granted: bool


def reserve(tx: Transaction, rates: Sequence[Rate], now: datetime, longest: timedelta) -> Turn:
    """Reserve the next call that all rates allow, unless that is further ahead than `longest`.

    The first rate is the widest. A turn of it is not kept for who waits for one of the others (a whole workspace would
    wait for one channel): those must allow the call by then.
    """
    free_at = _taken(tx, [rate.key for rate in rates])
    moments = [max(now, free_at[rate.key] - rate.early) for rate in rates]
    at = max(moments)
    if at > moments[0] or at - now > longest:
        return Turn(at, granted=False)
    _write(tx, {rate.key: max(free_at[rate.key], at) + rate.every for rate in rates})
    return Turn(at, granted=True)


def count(tx: Transaction, calls: Sequence[Rate], now: datetime) -> None:
    """Count calls that did not wait: whoever waits lets them pass. A rate may stand there several times."""
    free_at = _taken(tx, [rate.key for rate in calls])
    for rate in calls:
        free_at[rate.key] = max(free_at[rate.key], now) + rate.every
    _write(tx, free_at)


def hold_off(tx: Transaction, rate: Rate, until: datetime) -> None:
    """Give no turn before `until`: the platform asked for it. Who has one already asks `held_until`."""
    held = rate.key + _HELD
    free_at = _taken(tx, [rate.key, held])
    _write(tx, {rate.key: max(free_at[rate.key], until + rate.early), held: max(free_at[held], until)})


def held_until(tx: Transaction, rates: Iterable[Rate]) -> datetime:
    """Return until when the platform wants to hear nothing of that kind; an instant long past if it said nothing."""
    rows = _connection(tx).execute(_LOOK, {"keys": [rate.key + _HELD for rate in rates]})
    return max((row.free_at for row in rows), default=_LONG_AGO)


def _taken(tx: Transaction, keys: Iterable[str]) -> dict[str, datetime]:
    """Return what the rows hold, locked until the transaction ends; rows that lack are made."""
    connection, wanted = _connection(tx), sorted(set(keys))
    found = {row.key: row.free_at for row in connection.execute(_TAKE, {"keys": wanted})}
    if len(found) < len(wanted):
        missing = [{"key": key, "free_at": _LONG_AGO} for key in wanted if key not in found]
        connection.execute(_BEGIN[connection.dialect.name], missing)
        found = {row.key: row.free_at for row in connection.execute(_TAKE, {"keys": wanted})}
    return found


def _write(tx: Transaction, rows: dict[str, datetime]) -> None:
    _connection(tx).execute(_SET, [{"of": key, "at": at} for key, at in rows.items()])


def _connection(tx: Transaction) -> sa.Connection:
    return cast("SqlTransaction", tx).connection
