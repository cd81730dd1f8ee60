"""No two appointments of one main worker overlap (rule 1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.appointments import Appointment, Ending, EndingKind
from core.errors import SlotTaken
from core.ports import Database
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, Guide, between
from tests.clock import START

SETTLED = START + timedelta(seconds=10)
BEFORE = SETTLED - timedelta(seconds=1)
ELSEWHERE = between("2026-01-28 10:00", "12:00")


async def add(database: Database, appointment: Appointment) -> Appointment:
    return await database.write(lambda tx: tx.appointments.add(appointment))


async def end(
    database: Database, guide: Guide, old: Appointment, kind: EndingKind = EndingKind.CANCELLED
) -> Appointment:
    ended = replace(old, ending=Ending(kind, guide.agathe.id, "", SETTLED))
    return await database.write(lambda tx: tx.appointments.replace(old, ended, START))


async def store(database: Database, old: Appointment, new: Appointment, *, late: bool = False) -> Appointment:
    return await database.write(lambda tx: tx.appointments.replace(old, new, SETTLED if late else START))


@pytest.mark.parametrize(
    "other",
    [
        TUESDAY_AT_TEN,
        between("2026-01-27 09:00", "10:01"),
        between("2026-01-27 10:30", "11:00"),
        between("2026-01-27 11:59", "13:00"),
        between("2026-01-27 08:00", "18:00"),
    ],
)
async def test_an_overlap_is_refused(database: Database, guide: Guide, other: Interval) -> None:
    await add(database, guide.appointment())
    with pytest.raises(SlotTaken) as refusal:
        await add(database, guide.appointment(during=other))
    assert refusal.value.worker_id == guide.seforme.id


@pytest.mark.parametrize("other", [between("2026-01-27 08:00", "10:00"), between("2026-01-27 12:00", "13:00")])
async def test_neighbours_touch(database: Database, guide: Guide, other: Interval) -> None:
    first = await add(database, guide.appointment())
    second = await add(database, guide.appointment(during=other))
    assert first.id != second.id


async def test_another_worker_may_have_the_same_time(database: Database, guide: Guide) -> None:
    first = await add(database, guide.appointment())
    second = await add(database, guide.appointment(main_worker_id=guide.ecoute.id, parties=(guide.gisele.ref,)))
    assert first.id != second.id


async def test_moving_onto_another_appointment_is_refused(database: Database, guide: Guide) -> None:
    await add(database, guide.appointment())
    other = await add(database, guide.appointment(during=ELSEWHERE))
    with pytest.raises(SlotTaken):
        await store(database, other, replace(other, during=between("2026-01-27 11:00", "13:00")))
    assert await database.read(lambda tx: tx.appointments.find(other.id)) == other


async def test_handing_over_to_a_worker_who_is_taken_is_refused(database: Database, guide: Guide) -> None:
    await add(database, guide.appointment())
    other = await add(database, guide.appointment(main_worker_id=guide.stranger.id))
    with pytest.raises(SlotTaken) as refusal:
        await store(database, other, replace(other, main_worker_id=guide.seforme.id))
    assert refusal.value.worker_id == guide.seforme.id


async def test_an_appointment_is_not_in_its_own_way(database: Database, guide: Guide) -> None:
    first = await add(database, guide.appointment())
    moved = await store(database, first, replace(first, during=between("2026-01-27 11:00", "13:00")))
    assert moved.during == between("2026-01-27 11:00", "13:00")


async def test_moving_frees_the_time_it_had(database: Database, guide: Guide) -> None:
    first = await add(database, guide.appointment())
    await store(database, first, replace(first, during=ELSEWHERE))
    assert (await add(database, guide.appointment())).id != first.id
    with pytest.raises(SlotTaken):
        await add(database, guide.appointment(during=ELSEWHERE))


async def test_handing_over_frees_the_former_main_worker(database: Database, guide: Guide) -> None:
    first = await add(database, guide.appointment())
    await store(database, first, replace(first, main_worker_id=guide.stranger.id))
    assert (await add(database, guide.appointment())).id != first.id
    with pytest.raises(SlotTaken):
        await add(database, guide.appointment(main_worker_id=guide.stranger.id))


@pytest.mark.parametrize("kind", list(EndingKind))
async def test_the_time_stays_claimed_until_the_ending_settles(
    database: Database, guide: Guide, kind: EndingKind
) -> None:
    await end(database, guide, await add(database, guide.appointment()), kind)
    with pytest.raises(SlotTaken):
        await add(database, guide.appointment(created_at=BEFORE))
    assert (await add(database, guide.appointment(created_at=SETTLED))).id > 0


async def test_an_appointment_moves_onto_a_time_whose_claim_has_expired(database: Database, guide: Guide) -> None:
    await end(database, guide, await add(database, guide.appointment()))
    other = await add(database, guide.appointment(during=ELSEWHERE))
    with pytest.raises(SlotTaken):
        await store(database, other, replace(other, during=TUESDAY_AT_TEN))
    moved = await store(database, other, replace(other, during=TUESDAY_AT_TEN), late=True)
    assert moved.during == TUESDAY_AT_TEN


async def test_an_undo_keeps_the_time(database: Database, guide: Guide) -> None:
    ended = await end(database, guide, await add(database, guide.appointment()))
    await store(database, ended, replace(ended, ending=None))
    with pytest.raises(SlotTaken):
        await add(database, guide.appointment(created_at=SETTLED + timedelta(days=1)))


async def test_an_undo_makes_an_expired_claim_anew(database: Database, guide: Guide) -> None:
    ended = await end(database, guide, await add(database, guide.appointment()))
    await add(database, guide.appointment(during=ELSEWHERE, created_at=SETTLED))  # the expired claim is deleted here
    await store(database, ended, replace(ended, ending=None), late=True)
    with pytest.raises(SlotTaken):
        await add(database, guide.appointment(created_at=SETTLED))


async def test_an_undo_is_refused_once_the_time_is_anothers(database: Database, guide: Guide) -> None:
    ended = await end(database, guide, await add(database, guide.appointment()))
    await add(database, guide.appointment(created_at=SETTLED))
    with pytest.raises(SlotTaken):
        await store(database, ended, replace(ended, ending=None), late=True)
    assert await database.read(lambda tx: tx.appointments.find(ended.id)) == ended


async def test_a_second_ending_puts_the_expiry_off(database: Database, guide: Guide) -> None:
    ended = await end(database, guide, await add(database, guide.appointment()))
    later = Ending(EndingKind.DELETED, guide.agathe.id, "", SETTLED + timedelta(seconds=5))
    await store(database, ended, replace(ended, ending=later))
    with pytest.raises(SlotTaken):
        await add(database, guide.appointment(created_at=SETTLED))
    assert (await add(database, guide.appointment(created_at=later.settles_at))).id > 0


async def test_what_had_been_cancelled_claims_nothing_by_its_deletion_and_the_undo(
    database: Database, guide: Guide
) -> None:
    cancelled = await end(database, guide, await add(database, guide.appointment()))
    await add(database, guide.appointment(created_at=SETTLED))
    deletion = Ending(EndingKind.DELETED, guide.agathe.id, "", SETTLED + timedelta(seconds=5), was_cancelled=True)
    deleted = await store(database, cancelled, replace(cancelled, ending=deletion), late=True)
    restored = Ending(EndingKind.CANCELLED, guide.agathe.id, "", SETTLED)
    again = await store(database, deleted, replace(deleted, ending=restored), late=True)
    assert again.ending == restored


async def test_an_unclaimed_ending_leaves_the_time_free(database: Database, guide: Guide) -> None:
    cancelled = await end(database, guide, await add(database, guide.appointment()))
    deletion = Ending(EndingKind.DELETED, guide.agathe.id, "", SETTLED + timedelta(days=1), was_cancelled=True)
    await store(database, cancelled, replace(cancelled, ending=deletion), late=True)
    assert (await add(database, guide.appointment(created_at=SETTLED))).id > 0


async def test_moving_what_another_is_ending_moves_its_expiring_claim(database: Database, guide: Guide) -> None:
    ended = await end(database, guide, await add(database, guide.appointment()))
    await store(database, ended, replace(ended, during=ELSEWHERE))
    assert (await add(database, guide.appointment())).id != ended.id
    with pytest.raises(SlotTaken):
        await add(database, guide.appointment(during=ELSEWHERE, created_at=BEFORE))
    assert (await add(database, guide.appointment(during=ELSEWHERE, created_at=SETTLED))).id > 0


async def test_another_workers_expired_claim_is_his_own_affair(database: Database, guide: Guide) -> None:
    await end(database, guide, await add(database, guide.appointment()))
    other = guide.appointment(main_worker_id=guide.stranger.id, created_at=SETTLED)
    assert (await add(database, other)).main_worker_id == guide.stranger.id
    assert (await add(database, guide.appointment(created_at=SETTLED))).main_worker_id == guide.seforme.id
