"""Several processes on one database."""

from collections import Counter
from datetime import timedelta

import pytest

from core.notices import NoticeKind
from core.ports import Database, Transaction
from tests.builders import TUESDAY_AT_TEN, Guide, between, make_notice, store_guide
from tests.clock import START
from tests.storage.processes import ATTEMPTS, PROCESSES, book_one_slot, claim_everything, click_once, together

pytestmark = pytest.mark.slow


@pytest.fixture
async def guide(stored: Database) -> Guide:
    return await stored.write(store_guide)


async def test_of_all_who_book_one_slot_exactly_one_succeeds(stored: Database, url: str, guide: Guide) -> None:
    counts = together(PROCESSES, book_one_slot, url, guide)
    total: Counter[str] = sum(counts, Counter())
    assert total == {"booked": 1, "SlotTaken": PROCESSES * ATTEMPTS - 1}
    of_case = await stored.read(lambda tx: tx.appointments.of_case(guide.case.number, guide.agathe.id, START, limit=9))
    assert [a.during for a in of_case] == [TUESDAY_AT_TEN]
    assert len(await stored.read(lambda tx: tx.audit.of(of_case[0].id))) == 1


async def test_one_click_delivered_to_two_processes_acts_once(stored: Database, url: str, guide: Guide) -> None:
    appointment = await stored.write(lambda tx: tx.appointments.add(guide.appointment()))
    outcomes = together(2, click_once, url, guide, appointment.id)
    assert outcomes == [["version 2"] * 5] * 2

    def look(tx: Transaction) -> None:
        assert len(tx.appointments.answers(appointment.id)) == 1
        assert len(tx.audit.of(appointment.id)) == 1

    await stored.read(look)


async def test_no_row_and_no_pair_is_claimed_twice(stored: Database, url: str, guide: Guide) -> None:
    def fill(tx: Transaction) -> int:
        day = between("2026-01-27 08:00", "08:15")
        pairs = 0
        for number in range(10):
            during = type(day).lasting(day.start + timedelta(hours=number), day.duration)
            appointment = tx.appointments.add(guide.appointment(during=during))
            for worker in guide.workers:
                pairs += 1
                for kind in (NoticeKind.SHOWN, NoticeKind.REFRESH, NoticeKind.CHANGED):
                    tx.outbox.add([make_notice(appointment.id, worker, kind)], START)
        return pairs

    pairs = await stored.write(fill)
    claimed = [row for rows in together(2, claim_everything, url) for row in rows]
    assert len(claimed) == pairs
    assert len({row_id for row_id, _, _ in claimed}) == pairs
    assert len({(appointment_id, recipient_id) for _, appointment_id, recipient_id in claimed}) == pairs
