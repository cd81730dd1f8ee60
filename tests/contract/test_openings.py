"""Questions to a colleague to open a time, and the notices of them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.errors import VersionConflict
from core.notices import Notice, NoticeKind
from core.openings import Opening, OpeningState
from core.ports import Database, OutboxRow, Transaction
from tests.builders import TUESDAY_AT_TEN, Guide, make_notice, unsent
from tests.clock import START

MINUTE = timedelta(minutes=1)


def asked(guide: Guide) -> Opening:
    """Everything that an opening may say."""
    return guide.opening(
        parties=(guide.aunt.ref, guide.ecoute.ref, guide.partner.ref, guide.gisele.ref),
        zone="America/New_York",
        comment="Après « l’école »\n👍",
        created_at=START + timedelta(microseconds=5),
        kind="Suivi",
        optional=frozenset({guide.ecoute.id, guide.stranger.id}),
    )


@pytest.fixture
async def opening(database: Database, guide: Guide) -> Opening:
    return await database.write(lambda tx: tx.openings.add(asked(guide)))


async def find(database: Database, opening_id: int) -> Opening | None:
    return await database.read(lambda tx: tx.openings.find(opening_id))


async def claim(database: Database, limit: int = 10) -> list[OutboxRow]:
    return await database.write(lambda tx: tx.outbox.claim_due(START, START + MINUTE, limit))


def question(opening: Opening) -> Notice:
    return make_notice(0, opening.main_worker_id, NoticeKind.OPENING_ASKED, opening_id=opening.id, version=0)


async def test_an_opening_keeps_every_field(database: Database, guide: Guide, opening: Opening) -> None:
    assert opening.id > 0
    assert opening == replace(asked(guide), id=opening.id)
    assert await find(database, opening.id) == opening
    bare = await database.write(lambda tx: tx.openings.add(guide.opening(parties=(), place_id=None)))
    assert await find(database, bare.id) == bare


@pytest.mark.parametrize("number", [-1, 0, 404, 2**63, 10**40])
async def test_no_other_opening_is_found(database: Database, number: int) -> None:
    assert await find(database, number) is None


async def test_it_is_decided_once(database: Database, guide: Guide, opening: Opening) -> None:
    booked = await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    opened = replace(opening, state=OpeningState.OPENED, appointment_id=booked.id)
    await database.write(lambda tx: tx.openings.decide(opened))
    assert await find(database, opening.id) == opened
    for second in (opened, replace(opening, state=OpeningState.REFUSED)):
        with pytest.raises(VersionConflict):
            await database.write(lambda tx, o=second: tx.openings.decide(o))
    assert await find(database, opening.id) == opened


async def test_a_notice_of_an_opening_keeps_every_field(database: Database, guide: Guide, opening: Opening) -> None:
    notice = replace(question(opening), about_id=guide.agathe.id, expires_at=TUESDAY_AT_TEN.start)
    await database.write(lambda tx: tx.outbox.add([notice], START))
    [row] = await claim(database)
    assert row == OutboxRow(row.id, notice, attempts=1)
    await database.write(lambda tx: tx.outbox.set_aside(row.id, START, "gone"))
    assert await database.read(lambda tx: tx.outbox.failed(5)) == [(row, "gone")]


async def test_a_notice_of_an_opening_is_stored_once(database: Database, guide: Guide, opening: Opening) -> None:
    other = await database.write(lambda tx: tx.openings.add(asked(guide)))
    notice = question(opening)
    same = replace(notice, version=3, minutes=5, due_at=START + MINUTE, about_id=guide.agathe.id)
    others = [
        question(other),
        replace(notice, recipient_id=guide.agathe.id),
        replace(notice, kind=NoticeKind.OPENING_REFUSED),
    ]
    await database.write(lambda tx: tx.outbox.add([notice, same, *others], START))
    await database.write(lambda tx: tx.outbox.add([same], START))
    assert len(await unsent(database)) == 4


async def test_one_notice_of_an_opening_is_in_flight_to_each(
    database: Database, guide: Guide, opening: Opening
) -> None:
    other = await database.write(lambda tx: tx.openings.add(asked(guide)))
    appointment = await database.write(lambda tx: tx.appointments.add(guide.appointment()))
    notices = [
        question(opening),
        replace(question(opening), kind=NoticeKind.OPENING_REFUSED),
        replace(question(opening), recipient_id=guide.agathe.id),
        question(other),
        make_notice(appointment.id, opening.main_worker_id, NoticeKind.SHOWN),
    ]
    await database.write(lambda tx: tx.outbox.add(notices, START))
    first, *rest = await claim(database)
    assert [row.notice for row in (first, *rest)] == [notices[0], *notices[2:]]
    assert await claim(database) == []
    await database.write(lambda tx: tx.outbox.done(first.id, START))
    assert [row.notice for row in await claim(database)] == [notices[1]]


async def test_notices_of_appointments_are_withdrawn_without_those_of_openings(
    database: Database, guide: Guide, opening: Opening
) -> None:
    def work(tx: Transaction) -> None:
        appointment = tx.appointments.add(guide.appointment())
        tx.outbox.add([question(opening), make_notice(appointment.id, guide.ecoute, NoticeKind.OPENING_ASKED)], START)
        tx.outbox.withdraw(appointment.id, NoticeKind.OPENING_ASKED, START)

    await database.write(work)
    assert await unsent(database) == [question(opening)]
