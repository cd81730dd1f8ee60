"""Rows `slack_search_p50` and `slack_search_p99`: who types in an external select, until the options are there.

Over 100,000 cases and 20,000 people; what is typed are numbers, names and parts of both, with and without accents.
Compared with the same statements through the driver alone, one search after another.
"""

import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dispatcher import Dispatcher, Sender
from core.rules import Rules
from core.times import SystemClock
from handlers.booking import fields
from handlers.booking.draft import Opening
from handlers.ui import Options, OptionSearch
from storage import open_database
from storage.sqlite import connect
from tests.bench.load import run_load
from tests.bench.many import CASES, fill
from tests.bench.recording import Statements, recorded
from tests.bench.row import emit
from tests.bench.slack_requests import TEAM, suggestion
from tests.bench.slack_serving import served

SEARCHES = 1_200
RUNS = 3
FIELDS = (fields.CASE, fields.CASE, fields.MAIN, fields.PARTIES)
"""Half of what is searched are cases."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Something typed in a field."""

    field: str
    text: str


def main() -> None:
    """Print the rows."""
    asyncio.run(_rows())


async def _rows() -> None:
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        path = Path(folder) / "many.db"
        searches = _searches(fill(path))
        statements = await _recorded(path, searches)
        context = Opening().encode()
        requests = [suggestion(f"{s.field}~0", s.text, context, "U1") for s in searches]
        ours, bare = [], []
        for _ in range(RUNS):
            async with served("ours", path) as port:
                await run_load(port, requests[:100], 1)
                load = await run_load(port, requests, 1)
            if set(load.statuses) != {200}:
                raise RuntimeError(f"not every search was answered with 200: {sorted(set(load.statuses))}")
            ours.append(load.latencies)
            bare.append(_raw(path, statements))
    for name, share in (("p50", 50), ("p99", 99)):
        value, baseline = (
            statistics.median(statistics.quantiles(found, n=100)[share - 1] for found in runs) * 1_000
            for runs in (ours, bare)
        )
        emit(f"slack_search_{name}", value, "ms", "the same statements, raw sqlite3, no HTTP", baseline)


def _searches(names: Sequence[str]) -> list[Typed]:
    """Return what is typed: a number or its beginning, a name, its beginning or a part of it."""
    dice = random.Random(2)  # noqa: S311 - the same searches each time
    found = []
    for n in range(SEARCHES):
        number, name = str(dice.randint(1, CASES)), dice.choice(names)
        part = dice.choice([word for word in name.split() if len(word) > 1])
        text = [number, number[:2], number[:1], name, part, part[:3], part[1:4], part[0]][n % 8]
        found.append(Typed(FIELDS[n // 8 % len(FIELDS)], text))
    return found


async def _recorded(path: Path, searches: Sequence[Typed]) -> list[Statements]:
    """Return what each search sends to the database, its look for the person included."""
    db = open_database(f"sqlite:///{path}")
    dispatcher = Dispatcher(db, SystemClock(), Rules(), locale="fr", zone="Europe/Brussels", contact="")
    found, options = [], 0
    for typed in searches:
        with recorded() as sent:
            who = await dispatcher.find(Sender("slack", TEAM, "U1"))
            if who is None:
                raise RuntimeError("nobody types")
            event = OptionSearch(fields.FORM, typed.field, typed.text, Opening().encode())
            outcome = await dispatcher.handle(who, event)
            options += len(outcome.groups) if isinstance(outcome, Options) else 0
        found.append(sent)
    await db.close()
    if options < len(searches) / 2:
        raise RuntimeError("too little is found")
    return found


def _raw(path: Path, searches: Sequence[Statements]) -> tuple[float, ...]:
    """Return the seconds that the statements of each search take through the driver alone."""
    connection: sqlite3.Connection = connect(path)
    taken = []
    for statements in searches:
        begin = time.perf_counter()
        connection.execute("BEGIN")
        for sql, parameters, _ in statements:
            connection.execute(sql, parameters).fetchall()
        connection.execute("ROLLBACK")
        taken.append(time.perf_counter() - begin)
    connection.close()
    return tuple(taken)


if __name__ == "__main__":
    main()
