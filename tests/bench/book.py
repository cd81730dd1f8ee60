"""Row `book`: bookings a second on PostgreSQL, against the same statements sent raw with psycopg."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from core.booking import BookingRequest, book
from core.people import Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.times import Interval
from storage import open_database
from tests.bench.recording import Statements, recorded
from tests.bench.row import emit
from tests.bench.server import postgres_server
from tests.builders import make_range, make_worker, store_guide
from tests.clock import START
from tests.postgres import PostgresServer

CLIENTS = 4
RUNS = 5
WORKERS = 10
BOOKINGS = 400
NOW = START.astimezone(UTC)
RULES = Rules()


def main() -> None:
    """Print the row."""
    with postgres_server() as server:
        ours, raw = asyncio.run(_measure(server))
    emit("book", ours, "bookings/s", "the same statements, raw psycopg", raw)


async def _measure(server: PostgresServer) -> tuple[float, float]:
    statements = await _recorded(server)
    ours, raw = [], []
    for _ in range(RUNS):
        ours.append(await _ours(server))
        raw.append(await _raw(server, statements))
    return statistics.median(ours), statistics.median(raw)


async def _ours(server: PostgresServer) -> float:
    url = server.fresh_database()
    db = open_database(url)
    actor, requests = await db.write(_prepare)
    await _book_all(db, actor, requests[:CLIENTS])
    pending = iter(requests[CLIENTS:])
    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(_book_all(db, actor, pending))
    seconds = time.perf_counter() - begin
    await db.close()
    server.drop(url)
    return (len(requests) - CLIENTS) / seconds


async def _book_all(db: Database, actor: Worker, requests: Any) -> None:
    for request in requests:
        await db.write(lambda tx, wanted=request: book(tx, actor, wanted, NOW, RULES))


async def _recorded(server: PostgresServer) -> list[tuple[int, Statements]]:
    """Return each booking's id and statements."""
    url = server.fresh_database()
    db = open_database(url)
    actor, requests = await db.write(_prepare)
    found = []
    for request in requests:
        with recorded() as statements:
            appointment = await db.write(lambda tx, wanted=request: book(tx, actor, wanted, NOW, RULES))
        found.append((appointment.id, statements))
    await db.close()
    server.drop(url)
    return found


async def _raw(server: PostgresServer, bookings: list[tuple[int, Statements]]) -> float:
    url = server.fresh_database()
    db = open_database(url)
    await db.write(_prepare)
    await db.close()
    dsn = url.replace("postgresql+psycopg://", "postgresql://")
    connections = [await psycopg.AsyncConnection.connect(dsn, options="-c timezone=UTC") for _ in range(CLIENTS)]
    for connection, booking in zip(connections, bookings[:CLIENTS], strict=True):
        await _send(connection, *booking)
    pending = iter(bookings[CLIENTS:])
    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for connection in connections:
            group.create_task(_send_all(connection, pending))
    seconds = time.perf_counter() - begin
    for connection in connections:
        await connection.close()
    server.drop(url)
    return (len(bookings) - CLIENTS) / seconds


async def _send_all(connection: psycopg.AsyncConnection[Any], bookings: Iterator[tuple[int, Statements]]) -> None:
    for recorded_id, statements in bookings:
        await _send(connection, recorded_id, statements)


async def _send(connection: psycopg.AsyncConnection[Any], recorded_id: int, statements: Statements) -> None:
    """Send one booking's statements; the id that the database gives now takes the place of the recorded one."""
    given = recorded_id
    async with connection.cursor() as cursor:
        for sql, parameters, many in statements:
            if many:
                await cursor.executemany(sql, [_with_id(row, recorded_id, given) for row in parameters])
                continue
            await cursor.execute(sql, _with_id(parameters, recorded_id, given))
            if sql.startswith("INSERT INTO appointments "):
                given = (await cursor.fetchone() or (0,))[0]
            elif cursor.description:
                await cursor.fetchall()
        await connection.commit()


def _with_id(parameters: Any, recorded_id: int, given: int) -> Any:
    if recorded_id == given or not isinstance(parameters, dict):
        return parameters
    return {k: given if k.startswith("appointment") and v == recorded_id else v for k, v in parameters.items()}


def _prepare(tx: Transaction) -> tuple[Worker, list[BookingRequest]]:
    """Store the people, and return who books and the bookings: all different, all possible."""
    guide = store_guide(tx)
    first = datetime(2026, 1, 26, 8, tzinfo=UTC)
    workers = [tx.people.save_worker(make_worker(f"worker{n}")) for n in range(WORKERS)]
    for worker in workers:
        tx.agendas.replace_ranges(worker.id, [make_range(worker, place_id=guide.gembloux.id)])
    requests = []
    for n in range(BOOKINGS):
        day, slot = divmod(n // WORKERS, 4)
        start = first + timedelta(weeks=day // 5, days=day % 5, hours=slot)
        during = Interval.lasting(start, timedelta(minutes=45))
        main, parties = workers[n % WORKERS].id, _parties(n, guide)
        requests.append(guide.request(main_worker_id=main, during=during, parties=parties))
    return guide.agathe, requests


def _parties(n: int, guide: Any) -> tuple[Any, ...]:
    return (guide.gisele.ref, guide.aunt.ref) if n % WORKERS else (guide.gisele.ref, guide.ecoute.ref)
