"""What only PostgreSQL has: row locks, lost races that raise, connections that break."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

import storage
from core.availability import Absence, AbsenceKind, Limits
from core.ports import Agendas, Database, Transaction
from tests.builders import TUESDAY_AT_TEN, Guide, make_range
from tests.clock import START
from tests.storage.conftest import execute, plain

pytestmark = pytest.mark.postgres


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = storage.open_database(postgres_url)
    yield opened
    await opened.close()


@pytest.fixture
def other(postgres_url: str) -> Iterator[psycopg.Connection]:
    """Another client of the same database, in a transaction of its own."""
    with psycopg.connect(postgres_url) as connection:
        yield connection
        connection.rollback()


async def _waits(task: "asyncio.Future[Any]", other: psycopg.Connection) -> bool:
    """Return True once PostgreSQL says that somebody waits for a lock, False if the task ends before."""
    while not task.done():
        row = other.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
        if row is not None and row[0]:
            return True
        await asyncio.sleep(0.01)
    return False


EDITS: dict[str, Callable[[Agendas, int], object]] = {
    "edit_ranges": lambda agendas, worker: agendas.edit_ranges(worker),
    "replace_ranges": lambda agendas, worker: agendas.replace_ranges(worker, []),
    "replace_external_events": lambda agendas, worker: agendas.replace_external_events(worker, []),
    "save_absence": lambda agendas, worker: agendas.save_absence(
        Absence(0, worker, AbsenceKind.LEAVE, TUESDAY_AT_TEN, "UTC")
    ),
    "save_limits": lambda agendas, worker: agendas.save_limits(worker, Limits(daily=1)),
}


@pytest.mark.parametrize("name", EDITS)
async def test_who_books_keeps_the_agenda_from_being_edited(
    database: Database, guide: Guide, other: psycopg.Connection, postgres_url: str, name: str
) -> None:
    other.execute("SELECT id FROM workers WHERE id = %s FOR SHARE", [guide.seforme.id])
    assert len(await database.write(lambda tx: tx.agendas.lock_ranges(guide.seforme.id))) == 1
    edit = asyncio.ensure_future(database.write(lambda tx: EDITS[name](tx.agendas, guide.seforme.id)))
    with psycopg.connect(postgres_url, autocommit=True) as watching:
        assert await _waits(edit, watching)
    other.commit()
    await edit


async def test_who_edits_the_ranges_keeps_bookings_waiting_for_the_new_ones(
    database: Database, guide: Guide, postgres_url: str
) -> None:
    entered, opened = threading.Event(), threading.Event()

    def edit() -> None:
        async def run() -> None:
            editing = storage.open_database(postgres_url)

            def work(tx: Transaction) -> None:
                tx.agendas.replace_ranges(guide.seforme.id, [make_range(guide.seforme)] * 2)
                entered.set()
                assert opened.wait(60)

            await editing.write(work)
            await editing.close()

        asyncio.run(run())

    editor = asyncio.ensure_future(asyncio.to_thread(edit))
    assert await asyncio.to_thread(entered.wait, 60)
    booking = asyncio.ensure_future(database.write(lambda tx: tx.agendas.lock_ranges(guide.seforme.id)))
    with psycopg.connect(postgres_url, autocommit=True) as watching:
        assert await _waits(booking, watching)
    opened.set()
    assert len(await booking) == 2
    await editor


async def test_editing_ranges_stops_nobody_from_booking_elsewhere(
    database: Database, guide: Guide, other: psycopg.Connection
) -> None:
    other.execute("SELECT id FROM workers WHERE id = %s FOR NO KEY UPDATE", [guide.seforme.id])
    appointment = await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    assert appointment.main_worker_id == guide.seforme.id


@pytest.mark.parametrize("state", ["40001", "40P01", "23505"])
async def test_a_lost_race_is_run_again(database: Database, state: str) -> None:
    runs: list[str] = []

    def work(tx: Transaction) -> str:
        runs.append(state)
        tx.places.add("Namur", "")
        if len(runs) < 3:
            execute(tx, f"DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '{state}'; END $$")
        return "done"

    assert await database.write(work) == "done"
    assert len(runs) == 3
    assert len(await database.read(lambda tx: tx.places.all())) == 1


async def test_any_other_fault_is_not(database: Database) -> None:
    runs: list[int] = []

    def work(tx: Transaction) -> None:
        runs.append(1)
        execute(tx, "SELECT 1 / 0")

    with pytest.raises(DBAPIError, match="division by zero"):
        await database.write(work)
    assert runs == [1]


async def test_a_deadlock_is_run_again(database: Database, guide: Guide) -> None:
    """Two edit the same two workers' ranges in opposite order, each waiting for the other's first."""
    meet = threading.Barrier(2)
    runs: list[str] = []

    def edit(first: int, second: int, url: str) -> None:
        async def run() -> None:
            editing = storage.open_database(url)

            def work(tx: Transaction) -> None:
                runs.append("run")
                tx.agendas.replace_ranges(first, [])
                if len(runs) <= 2:
                    meet.wait(60)
                tx.agendas.replace_ranges(second, [])

            await editing.write(work)
            await editing.close()

        asyncio.run(run())

    a, b = guide.agathe.id, guide.seforme.id
    url = database._engine.url.render_as_string(hide_password=False)  # type: ignore[attr-defined]
    await asyncio.gather(asyncio.to_thread(edit, a, b, url), asyncio.to_thread(edit, b, a, url))
    assert len(runs) >= 3
    assert await database.read(lambda tx: tx.agendas.ranges(a) + tx.agendas.ranges(b)) == []


async def test_connections_that_broke_are_replaced(database: Database, postgres_url: str) -> None:
    await asyncio.gather(*(database.read(lambda tx: tx.places.all()) for _ in range(5)))
    plain(postgres_url)("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rdv'")
    await database.write(lambda tx: tx.places.add("Namur", ""))
    assert len(await database.read(lambda tx: tx.places.all())) == 1


async def test_a_reader_writes_nothing(database: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        await database.read(lambda tx: tx.places.add("Namur", ""))
    assert await database.read(lambda tx: tx.places.all()) == []


async def test_who_stops_waiting_leaves_nothing_behind(
    database: Database, guide: Guide, other: psycopg.Connection, postgres_url: str
) -> None:
    other.execute("SELECT id FROM workers WHERE id = %s FOR UPDATE", [guide.agathe.id])

    def work(tx: Transaction) -> None:
        tx.places.add("Namur", "")
        tx.agendas.replace_ranges(guide.agathe.id, [])

    waiting = asyncio.ensure_future(database.write(work))
    with psycopg.connect(postgres_url, autocommit=True) as watching:
        assert await _waits(waiting, watching)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    other.commit()
    assert [p.name for p in await database.read(lambda tx: tx.places.all())] == [guide.gembloux.name]


async def test_an_answer_to_what_changed_meanwhile_is_looked_at_again(
    database: Database, guide: Guide, postgres_url: str
) -> None:
    """Between reading and answering, another transaction changes the appointment."""
    stored = await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    runs: list[int] = []

    def work(tx: Transaction) -> int:
        seen = tx.appointments.find(stored.id)
        assert seen is not None
        runs.append(seen.revision)
        if len(runs) == 1:
            plain(postgres_url)("UPDATE appointments SET revision = revision + 1, version = version + 1")
        own = seen.invitation_of(guide.ecoute.id)
        assert own is not None
        return tx.appointments.answer(seen, type(own)(own.worker_id, sequence=own.sequence + 1), START).revision

    assert await database.write(work) == 2
    assert runs == [1, 2]
