"""Other times that invitees propose, and the notices of them and of days."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.appointments import Appointment
from core.counterproposals import CounterProposal, CounterState
from core.errors import VersionConflict
from core.notices import Notice, NoticeKind
from core.ports import Database, OutboxRow, Transaction
from tests.builders import TUESDAY_AT_TEN, Guide, between, make_notice, unsent
from tests.clock import START

MINUTE = timedelta(minutes=1)
DAY = date(2026, 1, 27)


@pytest.fixture
async def appointment(database: Database, guide: Guide) -> Appointment:
    return await database.write(lambda tx: tx.appointments.add(guide.appointment()))


def proposed(guide: Guide, appointment: Appointment) -> CounterProposal:
    """Everything that a counter-proposal may say."""
    return CounterProposal(
        id=0,
        appointment_id=appointment.id,
        revision=3,
        proposer_id=guide.ecoute.id,
        during=between("2026-01-28 10:00", "12:00"),
        place_id=guide.gembloux.id,
        created_at=START + timedelta(microseconds=5),
    )


@pytest.fixture
async def proposal(database: Database, guide: Guide, appointment: Appointment) -> CounterProposal:
    return await database.write(lambda tx: tx.counterproposals.add(proposed(guide, appointment)))


async def find(database: Database, proposal_id: int) -> CounterProposal | None:
    return await database.read(lambda tx: tx.counterproposals.find(proposal_id))


async def claim(database: Database) -> list[OutboxRow]:
    return await database.write(lambda tx: tx.outbox.claim_due(START, START + MINUTE, 10))


def question(guide: Guide, proposal: CounterProposal) -> Notice:
    return make_notice(0, guide.agathe, NoticeKind.COUNTER_PROPOSED, proposal_id=proposal.id, version=0)


def summary(guide: Guide, day: date = DAY) -> Notice:
    return make_notice(0, guide.agathe, NoticeKind.SUMMARY, day=day, version=0)


async def test_a_counter_proposal_keeps_every_field(
    database: Database, guide: Guide, appointment: Appointment, proposal: CounterProposal
) -> None:
    assert proposal.id > 0
    assert proposal == replace(proposed(guide, appointment), id=proposal.id)
    assert await find(database, proposal.id) == proposal
    bare = replace(proposed(guide, appointment), place_id=None)
    added = await database.write(lambda tx: tx.counterproposals.add(bare))
    assert await find(database, added.id) == replace(bare, id=added.id)


@pytest.mark.parametrize("number", [-1, 0, 404, 2**63, 10**40])
async def test_no_other_counter_proposal_is_found(database: Database, number: int) -> None:
    assert await find(database, number) is None


async def test_those_of_an_appointment_come_in_their_order(
    database: Database, guide: Guide, appointment: Appointment, proposal: CounterProposal
) -> None:
    def work(tx: Transaction) -> tuple[Appointment, CounterProposal]:
        other = tx.appointments.add(guide.appointment(during=between("2026-02-03 10:00", "12:00")))
        tx.counterproposals.add(proposed(guide, other))
        return other, tx.counterproposals.add(proposed(guide, appointment))

    _other, second = await database.write(work)
    assert await database.read(lambda tx: tx.counterproposals.of(appointment.id)) == [proposal, second]
    assert await database.read(lambda tx: tx.counterproposals.of(404)) == []


@pytest.mark.parametrize("state", [s for s in CounterState if s is not CounterState.PROPOSED])
async def test_it_is_decided_once(database: Database, proposal: CounterProposal, state: CounterState) -> None:
    decided = replace(proposal, state=state)
    await database.write(lambda tx: tx.counterproposals.decide(decided))
    assert await find(database, proposal.id) == decided
    for second in CounterState:
        with pytest.raises(VersionConflict):
            await database.write(lambda tx, s=second: tx.counterproposals.decide(replace(proposal, state=s)))
    assert await find(database, proposal.id) == decided


async def test_a_notice_of_one_or_of_a_day_keeps_every_field(
    database: Database, guide: Guide, proposal: CounterProposal
) -> None:
    notices = [
        replace(notice, about_id=guide.ecoute.id, expires_at=TUESDAY_AT_TEN.start)
        for notice in (question(guide, proposal), summary(guide))
    ]
    await database.write(lambda tx: tx.outbox.add(notices, START))
    rows = await claim(database)
    assert rows == [OutboxRow(row.id, notice, attempts=1) for row, notice in zip(rows, notices, strict=True)]


async def test_a_notice_of_one_or_of_a_day_is_stored_once(
    database: Database, guide: Guide, appointment: Appointment, proposal: CounterProposal
) -> None:
    other = await database.write(lambda tx: tx.counterproposals.add(proposed(guide, appointment)))
    asked, morning = question(guide, proposal), summary(guide)
    others = [
        question(guide, other),
        replace(asked, recipient_id=guide.ecoute.id),
        replace(asked, kind=NoticeKind.COUNTER_REFUSED),
        summary(guide, DAY + timedelta(days=1)),
        replace(morning, recipient_id=guide.ecoute.id),
    ]
    again = [replace(n, version=3, minutes=5, due_at=START + MINUTE) for n in (asked, morning)]
    await database.write(lambda tx: tx.outbox.add([asked, morning, *again, *others], START))
    await database.write(lambda tx: tx.outbox.add(again, START))
    assert len(await unsent(database)) == 7


async def test_one_notice_of_each_subject_is_in_flight_to_each(
    database: Database, guide: Guide, appointment: Appointment, proposal: CounterProposal
) -> None:
    first = question(guide, proposal)
    second = replace(first, kind=NoticeKind.COUNTER_REFUSED)
    others = [summary(guide), summary(guide, DAY + timedelta(days=1))]
    others.append(make_notice(appointment.id, guide.agathe, NoticeKind.SHOWN))
    await database.write(lambda tx: tx.outbox.add([first, second, *others], START))
    row, *rest = await claim(database)
    assert [r.notice for r in (row, *rest)] == [first, *others]
    assert await claim(database) == []
    await database.write(lambda tx: tx.outbox.done(row.id, START))
    assert [r.notice for r in await claim(database)] == [second]
