"""Who holds a time, when several processes want it at once (rule 1)."""

import asyncio
from collections import Counter

import pytest

from core.availability import BusyKind
from core.booking import book
from core.errors import OutsideAvailability
from core.ports import Database, Transaction
from core.rules import Rules
from tests.builders import TUESDAY_AT_TEN, Guide, between, make_range, store_guide
from tests.clock import START
from tests.storage.processes import (
    ATTEMPTS,
    HELD,
    PROCESSES,
    change_ones_mind,
    hold_one_slot,
    hold_or_book,
    together,
)

pytestmark = pytest.mark.slow

WEEK = between("2026-01-26 00:00", "2026-02-01 00:00")


@pytest.fixture
async def guide(stored: Database) -> Guide:
    return await stored.write(store_guide)


async def _holders(database: Database, guide: Guide) -> list[int | None]:
    found = await database.read(lambda tx: tx.agendas.busy([guide.seforme.id], WEEK, START))
    return [b.held_by for b in found if b.kind is BusyKind.HOLD]


async def test_of_all_who_hold_one_slot_exactly_one_has_it(stored: Database, url: str, guide: Guide) -> None:
    total: Counter[str] = sum(together(PROCESSES, hold_one_slot, url, guide, START), Counter())
    [winner] = set(total) - {"refused"}
    assert total["refused"] >= PROCESSES * ATTEMPTS * 3 // 4 - PROCESSES
    assert await _holders(stored, guide) == [w.id for w in guide.workers if w.handle == winner]


async def test_exactly_one_takes_the_place_of_a_hold_that_has_expired(stored: Database, guide: Guide) -> None:
    await stored.write(
        lambda tx: tx.agendas.hold(guide.seforme.id, guide.agathe.id, TUESDAY_AT_TEN, START - HELD, START)
    )
    total = await hold_one_slot(stored, guide, START)
    [winner] = set(total) - {"refused"}
    assert await _holders(stored, guide) == [w.id for w in guide.workers if w.handle == winner]


async def test_a_slot_is_held_or_booked_but_not_both(stored: Database, url: str, guide: Guide) -> None:
    total: Counter[str] = sum(together(2, hold_or_book, url, guide), Counter())
    [outcome] = set(total) - {"refused"}
    assert outcome == "held" or total["booked"] == 1
    found = await stored.read(lambda tx: tx.agendas.busy([guide.seforme.id], WEEK, START))
    assert [b.kind for b in found] == [BusyKind.HOLD if outcome == "held" else BusyKind.APPOINTMENT]


async def test_nobody_is_in_his_own_way(stored: Database, guide: Guide) -> None:
    assert await change_ones_mind(stored, guide) == 0
    assert await _holders(stored, guide) == [guide.agathe.id]


@pytest.mark.parametrize("day", range(27, 32))
async def test_a_range_is_not_taken_away_from_under_a_booking(stored: Database, guide: Guide, day: int) -> None:
    """Whoever is first: the booking is refused, or who edits sees the appointment that he would strand."""
    during = between(f"2026-01-{day} 10:00", "12:00")
    await stored.write(
        lambda tx: tx.agendas.replace_ranges(guide.seforme.id, [make_range(guide.seforme, rule="FREQ=DAILY")])
    )

    def shrink(tx: Transaction) -> bool:
        [found] = tx.agendas.edit_ranges(guide.seforme.id)
        if tx.appointments.of_main_worker(guide.seforme.id, WEEK, START):
            return False
        tx.agendas.delete_range(guide.seforme.id, found.id)
        return True

    def enter(tx: Transaction) -> bool:
        book(tx, guide.agathe, guide.request(during=during), START, Rules())
        return True

    works = (shrink, enter) if day % 2 else (enter, shrink)
    outcomes = await asyncio.gather(*(stored.write(work) for work in works), return_exceptions=True)
    done = [outcome is True for outcome in outcomes]
    assert sorted(done) == [False, True]
    refused = outcomes[done.index(False)]
    assert refused is False or isinstance(refused, OutsideAvailability)
