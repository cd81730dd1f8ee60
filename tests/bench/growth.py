"""Rows `growth_agenda` and `growth_free_slots`: the same questions with a hundred times as many appointments.

An agenda of five people over a week, with everything that the picture shows; the slots that five people have in common
in two weeks. Everybody has as much to do in both databases, and what one person has is scattered over the tables.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from core.agenda import agendas_of
from core.people import PartyKind, PartyRef, Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.slots import free_slots
from core.times import Interval
from storage import open_database
from tests.bench.crowd import WEEKS, fill, week
from tests.bench.row import emit
from tests.clock import START

PEOPLE = 5
QUESTIONS = 300
SIZES = (10_000, 1_000_000)
RULES = Rules(region="")
QUARTER = timedelta(minutes=15)

_Question = Callable[[Transaction, Sequence[Worker], int], int]
_Opened = list[tuple[Database, Sequence[Worker]]]


def main() -> None:
    """Print the rows."""
    asyncio.run(_growth())


async def _growth() -> None:
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        opened: _Opened = []
        for size in SIZES:
            path = Path(folder) / f"{size}.db"
            _, ids = await fill(path, size)
            db = open_database(f"sqlite:///{path}")
            opened.append((db, await db.read(partial(_workers, ids=ids))))
        await _measure("growth_agenda", opened, _entries_shown)
        await _measure("growth_free_slots", opened, _slots_offered)
        for db, _ in opened:
            await db.close()


async def _measure(name: str, opened: _Opened, question: _Question) -> None:
    chance = random.Random(1285)  # noqa: S311 - the same in every run
    found: list[list[float]] = [[] for _ in opened]
    for _ in range(QUESTIONS):
        for times, (db, workers) in zip(found, opened, strict=True):
            asked, number = chance.sample(workers, PEOPLE), chance.randrange(WEEKS - 1)
            begin = time.perf_counter()
            answer = await db.read(partial(question, asked=asked, number=number))
            times.append(time.perf_counter() - begin)
            if not answer:
                raise AssertionError(f"{name}: there is nothing to measure")
    few, many = (statistics.median(times) * 1000 for times in found)
    emit(name, many, "ms", f"the same with {SIZES[0]:,} appointments", few)


def _entries_shown(tx: Transaction, asked: Sequence[Worker], number: int) -> int:
    shown = tx.agendas.shown(asked[0].id, [w.id for w in asked])
    agendas = agendas_of(tx, asked[0], asked, week(number), START, RULES, shown)
    return sum(len(a.entries) for a in agendas)


def _slots_offered(tx: Transaction, asked: Sequence[Worker], number: int) -> int:
    main, *invited = (w.id for w in asked)
    fortnight = Interval(week(number).start, week(number + 1).end)
    return len(free_slots(tx, main, fortnight, QUARTER, START, RULES, invitees=invited, everyone=True))


def _workers(tx: Transaction, ids: Sequence[int]) -> list[Worker]:
    people = tx.people.find(PartyRef(PartyKind.WORKER, i) for i in ids)
    return [w for w in people.values() if isinstance(w, Worker)]
