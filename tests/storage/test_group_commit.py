"""SQLite's writer: many works to a commit, each apart from the others, nobody answered before the commit."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from core.ports import Transaction
from storage.sqlite import SqliteDatabase, connect
from tests.storage.conftest import execute


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[SqliteDatabase]:
    opened = SqliteDatabase(_path(sqlite_url))
    yield opened
    await opened.close()


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _add(name: str) -> Callable[[Transaction], str]:
    def work(tx: Transaction) -> str:
        return tx.places.add(name, "").name

    return work


def _add_and_raise(name: str, fault: BaseException) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        tx.places.add(name, "")
        raise fault

    return work


class SlowDisk:
    """Holds every flush back until it is released, so that what is asked for meanwhile becomes one group."""

    def __init__(self, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
        self._flushing, self._released = threading.Event(), threading.Event()
        self.commits = 0
        submit = database._flusher.submit

        def slowly(flush: Callable[[str], Any], statement: str) -> Any:
            def wait_and_flush() -> Any:
                self._flushing.set()
                assert self._released.wait(60)
                self.commits += 1
                return flush(statement)

            return submit(wait_and_flush)

        monkeypatch.setattr(database._flusher, "submit", slowly)

    async def flushing(self) -> None:
        assert await asyncio.to_thread(self._flushing.wait, 60)

    def release(self) -> None:
        self._released.set()


async def _grouped(database: SqliteDatabase, *works: Callable[[Transaction], Any]) -> list[Any]:
    """Run the works in one group; return results and faults."""
    return await asyncio.gather(*(database.write(work) for work in works), return_exceptions=True)


async def _names(database: SqliteDatabase) -> list[str]:
    return [place.name for place in await database.read(lambda tx: tx.places.all())]


async def test_what_waits_is_committed_together(database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SlowDisk(database, monkeypatch)
    first = asyncio.ensure_future(database.write(_add("first")))
    await disk.flushing()
    rest = [asyncio.ensure_future(database.write(_add(f"{n:02}"))) for n in range(20)]
    await asyncio.sleep(0)
    assert await _names(database) == []
    assert not first.done()
    disk.release()
    assert await first == "first"
    assert await asyncio.gather(*rest) == [f"{n:02}" for n in range(20)]
    assert disk.commits == 2
    assert len(await _names(database)) == 21


@pytest.mark.parametrize("fault", [ValueError("a bug"), asyncio.CancelledError()], ids=repr)
async def test_a_member_that_fails_hurts_no_other(
    database: SqliteDatabase, fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = SlowDisk(database, monkeypatch)
    disk.release()
    outcomes = await _grouped(database, _add("a"), _add_and_raise("never", fault), _add("b"))
    assert disk.commits == 1
    assert (outcomes[0], outcomes[2]) == ("a", "b")
    assert isinstance(outcomes[1], type(fault))
    assert await _names(database) == ["a", "b"]


async def test_a_broken_statement_hurts_no_other(database: SqliteDatabase) -> None:
    def broken(tx: Transaction) -> None:
        tx.places.add("never", "")
        execute(tx, "INSERT INTO appointments (id) VALUES (1)")

    outcomes = await _grouped(database, _add("a"), broken, _add("b"))
    assert (outcomes[0], outcomes[2]) == ("a", "b")
    assert "NOT NULL" in str(outcomes[1])
    assert await _names(database) == ["a", "b"]


async def test_a_work_that_raises_stop_iteration_is_answered(database: SqliteDatabase) -> None:
    outcomes = await _grouped(database, _add_and_raise("never", StopIteration()), _add("a"))
    assert isinstance(outcomes[0], RuntimeError)
    assert outcomes[1] == "a"


async def test_when_the_commit_fails_nobody_is_told_it_succeeded(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = database._flusher.submit

    def full(_: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(database._flusher, "submit", lambda _flush, statement: submit(full, statement))
    outcomes = await _grouped(database, _add("a"), _add_and_raise("b", ValueError()), _add("c"))
    monkeypatch.setattr(database._flusher, "submit", submit)
    assert [type(o) for o in outcomes] == [sqlite3.OperationalError] * 3
    assert await _names(database) == []
    assert await database.write(_add("later")) == "later"
    assert await _names(database) == ["later"]


async def test_when_sqlite_rolls_everything_back_the_whole_group_fails(database: SqliteDatabase) -> None:
    def lost(tx: Transaction) -> None:
        execute(
            tx, "INSERT OR ROLLBACK INTO places (id, name, kind, name_folded, kind_folded) SELECT 1, '', '', 'x', 'x'"
        )
        execute(
            tx, "INSERT OR ROLLBACK INTO places (id, name, kind, name_folded, kind_folded) SELECT 1, '', '', 'x', 'x'"
        )

    outcomes = await _grouped(database, _add("a"), lost, _add("b"))
    assert all(isinstance(o, Exception) for o in outcomes)
    assert await _names(database) == []
    assert await database.write(_add("later")) == "later"


async def test_who_stops_waiting_breaks_nothing(database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SlowDisk(database, monkeypatch)
    flushed = asyncio.ensure_future(database.write(_add("flushed")))
    await disk.flushing()
    gone, stays = (asyncio.ensure_future(database.write(_add(name))) for name in ("gone", "stays"))
    await asyncio.sleep(0)
    flushed.cancel()
    gone.cancel()
    disk.release()
    assert await stays == "stays"
    assert await _names(database) == ["flushed", "stays"]
    assert gone.cancelled()


async def test_a_cancelled_loop_leaves_the_file_whole(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = SqliteDatabase(_path(sqlite_url))
    disk = SlowDisk(database, monkeypatch)
    waiting = asyncio.ensure_future(database.write(_add("flushed")))
    await disk.flushing()
    assert database._committing is not None
    database._committing.cancel()
    disk.release()
    assert await waiting == "flushed"
    assert await database.write(_add("later")) == "later"
    assert await _names(database) == ["flushed", "later"]
    await database.close()


async def test_a_reader_writes_nothing(database: SqliteDatabase) -> None:
    with pytest.raises(Exception, match="readonly"):
        await database.read(_add("never"))
    assert await _names(database) == []


async def test_readers_wait_for_no_writer(database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = SlowDisk(database, monkeypatch)
    held = asyncio.ensure_future(database.write(_add("a")))
    await disk.flushing()
    assert await _names(database) == []
    disk.release()
    await held


async def test_another_process_s_lock_is_waited_for(database: SqliteDatabase, sqlite_url: str) -> None:
    other = connect(_path(sqlite_url))
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.ensure_future(database.write(_add("a")))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    assert await _names(database) == []
    other.execute("COMMIT")
    assert await waiting == "a"
    other.close()


async def test_closing_finishes_what_was_asked_for_and_takes_nothing_more(sqlite_url: str) -> None:
    database = SqliteDatabase(_path(sqlite_url))
    tasks = [asyncio.ensure_future(database.write(_add(f"{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*tasks) == ["0", "1", "2", "3", "4"]
    with pytest.raises(RuntimeError, match="closed"):
        await database.write(_add("late"))
    await database.close()
    assert database._flusher._shutdown


async def test_a_missing_table_is_reported_and_the_database_serves_on(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "rdv.db")
    for _ in range(2):
        with pytest.raises(Exception, match="no such table"):
            await database.write(_add("a"))
    await database.close()


async def test_a_file_that_cannot_be_opened_is_reported(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "nowhere" / "rdv.db")
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await database.write(_add("a"))
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        await database.read(lambda tx: tx.places.all())
    await database.close()


def test_each_commit_is_durable(tmp_path: Path) -> None:
    connection = connect(tmp_path / "rdv.db")
    found = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }
    connection.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
