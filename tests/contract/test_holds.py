"""A hold is a claim: what is chosen in an open form is nobody else's for some minutes (rule 1)."""

from datetime import datetime, timedelta

import pytest

from core.availability import Busy, BusyKind
from core.errors import SlotTaken
from core.people import Worker
from core.ports import Database, Transaction
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, Guide, between
from tests.clock import START

EXPIRES = START + timedelta(minutes=5)
BEFORE = EXPIRES - timedelta(microseconds=1)
ELSEWHERE = between("2026-01-28 10:00", "12:00")


async def hold(
    database: Database, worker: Worker, holder: Worker, during: Interval = TUESDAY_AT_TEN, now: datetime = START
) -> None:
    await database.write(lambda tx: tx.agendas.hold(worker.id, holder.id, during, now, now + timedelta(minutes=5)))


async def busy(database: Database, guide: Guide, now: datetime = START) -> list[Busy]:
    week = between("2026-01-26 00:00", "2026-02-01 00:00")
    return await database.read(lambda tx: tx.agendas.busy([w.id for w in guide.workers], week, now))


def held(worker: Worker, holder: Worker, during: Interval = TUESDAY_AT_TEN) -> Busy:
    return Busy(worker.id, during, BusyKind.HOLD, held_by=holder.id)


async def test_a_hold_occupies_until_it_expires(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.agathe)
    assert await busy(database, guide) == [held(guide.seforme, guide.agathe)]
    assert await busy(database, guide, BEFORE) == [held(guide.seforme, guide.agathe)]
    assert await busy(database, guide, EXPIRES) == []


async def test_what_is_held_can_be_neither_held_nor_booked(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.agathe)
    with pytest.raises(SlotTaken) as refusal:
        await hold(database, guide.seforme, guide.ecoute, between("2026-01-27 11:45", "12:15"))
    assert refusal.value.worker_id == guide.seforme.id
    with pytest.raises(SlotTaken):
        await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    with pytest.raises(SlotTaken):
        await database.write(lambda tx: tx.appointments.add(guide.appointment(created_at=BEFORE)))
    assert await busy(database, guide) == [held(guide.seforme, guide.agathe)]


async def test_what_is_booked_cannot_be_held(database: Database, guide: Guide) -> None:
    await database.write(lambda tx: tx.appointments.add(guide.appointment(invitations=())))
    with pytest.raises(SlotTaken):
        await hold(database, guide.seforme, guide.agathe)
    assert [b.kind for b in await busy(database, guide)] == [BusyKind.APPOINTMENT]


async def test_holds_touch(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.agathe, between("2026-01-27 10:00", "11:00"))
    await hold(database, guide.seforme, guide.ecoute, between("2026-01-27 11:00", "12:00"))
    await hold(database, guide.stranger, guide.stranger, TUESDAY_AT_TEN)
    assert len(await busy(database, guide)) == 3


async def test_an_expired_hold_stands_in_nobodys_way(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.agathe)
    with pytest.raises(SlotTaken):
        await hold(database, guide.seforme, guide.ecoute, now=BEFORE)
    await hold(database, guide.seforme, guide.ecoute, now=EXPIRES)
    assert await busy(database, guide, EXPIRES) == [held(guide.seforme, guide.ecoute)]
    later = EXPIRES + timedelta(minutes=5)
    booked = await database.write(lambda tx: tx.appointments.add(guide.appointment(invitations=(), created_at=later)))
    assert [b.appointment_id for b in await busy(database, guide, later)] == [booked.id]


async def test_each_holds_one_time_at_most(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.agathe)
    await hold(database, guide.seforme, guide.agathe, between("2026-01-27 11:00", "13:00"))
    await hold(database, guide.ecoute, guide.agathe, ELSEWHERE)
    assert await busy(database, guide) == [held(guide.ecoute, guide.agathe, ELSEWHERE)]


async def test_who_is_refused_holds_nothing_any_more(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.ecoute)
    await hold(database, guide.seforme, guide.agathe, ELSEWHERE)

    def work(tx: Transaction) -> None:
        with pytest.raises(SlotTaken):
            tx.agendas.hold(guide.seforme.id, guide.agathe.id, TUESDAY_AT_TEN, START, EXPIRES)

    await database.write(work)
    assert await busy(database, guide) == [held(guide.seforme, guide.ecoute)]


async def test_a_hold_is_let_go(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.agathe)
    await hold(database, guide.seforme, guide.ecoute, ELSEWHERE)
    await database.write(lambda tx: tx.agendas.release(guide.agathe.id))
    await database.write(lambda tx: tx.agendas.release(guide.agathe.id))
    assert await busy(database, guide) == [held(guide.seforme, guide.ecoute, ELSEWHERE)]


async def test_the_holder_books_what_he_held(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.agathe)

    def work(tx: Transaction) -> int:
        tx.agendas.release(guide.agathe.id)
        return tx.appointments.add(guide.appointment(invitations=())).id

    booked = await database.write(work)
    assert [(b.kind, b.appointment_id) for b in await busy(database, guide)] == [(BusyKind.APPOINTMENT, booked)]


async def test_an_appointment_does_not_move_onto_what_is_held(database: Database, guide: Guide) -> None:
    stored = await database.write(lambda tx: tx.appointments.add(guide.appointment(during=ELSEWHERE)))
    await hold(database, guide.seforme, guide.ecoute)
    moved = guide.appointment(during=TUESDAY_AT_TEN)
    with pytest.raises(SlotTaken):
        await database.write(lambda tx: tx.appointments.replace(stored, moved, START))
    changed = await database.write(lambda tx: tx.appointments.replace(stored, moved, EXPIRES))
    assert changed.during == TUESDAY_AT_TEN


async def test_a_hold_is_among_no_appointments(database: Database, guide: Guide) -> None:
    await hold(database, guide.seforme, guide.agathe)
    week = between("2026-01-26 00:00", "2026-02-01 00:00")

    def look(tx: Transaction) -> list[object]:
        return [
            *tx.appointments.of_main_worker(guide.seforme.id, week, START),
            *tx.appointments.figures([guide.seforme.id], week, START),
            *tx.appointments.of_case(guide.case.number, guide.agathe.id, START, limit=9),
        ]

    assert await database.read(look) == []
