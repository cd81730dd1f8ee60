"""The engine for libraries with statements of their own: as durable and as patient as our own connections."""

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from storage import UnknownDatabase
from storage.engines import async_engine
from storage.sqlite import BUSY_SECONDS


async def test_sqlite_is_set_up_as_our_own_connections_are(sqlite_url: str) -> None:
    engine = async_engine(sqlite_url)
    async with engine.connect() as connection:
        found = {
            pragma: (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await engine.dispose()

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": BUSY_SECONDS * 1000}


async def test_writers_that_read_first_wait_for_each_other(sqlite_url: str) -> None:
    engine = async_engine(sqlite_url)

    async def write(number: int) -> None:
        async with engine.begin() as connection:
            seen = (await connection.exec_driver_sql("SELECT count(*) FROM paces")).scalar_one()
            await asyncio.sleep(0)
            row = {"key": f"{seen}", "at": number}
            await connection.execute(sa.text("INSERT INTO paces (key, free_at) VALUES (:key, :at)"), row)

    await asyncio.gather(*(write(number) for number in range(8)))
    async with engine.connect() as connection:
        keys = (await connection.exec_driver_sql("SELECT key FROM paces ORDER BY key")).scalars().all()
    await engine.dispose()

    assert keys == [str(number) for number in range(8)]


async def test_a_fault_tells_nothing_of_what_was_to_be_stored(sqlite_url: str) -> None:
    engine = async_engine(sqlite_url)
    with pytest.raises(sa.exc.IntegrityError) as fault:
        async with engine.begin() as connection:
            await connection.execute(sa.text("INSERT INTO slack_bots (bot_token) VALUES (:token)"), {"token": "xoxb-1"})
    await engine.dispose()

    assert "xoxb-1" not in f"{fault.value!r} {fault.value}"


@pytest.mark.postgres
async def test_postgresql_answers(empty_postgres: Callable[[], str]) -> None:
    engine = async_engine(empty_postgres())
    async with engine.begin() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM slack_bots")).scalar_one() == 0
    await engine.dispose()


def test_what_is_no_database_is_refused() -> None:
    with pytest.raises(UnknownDatabase):
        async_engine("mysql://localhost/rdv")
