"""Rows `free_slots_db_sqlite` and `free_slots_db_postgres`: common slots with a million busy rows in the table.

Eight people of more than two thousand, twelve weeks; each one's rows are scattered over the table. The baseline only
fetches the eight people's rows, with the bare driver. What is remembered of rules and zones stays, as it would.
"""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from core.ports import Database, Transaction
from core.ranges import occurrences
from core.rules import Rules
from core.slots import free_slots
from core.times import at_second
from storage import migrate, open_database
from tests.bench.row import emit
from tests.bench.server import postgres_server
from tests.bench.weeks import (
    A_WEEK,
    END,
    LASTS,
    LASTS_SECONDS,
    NOW,
    PEOPLE,
    START,
    WEEKS,
    WINDOW,
    bare_sweep,
    busy_in,
    busy_of,
    facts_about,
    ranges_of,
)
from tests.builders import make_worker

ROWS = 1_000_000
EVERYBODY = ROWS // (WEEKS * A_WEEK) + 1
RUNS = 40
RULES = Rules(region="")
COLUMNS = ("worker_id", "uid", "recurrence_id", "starts_at", "ends_at", "title", "tentative")
LOADED = f"external_events ({', '.join(COLUMNS)})"
FETCH = """SELECT worker_id, starts_at, ends_at FROM external_events
           WHERE worker_id IN ({marks}) AND ends_at > {mark} AND starts_at < {mark}"""
MICROSECOND = 1_000_000


def main() -> None:
    """Print the rows."""
    asyncio.run(_sqlite())
    with postgres_server() as server:
        url = server.fresh_database()
        asyncio.run(_postgres(url))


async def _sqlite() -> None:
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        path = Path(folder) / "rdv.db"
        migrate(f"sqlite:///{path}")
        db = open_database(f"sqlite:///{path}")
        ids = await db.write(_people)
        with closing(sqlite3.connect(path)) as driver:
            marks = ", ".join("?" * len(COLUMNS))
            rows = ((w, u, "", s * MICROSECOND, e * MICROSECOND, "", 0) for w, u, s, e in _rows(ids))
            driver.executemany(f"INSERT INTO {LOADED} VALUES ({marks})", rows)  # noqa: S608 - names of our own
            driver.execute("ANALYZE")
            driver.commit()
            fetch = FETCH.format(marks=", ".join("?" * PEOPLE), mark="?")
            values = [*_asked(ids), START * MICROSECOND, (END + LASTS_SECONDS) * MICROSECOND]
            await _measure("sqlite", db, ids, lambda: driver.execute(fetch, values).fetchall())
        await db.close()


async def _postgres(url: str) -> None:
    db = open_database(url)
    ids = await db.write(_people)
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as driver:
        with driver.cursor().copy(f"COPY {LOADED} FROM STDIN") as copy:
            for w, u, s, e in _rows(ids):
                copy.write_row((w, u, "", at_second(s), at_second(e), "", False))
        driver.execute("VACUUM ANALYZE external_events")
        fetch = FETCH.format(marks=", ".join(["%s"] * PEOPLE), mark="%s").encode()
        values = [*_asked(ids), WINDOW.start, WINDOW.end + LASTS]
        await _measure("postgres", db, ids, lambda: driver.execute(fetch, values).fetchall())
    await db.close()


def _people(tx: Transaction) -> list[int]:
    ids = [tx.people.save_worker(make_worker(f"worker{n}")).id for n in range(EVERYBODY)]
    for person, worker_id in enumerate(_asked(ids), start=1):
        tx.agendas.replace_ranges(worker_id, ranges_of(person))
    return ids


def _asked(ids: Sequence[int]) -> list[int]:
    """Return eight people far from each other."""
    return list(ids[:: len(ids) // PEOPLE][:PEOPLE])


def _rows(ids: Sequence[int]) -> Iterator[tuple[int, str, int, int]]:
    """Yield (worker, uid, start, end), a row of each person in turn."""
    known = {worker_id: person for person, worker_id in enumerate(_asked(ids), start=1)}
    each = {worker_id: busy_of(known.get(worker_id, 1000 + worker_id)) for worker_id in ids}
    for number in range(WEEKS * A_WEEK):
        for worker_id, busy in each.items():
            yield worker_id, str(number), *busy[number]


async def _measure(name: str, db: Database, ids: Sequence[int], fetch: Callable[[], list[Any]]) -> None:
    people = [facts_about(person) for person in range(1, PEOPLE + 1)]
    expected = bare_sweep(people, lambda r: occurrences(r, START, END + LASTS_SECONDS))
    if not expected or [s.during.start for s in await db.read(partial(_slots, ids=_asked(ids)))] != [
        at_second(s) for s in expected
    ]:
        raise AssertionError("other slots than those in memory")
    if len(fetch()) != sum(len(list(busy_in(p))) for p in people):
        raise AssertionError("other rows than those in memory")
    ours, bare = [], []
    for _ in range(RUNS):
        begin = time.perf_counter()
        await db.read(partial(_slots, ids=_asked(ids)))
        middle = time.perf_counter()
        fetch()
        bare.append((time.perf_counter() - middle) * 1000)
        ours.append((middle - begin) * 1000)
    what = "the bare driver fetching the same rows"
    emit(f"free_slots_db_{name}", statistics.median(ours), "ms", what, statistics.median(bare))


def _slots(tx: Transaction, ids: Sequence[int]) -> list[Any]:
    return free_slots(tx, ids[0], WINDOW, LASTS, NOW, RULES, invitees=ids[1:], everyone=True)
