"""Instants come back as they went in, in UTC."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import StatementError

from core.ports import Database, Transaction
from storage.tables import deliveries
from storage.types import Instant

INSTANTS = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 29, 3, 30, tzinfo=ZoneInfo("Europe/Brussels")),
    datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Brussels"), fold=1),
    datetime(2026, 1, 20, 8, 0, 0, 1, tzinfo=timezone(timedelta(hours=-5, minutes=-30))),
    datetime(2099, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]


@pytest.mark.parametrize("instant", INSTANTS)
async def test_an_instant_comes_back(stored: Database, instant: datetime) -> None:
    await stored.write(lambda tx: tx.deliveries.add("key", "", instant))
    found = await stored.read(_at)
    assert found == instant.astimezone(UTC)
    assert found.tzinfo is UTC


async def test_a_time_without_zone_is_refused(stored: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        await stored.write(lambda tx: tx.deliveries.add("key", "", datetime(2026, 1, 20)))  # noqa: DTZ001


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_no_microsecond_is_lost_on_sqlite(instant: datetime) -> None:
    kind, dialect = Instant(), sqlite.dialect()
    number = kind.process_bind_param(instant, dialect)
    assert isinstance(number, int)
    assert kind.process_result_value(number, dialect) == instant.astimezone(UTC)


def _at(tx: Transaction) -> datetime:
    found: datetime = tx.connection.execute(sa.select(deliveries.c.at)).scalar_one()  # type: ignore[attr-defined]
    return found
