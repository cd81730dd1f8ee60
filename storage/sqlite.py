"""SQLite: one thread writes and commits in groups, others read; each has a connection of its own."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import sqlalchemy as sa

from core.errors import DuplicateDelivery, VersionConflict
from core.ports import Transaction
from storage.jobs import Job, Jobs, next_batch, settle
from storage.transaction import SqlTransaction

T = TypeVar("T")

BUSY_SECONDS: Final = 30.0
GROUP: Final = 64
READ_GROUP: Final = 8
READERS: Final = 2
ATTEMPTS: Final = 8


class SqliteDatabase:
    """Implements `core.ports.Database` on one file; other processes may use the file at the same time."""

    def __init__(self, path: Path) -> None:
        """Connect when first used; the file must be there and migrated by then."""
        self._writes, self._reads = Jobs(), Jobs()
        self._closed = False
        self._threads = [_Writer(path, self._writes), *(_Reader(path, self._reads) for _ in range(READERS))]
        for thread in self._threads:
            thread.start()

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent view; an attempt to write raises."""
        return await self._run(self._reads, work)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in the next group and return when the group is on the disk."""
        return await self._run(self._writes, work)

    async def close(self) -> None:
        """Finish what was asked for and close the connections."""
        if not self._closed:
            self._closed = True
            self._writes.put(None)
            for _ in range(READERS):
                self._reads.put(None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    async def _run(self, queue: Jobs, work: Callable[[Transaction], T]) -> T:
        if self._closed:
            raise RuntimeError("the database is closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        queue.put(Job(work, loop, future))
        return await future


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection that leaves transactions to us, durable at each commit."""
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}").close()
    return connection


class _Thread(threading.Thread):
    """Takes jobs in groups, runs them on the connection it holds, and answers."""

    def __init__(self, path: Path, queue: Jobs, group: int) -> None:
        super().__init__(name=f"sqlite-{type(self).__name__.strip('_').lower()}", daemon=True)
        self._path = path
        self._queue = queue
        self._group = group
        self._held: tuple[sqlite3.Connection, sa.Connection, SqlTransaction] | None = None

    def run(self) -> None:
        """Work until told to end."""
        ending = False
        while not ending:
            jobs, ending = next_batch(self._queue, self._group)
            if jobs:
                self._handle(jobs)
                settle(jobs)
        self._release()

    def _handle(self, jobs: Sequence[Job]) -> None:
        try:
            driver, transaction = self._hold()
            self._together(driver, transaction, jobs)
        except BaseException as fault:  # nobody must wait for ever, and nobody may take this for a success
            for job in jobs:
                job.error = fault
            self._release()

    def _together(self, driver: sqlite3.Connection, transaction: SqlTransaction, jobs: Sequence[Job]) -> None:
        raise NotImplementedError

    def _open(self) -> sqlite3.Connection:
        return connect(self._path)

    def _hold(self) -> tuple[sqlite3.Connection, SqlTransaction]:
        if self._held is None:
            driver = self._open()
            engine = sa.create_engine("sqlite+pysqlite://", creator=lambda: driver, poolclass=sa.pool.StaticPool)
            connection = engine.connect()
            self._held = driver, connection, SqlTransaction(connection)
        return self._held[0], self._held[2]

    def _release(self) -> None:
        """Let go of the connection; what was not committed is rolled back."""
        if self._held is not None:
            driver, connection, _ = self._held
            self._held = None
            with suppress(sa.exc.SQLAlchemyError, sqlite3.Error):
                connection.close()
            driver.close()


class _Writer(_Thread):
    def __init__(self, path: Path, queue: Jobs) -> None:
        super().__init__(path, queue, GROUP)

    def _together(self, driver: sqlite3.Connection, transaction: SqlTransaction, jobs: Sequence[Job]) -> None:
        """Run the jobs in one transaction, each apart from the others; raise if the whole is lost."""
        driver.execute("BEGIN IMMEDIATE")
        for job in jobs:
            _run_apart(driver, transaction, job)
        driver.execute("COMMIT")


class _Reader(_Thread):
    def __init__(self, path: Path, queue: Jobs) -> None:
        super().__init__(path, queue, READ_GROUP)

    def _open(self) -> sqlite3.Connection:
        driver = super()._open()
        driver.execute("PRAGMA query_only = ON").close()
        return driver

    def _together(self, driver: sqlite3.Connection, transaction: SqlTransaction, jobs: Sequence[Job]) -> None:
        """Run the jobs on one view of the data."""
        driver.execute("BEGIN")
        for job in jobs:
            try:
                job.result = job.work(transaction)
            except BaseException as fault:
                job.error = fault
        driver.execute("ROLLBACK")


def _run_apart(driver: sqlite3.Connection, transaction: SqlTransaction, job: Job) -> None:
    """Run one job in a savepoint; whatever it raises is undone and hurts no other."""
    for attempt in range(1, ATTEMPTS + 1):
        driver.execute("SAVEPOINT job")
        try:
            job.result = job.work(transaction)
        except BaseException as fault:
            if not driver.in_transaction:  # a full disk or the like: SQLite has rolled everything back
                raise
            driver.execute("ROLLBACK TO job")
            if attempt < ATTEMPTS and _may_succeed(fault):
                driver.execute("RELEASE job")
                continue
            job.error = fault
        driver.execute("RELEASE job")
        return


def _may_succeed(fault: BaseException) -> bool:
    return isinstance(fault, DuplicateDelivery | VersionConflict)
