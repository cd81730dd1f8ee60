"""SQLite: works run where they are asked for and are committed in groups; only the flush waits in a thread."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

import sqlalchemy as sa

from core.errors import DuplicateDelivery, VersionConflict
from core.ports import Transaction
from storage.jobs import Job, answer, next_group
from storage.transaction import SqlTransaction

T = TypeVar("T")

BUSY_SECONDS: Final = 30.0
GROUP: Final = 64
ATTEMPTS: Final = 8
_FIRST_PAUSE, _LONGEST_PAUSE = 0.001, 0.02


class SqliteDatabase:
    """Implements `core.ports.Database` on one file; other processes may use the file at the same time.

    Statements run on the event loop: they take microseconds, and a thread would only fight it for the interpreter
    (docs/adr/0002). What takes time is the flush of a commit, which a thread does, and another process's lock.
    """

    def __init__(self, path: Path) -> None:
        """Connect when first used; the file must be there and migrated by then."""
        self._writer, self._reader = _Held(path, writes=True), _Held(path, writes=False)
        self._waiting: deque[Job] = deque()
        self._committing: asyncio.Task[None] | None = None
        self._flusher = ThreadPoolExecutor(1, "sqlite-flush")
        self._closed = False

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent view; an attempt to write raises."""
        self._refuse_when_closed()
        driver, transaction = self._reader.hold()
        transaction.begin()
        driver.execute("BEGIN")
        try:
            return work(transaction)
        finally:
            driver.execute("ROLLBACK")

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in the next group and return when the group is on the disk."""
        self._refuse_when_closed()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._waiting.append(Job(work, future))
        if self._committing is None or self._committing.done():
            self._committing = loop.create_task(self._commit_waiting())
        return await future

    async def close(self) -> None:
        """Finish what was asked for and close the connections."""
        self._closed = True
        if self._committing is not None:
            await asyncio.wait([self._committing])
        self._flusher.shutdown()
        self._writer.release()
        self._reader.release()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the database is closed")

    async def _commit_waiting(self) -> None:
        """Commit group after group until nobody waits; what comes during a flush makes the next group."""
        while jobs := next_group(self._waiting, GROUP):
            try:
                await self._commit(jobs)
            except BaseException as fault:  # nobody must wait for ever, and nobody may take this for a success
                self._writer.release()
                for job in jobs:
                    job.error = fault
                if not isinstance(fault, Exception):
                    answer([*jobs, *_failed(self._waiting, fault)])
                    raise
            answer(jobs)

    async def _commit(self, jobs: Sequence[Job]) -> None:
        """Run the jobs in one transaction, each apart from the others; raise if the whole is lost."""
        driver, transaction = self._writer.hold()
        await _begin(driver)
        for job in jobs:
            _run_apart(driver, transaction, job)
        flush = self._flusher.submit(driver.execute, "COMMIT")
        try:
            await asyncio.wrap_future(flush)
        except asyncio.CancelledError:
            flush.result()  # the disk has it or not, whoever stops waiting
            answer(jobs)
            raise


PRAGMAS: Final = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY")


def connect(path: Path) -> sqlite3.Connection:
    """Open a connection that leaves transactions to us, durable at each commit."""
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()
    return connection


class _Held:
    """A connection that is kept, and the transaction that speaks through it; opened when first needed."""

    def __init__(self, path: Path, *, writes: bool) -> None:
        self._path = path
        self._writes = writes
        # A writer finds the lock taken at once, and waits for it without holding up the event loop.
        self._pragma = "busy_timeout = 0" if writes else "query_only = ON"
        self._held: tuple[sqlite3.Connection, sa.Connection, SqlTransaction] | None = None

    def hold(self) -> tuple[sqlite3.Connection, SqlTransaction]:
        if self._held is None:
            driver = connect(self._path)
            driver.execute(f"PRAGMA {self._pragma}").close()
            engine = sa.create_engine("sqlite+pysqlite://", creator=lambda: driver, poolclass=sa.pool.StaticPool)
            connection = engine.connect()
            self._held = driver, connection, SqlTransaction(connection, writes=self._writes)
        return self._held[0], self._held[2]

    def release(self) -> None:
        """Let go of the connection; what was not committed is rolled back."""
        if self._held is not None:
            driver, connection, _ = self._held
            self._held = None
            with suppress(sa.exc.SQLAlchemyError, sqlite3.Error):
                connection.close()
            driver.close()


async def _begin(driver: sqlite3.Connection) -> None:
    """Take the file's lock, waiting for another process that has it."""
    give_up = asyncio.get_running_loop().time() + BUSY_SECONDS
    pause = _FIRST_PAUSE
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as fault:
            taken = fault.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not taken or asyncio.get_running_loop().time() > give_up:
                raise
        else:
            return
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)


def _run_apart(driver: sqlite3.Connection, transaction: SqlTransaction, job: Job) -> None:
    """Run one job in a savepoint; whatever it raises is undone and hurts no other."""
    for attempt in range(1, ATTEMPTS + 1):
        driver.execute("SAVEPOINT job")
        try:
            job.result = job.work(transaction)
        except (Exception, asyncio.CancelledError) as fault:
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


def _failed(waiting: deque[Job], fault: BaseException) -> list[Job]:
    jobs = next_group(waiting, len(waiting))
    for job in jobs:
        job.error = fault
    return jobs
