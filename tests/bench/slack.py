"""Rows `slack_command_ack` and `slack_click_…`: the signed road from a click to its 200.

`slack_click_answer` compares with the same statements through the same engine, a commit each; `slack_click_grouped`
with the same statements committed in groups as the product commits them, and `slack_click_raw` with the driver alone.
"""

import asyncio
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.dispatcher import Dispatcher, Sender
from core.booking import book
from core.people import Worker
from core.ports import Transaction
from core.rules import Rules
from core.times import Interval, SystemClock
from handlers import actions
from handlers.ui import ActionClick, ActionRef
from storage import migrate, open_database
from storage.sqlite import connect
from tests.bench.load import Load, run_load
from tests.bench.row import emit
from tests.bench.slack_requests import TEAM, click, command
from tests.bench.slack_serving import served
from tests.builders import make_range, make_worker, store_guide

CLIENTS = 16
COMMANDS = 4_000
CLICKS = 3_000
INVITEES = 50
RUNS = 3
RULES = Rules(region="")  # bookings on any day: none is a public holiday


@dataclass(frozen=True, slots=True)
class Click:
    """Who accepts what."""

    user: str
    ref: ActionRef


Executed = list[tuple[Any, Any, bool]]
"""What one click executed: (statement, parameters, whether in a write)."""


def main() -> None:
    """Print the rows."""
    asyncio.run(_rows())


async def _rows() -> None:
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        start = Path(folder) / "start.db"
        migrate(f"sqlite:///{start}")
        db = open_database(f"sqlite:///{start}")
        clicks = await db.write(_prepare)
        await db.close()
        await _commands(start)
        await _clicks(start, clicks)


# --- /rdv aide


async def _commands(start: Path) -> None:
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    for _ in range(RUNS):
        for which, found in rates.items():
            async with served(which, _copy(start)) as port:
                requests = [command("aide", "U1", f"t.{n}") for n in range(COMMANDS)]
                await run_load(port, requests[:200], CLIENTS)
                found.append(_rate(await run_load(port, requests[200:], CLIENTS)))
    ours, bare = statistics.median(rates["ours"]), statistics.median(rates["bare"])
    emit("slack_command_ack", ours, "requests/s", "bare AsyncApp echo, same server", bare)


# --- Accept


async def _clicks(start: Path, clicks: Sequence[Click]) -> None:
    executed = await _recorded(_copy(start), clicks)
    http, engine, grouped, raw = [], [], [], []
    for _ in range(RUNS):
        path = _copy(start)
        async with served("ours", path) as port:
            requests = [click(c.ref.encode(), c.user, f"t.{n}") for n, c in enumerate(clicks)]
            await run_load(port, [command("aide", "U1", f"w.{n}") for n in range(200)], CLIENTS)
            http.append(_rate(await run_load(port, requests, CLIENTS)))
        _all_accepted(path, len(clicks))
        engine.append(_engine(_copy(start), executed))
        grouped.append(await _grouped(_copy(start), executed))
        raw.append(_raw(_copy(start), executed))
    value, one_by_one, in_groups, plain = (statistics.median(rates) for rates in (http, engine, grouped, raw))
    emit(
        "slack_click_answer", value, "clicks/s", "the same statements, same engine, a commit each, no HTTP", one_by_one
    )
    emit("slack_click_grouped", value, "clicks/s", "the same statements, same engine, group commit, no HTTP", in_groups)
    emit("slack_click_raw", value, "clicks/s", "the same statements, raw sqlite3, a commit each", plain)


async def _recorded(path: Path, clicks: Sequence[Click]) -> list[Executed]:
    """Return what each click executes, written down while it is handled without HTTP."""
    db = open_database(f"sqlite:///{path}")
    dispatcher = Dispatcher(db, SystemClock(), RULES, locale="fr", zone="Europe/Brussels", contact="")
    found: list[Executed] = []
    current: Executed = []

    def note(connection: sa.Connection, statement: Any, many: Any, one: Any, _options: Any) -> None:
        reads = connection.connection.driver_connection.execute("PRAGMA query_only").fetchone()[0]  # type: ignore[union-attr]
        current.append((statement, list(many) if many else dict(one), not reads))

    sa.event.listen(sa.Engine, "before_execute", note)
    try:
        for n, wanted in enumerate(clicks):
            current = []
            who = await dispatcher.find(Sender("slack", TEAM, wanted.user))
            if who is None:
                raise RuntimeError("nobody clicks")
            await dispatcher.handle(who, ActionClick(wanted.ref), delivery_key=f"slack:t.{n}")
            found.append(current)
    finally:
        sa.event.remove(sa.Engine, "before_execute", note)
        await db.close()
    return found


def _engine(path: Path, clicks: Sequence[Executed]) -> float:
    """Return the rate of the same statements through a SQLAlchemy engine on a held connection, a commit each."""
    driver = connect(path)
    engine = sa.create_engine("sqlite+pysqlite://", creator=lambda: driver, poolclass=sa.pool.StaticPool)
    with engine.connect() as connection:
        begin = time.perf_counter()
        for executed in clicks:
            driver.execute("BEGIN IMMEDIATE")
            for statement, parameters, _ in executed:
                result = connection.execute(statement, parameters)
                if result.returns_rows:
                    result.all()
            driver.execute("COMMIT")
        seconds = time.perf_counter() - begin
    driver.close()
    return len(clicks) / seconds


async def _grouped(path: Path, clicks: Sequence[Executed]) -> float:
    """Return the rate of the same statements through the same database, as many clients at a time."""
    db = open_database(f"sqlite:///{path}")
    pending = iter(clicks)

    async def client() -> None:
        for executed in pending:
            await db.read(lambda tx, e=executed: _execute(tx, e, writes=False))
            await db.write(lambda tx, e=executed: _execute(tx, e, writes=True))

    begin = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CLIENTS):
            group.create_task(client())
    seconds = time.perf_counter() - begin
    await db.close()
    return len(clicks) / seconds


def _execute(tx: Any, executed: Executed, *, writes: bool) -> None:
    for statement, parameters, write in executed:
        if write is writes:
            result = tx.connection.execute(statement, parameters)
            if result.returns_rows:
                result.all()


def _raw(path: Path, clicks: Sequence[Executed]) -> float:
    """Return the rate of the same statements through the driver alone, one commit a click."""
    compiled = [[_driver_form(*part) for part in executed] for executed in clicks]
    connection = connect(path)
    begin = time.perf_counter()
    for statements in compiled:
        connection.execute("BEGIN IMMEDIATE")
        for sql, rows, many in statements:
            if many:
                connection.executemany(sql, rows)
            else:
                connection.execute(sql, rows).fetchall()
        connection.execute("COMMIT")
    seconds = time.perf_counter() - begin
    connection.close()
    return len(clicks) / seconds


_DIALECT = sa.create_engine("sqlite+pysqlite://", creator=lambda: sqlite3.connect(":memory:")).dialect


def _driver_form(statement: Any, parameters: Any, _write: bool) -> tuple[str, Any, bool]:
    many = isinstance(parameters, list)
    first = parameters[0] if many else parameters
    compiled = statement.compile(dialect=_DIALECT, column_keys=list(first), compile_kwargs={"render_postcompile": True})
    processors = compiled._bind_processors

    def row(values: dict[str, Any]) -> tuple[Any, ...]:
        filled = compiled.construct_params(values)
        names = compiled.positiontup or ()
        return tuple(processors[name](filled[name]) if name in processors else filled[name] for name in names)

    return str(compiled), [row(values) for values in parameters] if many else row(parameters), many


# --- what they start from


def _prepare(tx: Transaction) -> list[Click]:
    """Store people, accounts and appointments with one invitee each, and return everybody's acceptance."""
    guide = store_guide(tx)
    tx.accounts.link(guide.agathe.id, "slack", TEAM, "U1", current=True, email=guide.agathe.email)
    tx.accounts.link(guide.seforme.id, "slack", TEAM, "U2", current=True, email=guide.seforme.email)
    invitees = [tx.people.save_worker(make_worker(f"invitee{n}")) for n in range(INVITEES)]
    for worker in invitees:
        tx.accounts.link(worker.id, "slack", TEAM, _user(worker), current=True, email=worker.email)
    tx.agendas.replace_ranges(guide.seforme.id, [make_range(guide.seforme.id, lasts=timedelta(hours=14))])
    now = datetime.now(UTC)
    first = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    found = []
    mains = [tx.people.save_worker(make_worker(f"main{n}")) for n in range(CLICKS // 60 + 1)]
    for n in range(CLICKS):
        main = mains[n // 60]
        start = first + timedelta(days=n % 60)
        worker = invitees[n % INVITEES]
        request = guide.request(
            main_worker_id=main.id,
            during=Interval.lasting(start + timedelta(minutes=15 * (n // 60)), timedelta(minutes=15)),
            parties=(guide.gisele.ref, worker.ref),
        )
        appointment = book(tx, main, request, now, RULES)
        own = appointment.invitation_of(worker.id)
        ref = actions.ref("accept", appointment.id, appointment.revision, own.sequence if own else 0)
        found.append(Click(_user(worker), ref))
    return found


def _user(worker: Worker) -> str:
    return f"U{1000 + worker.id}"


def _rate(load: Load) -> float:
    if set(load.statuses) != {200}:
        raise RuntimeError(f"not every request was answered with 200: {sorted(set(load.statuses))}")
    return load.rate


def _all_accepted(path: Path, clicks: int) -> None:
    connection = connect(path)
    accepted = connection.execute("SELECT count(*) FROM invitations WHERE answer = 'accepted'").fetchone()[0]
    connection.close()
    if accepted != clicks:
        raise RuntimeError(f"{accepted} of {clicks} answers were committed")


def _copy(start: Path) -> Path:
    path = start.with_name(f"run-{time.monotonic_ns()}.db")
    shutil.copy(start, path)
    return path
