"""Agendas side by side are read in a few statements, however many people and appointments are in them."""

from collections.abc import Sequence
from dataclasses import replace

from core.agenda import agendas_of
from core.booking import book
from core.people import Worker
from core.ports import Database, Transaction
from core.rules import Rules
from tests.bench.recording import recorded
from tests.builders import Guide, between, make_range
from tests.clock import START

WEEK = between("2026-01-26 00:00", "2026-02-02 00:00")
RULES = Rules()


async def statements(database: Database, viewer: Worker, workers: Sequence[Worker]) -> int:
    """Return how many statements they are read in; memory has none."""
    with recorded() as found:
        await database.read(lambda tx: agendas_of(tx, viewer, workers, WEEK, START, RULES, {}))
    return len(found)


async def test_more_people_and_appointments_take_no_more_statements(database: Database, guide: Guide) -> None:
    def fill(tx: Transaction) -> None:
        for n in range(35):
            tx.cases.save(replace(guide.case, number=2000 + n))
            during = between(f"2026-01-{26 + n // 7} {9 + n % 7:02}:00", f"{10 + n % 7:02}:00")
            request = guide.request(case_number=2000 + n, during=during, parties=(guide.gisele.ref,))
            book(tx, guide.agathe, request, START, RULES)

    empty = await statements(database, guide.stranger, [guide.ecoute])
    await database.write(fill)
    one = await statements(database, guide.stranger, [guide.seforme])
    assert one == await statements(database, guide.stranger, (guide.agathe, guide.seforme, guide.ecoute))
    assert empty <= one


async def test_what_a_look_has_read_it_does_not_read_again_and_the_next_look_does(
    database: Database, guide: Guide
) -> None:
    def look(tx: Transaction) -> list[int]:
        return [len(tx.agendas.ranges(guide.seforme.id)) for _ in range(3)]

    with recorded() as found:
        before = await database.read(look)
    assert len(found) <= 1
    await database.write(lambda tx: tx.agendas.save_range(make_range(guide.seforme)))
    assert await database.read(look) == [before[0] + 1] * 3

    def write(tx: Transaction) -> tuple[int, int]:
        first = len(tx.agendas.ranges(guide.seforme.id))
        tx.agendas.save_range(make_range(guide.seforme))
        return first, len(tx.agendas.ranges(guide.seforme.id))

    first, second = await database.write(write)
    assert second == first + 1
