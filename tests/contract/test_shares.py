"""Cards of appointments in channels."""

from dataclasses import replace

import pytest

from core.appointments import Appointment
from core.ports import Database, Transaction
from core.shares import Share
from tests.builders import Guide, between


@pytest.fixture
async def appointment(database: Database, guide: Guide) -> Appointment:
    return await database.write(lambda tx: tx.appointments.add(guide.appointment()))


@pytest.fixture
async def share(database: Database, guide: Guide, appointment: Appointment) -> Share:
    new = Share(0, appointment.id, "slack", "T1", "C1", guide.agathe.id)
    return await database.write(lambda tx: tx.shares.add(new))


async def find(database: Database, share_id: int) -> Share | None:
    return await database.read(lambda tx: tx.shares.find(share_id))


async def test_a_share_keeps_every_field(
    database: Database, guide: Guide, appointment: Appointment, share: Share
) -> None:
    assert share.id > 0
    assert share == Share(share.id, appointment.id, "slack", "T1", "C1", guide.agathe.id)
    assert await find(database, share.id) == share
    posted = Share(0, appointment.id, "slack", "T1", "C2", guide.ecoute.id, ("1.2", "1.3"), 4)
    added = await database.write(lambda tx: tx.shares.add(posted))
    assert await find(database, added.id) == replace(posted, id=added.id)


@pytest.mark.parametrize("number", [-1, 0, 404, 2**63, 10**40])
async def test_no_other_share_is_found(database: Database, number: int) -> None:
    assert await find(database, number) is None


async def test_one_that_stands_in_the_channel_is_found_again(database: Database, guide: Guide, share: Share) -> None:
    def work(tx: Transaction) -> list[Share]:
        tx.shares.update(share.id, ("1.2",), 3)
        second = replace(share, id=0, by_id=guide.ecoute.id)
        elsewhere = tx.appointments.add(guide.appointment(during=between("2026-02-03 10:00", "12:00")))
        others = (
            replace(second, appointment_id=elsewhere.id),
            replace(second, platform="teams"),
            replace(second, tenant="T2"),
            replace(second, channel="C2"),
        )
        return [tx.shares.add(second), *(tx.shares.add(other) for other in others)]

    again, *others = await database.write(work)
    assert again == replace(share, messages=("1.2",), version=3)
    assert len({again.id, *(other.id for other in others)}) == 5
    assert all(other.messages == () for other in others)


async def test_the_shares_of_an_appointment_come_by_id(
    database: Database, guide: Guide, appointment: Appointment, share: Share
) -> None:
    def work(tx: Transaction) -> Share:
        elsewhere = tx.appointments.add(guide.appointment(during=between("2026-02-03 10:00", "12:00")))
        tx.shares.add(replace(share, id=0, appointment_id=elsewhere.id))
        return tx.shares.add(replace(share, id=0, channel="C0"))

    second = await database.write(work)
    assert await database.read(lambda tx: tx.shares.of(appointment.id)) == [share, second]
    assert await database.read(lambda tx: tx.shares.of(404)) == []


async def test_a_share_says_what_shows_it_and_is_forgotten(database: Database, share: Share) -> None:
    await database.write(lambda tx: tx.shares.update(share.id, ("1.2", "1.3"), 7))
    assert await find(database, share.id) == replace(share, messages=("1.2", "1.3"), version=7)

    def forget(tx: Transaction) -> None:
        tx.shares.delete(share.id)
        tx.shares.delete(share.id)
        tx.shares.update(share.id, ("1.2",), 8)

    await database.write(forget)
    assert await find(database, share.id) is None
    again = await database.write(lambda tx: tx.shares.add(replace(share, id=0)))
    assert again.id > share.id
    assert again.messages == ()
