"""A search by time stays as quick however many rows lie outside its window."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import storage
from core.availability import Absence, AbsenceKind, ExternalEvent, Limits, Shown
from core.ports import Transaction
from core.times import Interval
from storage.transaction import SqlTransaction
from tests.builders import TUESDAY_AT_TEN, ZONE, Guide, between, store_guide
from tests.clock import START
from tests.storage.test_plans import Plans

ALWAYS = Interval(START - timedelta(days=3650), START + timedelta(days=3650))
WEEK = between("2026-01-26 00:00", "2026-02-01 00:00")
DAY = timedelta(days=1)
FEW, MANY = 20, 400

Search = Callable[[Transaction, Guide], list[object]]
SEARCHES: dict[str, Search] = {
    "busy": lambda tx, guide: [*tx.agendas.busy([w.id for w in guide.workers], WEEK, START)],
    "spans": lambda tx, guide: [*tx.agendas.spans([w.id for w in guide.workers], WEEK, START)],
    "event_spans": lambda tx, guide: [*tx.agendas.event_spans([w.id for w in guide.workers], WEEK)],
    "external_events": lambda tx, guide: [*tx.agendas.external_events(guide.seforme.id, WEEK)],
    "of_main_worker": lambda tx, guide: [*tx.appointments.of_main_worker(guide.seforme.id, WEEK, START)],
    "figures": lambda tx, guide: [*tx.appointments.figures([w.id for w in guide.workers], WEEK, START)],
}


@pytest.fixture
def plans(sqlite_url: str) -> Iterator[Plans]:
    opened = Plans(Path(sqlite_url.removeprefix("sqlite:///")))
    opened.driver.execute("BEGIN")  # one flush for all rows, or none
    yield opened
    opened.driver.close()


@pytest.fixture
def guide(plans: Plans) -> Guide:
    return store_guide(plans.tx)


def around(first: int, last: int) -> list[Interval]:
    """Return an hour on each of the days that lie from `first` to `last` days before the window, and after it."""
    hour = timedelta(hours=1)
    days = [*range(-last - 3, -first - 3), *range(first + 7, last + 7)]
    return [Interval.lasting(TUESDAY_AT_TEN.start + day * DAY, hour) for day in days]


def fill(tx: Transaction, guide: Guide, days: list[Interval]) -> None:
    """Add appointments and events."""
    for during in days:
        tx.appointments.add(guide.appointment(during=during))
    known = tx.agendas.external_events(guide.seforme.id, ALWAYS)
    events = [ExternalEvent(guide.seforme.id, "", "", during) for during in days]
    tx.agendas.replace_external_events(guide.seforme.id, [*known, *events])


def steps(plans: Plans, search: Callable[[SqlTransaction], object]) -> int:
    """Return how many instructions SQLite executes for it."""
    counted: list[None] = []
    plans.driver.set_progress_handler(lambda: counted.append(None), 1)
    search(plans.tx)
    plans.driver.set_progress_handler(None, 1)
    return len(counted)


@pytest.mark.parametrize("name", SEARCHES)
def test_rows_outside_the_window_cost_nothing(plans: Plans, guide: Guide, name: str) -> None:
    def search(tx: Transaction) -> list[object]:
        return SEARCHES[name](tx, guide)

    leave = ExternalEvent(guide.seforme.id, "leave", "", between("2025-06-01 00:00", "2026-06-01 00:00"))
    plans.tx.agendas.replace_external_events(guide.seforme.id, [leave])
    fill(plans.tx, guide, [TUESDAY_AT_TEN, *around(0, FEW)])
    found, few = search(plans.tx), steps(plans, search)
    assert 0 < len(found) < few
    fill(plans.tx, guide, around(FEW, MANY))
    assert search(plans.tx) == found
    assert steps(plans, search) == few


def test_what_is_asked_of_agendas_goes_through_an_index(plans: Plans, guide: Guide) -> None:
    ids = [w.id for w in guide.workers]

    def work(tx: SqlTransaction) -> None:
        agendas = tx.agendas
        [found, *_] = agendas.edit_ranges(guide.seforme.id)
        agendas.ranges_of(ids)
        agendas.save_range(found)
        agendas.delete_range(guide.seforme.id, found.id)
        absence = agendas.save_absence(Absence(0, guide.seforme.id, AbsenceKind.LEAVE, WEEK, ZONE))
        agendas.save_absence(absence)
        agendas.absences(ids, WEEK)
        agendas.delete_absence(guide.seforme.id, absence.id)
        agendas.save_limits(guide.seforme.id, Limits())
        agendas.limits(ids)
        agendas.save_shown(guide.agathe.id, guide.seforme.id, Shown())
        agendas.shown(guide.agathe.id, ids)
        agendas.hold(guide.seforme.id, guide.agathe.id, TUESDAY_AT_TEN, START, START + DAY)
        agendas.spans(ids, WEEK, START)
        agendas.event_spans(ids, WEEK)
        agendas.release(guide.agathe.id)
        agendas.external_events(guide.seforme.id, WEEK)
        appointment = tx.appointments.add(guide.appointment())
        tx.appointments.find_all([appointment.id, 404])
        tx.appointments.of_main_worker(guide.seforme.id, WEEK, START)
        tx.appointments.figures(ids, WEEK, START)
        tx.openings.find(1)

    assert plans.scanned(work) == set()


@pytest.mark.postgres
async def test_postgresql_finds_the_same_indexes(postgres_url: str) -> None:
    def look(tx: Transaction) -> str:
        connection: sa.Connection = tx.connection  # type: ignore[attr-defined]
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        asked: list[tuple[str, object]] = []

        def listen(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
            asked.append((statement, parameters))

        sa.event.listen(connection, "before_cursor_execute", listen)
        tx.agendas.spans([1, 2], WEEK, START)
        tx.agendas.event_spans([1, 2], WEEK)
        tx.appointments.of_main_worker(1, WEEK, START)
        tx.appointments.figures([1, 2], WEEK, START)
        sa.event.remove(connection, "before_cursor_execute", listen)
        plans = [connection.exec_driver_sql(f"EXPLAIN {each}", values) for each, values in asked]  # type: ignore[arg-type]
        return "\n".join(line for plan in plans for line in plan.scalars())

    database = storage.open_database(postgres_url)
    plan = await database.read(look)
    await database.close()
    assert "Seq Scan" not in plan
    for index in (
        "ix_claims_time",
        "ix_invitations_worker_id_starts_at",
        "ix_external_events_worker_id_starts_at_ends_at_tentative",
        "ix_external_events_long",
        "ix_appointments_main_worker_id_starts_at",
    ):
        assert f"using {index} " in plan, plan
