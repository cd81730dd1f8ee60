"""PostgreSQL: any number of processes on any number of machines; a lost race is run again."""

import asyncio
import random
from collections.abc import Callable
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.errors import DuplicateDelivery, VersionConflict
from core.ports import Transaction
from storage.transaction import SqlTransaction

T = TypeVar("T")

ATTEMPTS: Final = 8
CONNECTIONS: Final = 10
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.05
_SERIALIZATION_FAILURE, _DEADLOCK, _UNIQUE = "40001", "40P01", "23505"
_RACES: Final = {_SERIALIZATION_FAILURE, _DEADLOCK, _UNIQUE}


class PostgresDatabase:
    """Implements `core.ports.Database`."""

    def __init__(self, url: sa.URL) -> None:
        """Connect when first used; the tables must be migrated by then."""
        self._engine = create_async_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=0,
            connect_args={"options": "-c timezone=UTC", "application_name": "rdv"},
        )
        self._reading = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent view; an attempt to write raises."""
        return await self._persist(self._reading, work, writes=False)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` and commit; after a lost race, again."""
        return await self._persist(self._engine, work, writes=True)

    async def close(self) -> None:
        """Close the connections."""
        await self._engine.dispose()

    async def _persist(self, engine: AsyncEngine, work: Callable[[Transaction], T], *, writes: bool) -> T:
        def run(connection: sa.Connection) -> T:
            return work(SqlTransaction(connection, lock_keys=writes, writes=writes))

        for attempt in range(1, ATTEMPTS):
            try:
                return await _once(engine, run)
            except (DuplicateDelivery, VersionConflict, DBAPIError) as fault:
                if isinstance(fault, DBAPIError) and not _may_succeed(fault):
                    raise
            await asyncio.sleep(min(_FIRST_PAUSE * 2**attempt, _LONGEST_PAUSE) * random.random())  # noqa: S311
        return await _once(engine, run)


async def _once(engine: AsyncEngine, run: Callable[[sa.Connection], T]) -> T:
    async with engine.connect() as connection:
        result = await connection.run_sync(run)
        try:
            await connection.commit()
        except DBAPIError as fault:
            if fault.connection_invalidated:
                raise ConnectionError("the connection broke during a commit: its outcome is unknown") from fault
            raise
        return result


def _may_succeed(fault: DBAPIError) -> bool:
    """Tell whether the same work may succeed now.

    A row that another has just inserted is found this time; a connection that a restart broke is replaced.
    """
    return fault.connection_invalidated or getattr(fault.orig, "sqlstate", None) in _RACES
