"""A home is read in a few statements, however much there is in it: each may be read again at every change."""

from datetime import timedelta

from core.home import view_home
from core.people import Worker
from core.ports import Database, Transaction
from core.times import Interval
from tests.bench.recording import recorded
from tests.builders import Guide, at
from tests.clock import START

MOST = 12


async def statements(database: Database, worker: Worker) -> int:
    """Return how many statements it is read in; memory has none."""
    with recorded() as found:
        await database.read(lambda tx: view_home(tx, worker, START))
    return len(found)


async def test_a_full_home_takes_no_more_statements_than_one_with_little_in_it(
    database: Database, guide: Guide
) -> None:
    def fill(tx: Transaction) -> None:
        for n in range(40):
            for start in (at("2026-01-20 10:00"), at("2026-01-21 10:00")):
                during = Interval.lasting(start + n * timedelta(minutes=15), timedelta(minutes=15))
                tx.appointments.add(guide.appointment(during=during))

    assert await statements(database, guide.seforme) <= MOST // 2
    await database.write(fill)
    for worker in (guide.seforme, guide.ecoute):
        assert await statements(database, worker) <= MOST
