"""Notices waiting to be sent (rule 7), and the copies of cards."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.appointments import Appointment
from core.notices import Notice, NoticeKind
from core.ports import Database, OutboxRow, Transaction
from tests.builders import Guide, between, make_notice, unsent
from tests.clock import START

MINUTE = timedelta(minutes=1)
LEASE = START + MINUTE


@pytest.fixture
async def appointment(database: Database, guide: Guide) -> Appointment:
    return await database.write(lambda tx: tx.appointments.add(guide.appointment()))


@pytest.fixture
async def other(database: Database, guide: Guide) -> Appointment:
    during = between("2026-01-28 10:00", "12:00")
    return await database.write(lambda tx: tx.appointments.add(guide.appointment(during=during)))


async def store(database: Database, *notices: Notice) -> None:
    await database.write(lambda tx: tx.outbox.add(notices, START))


async def claim(
    database: Database, now: datetime = START, lease: datetime | None = None, limit: int = 10
) -> list[OutboxRow]:
    return await database.write(lambda tx: tx.outbox.claim_due(now, lease or now + MINUTE, limit))


async def done(database: Database, row: OutboxRow, now: datetime = START) -> None:
    await database.write(lambda tx: tx.outbox.done(row.id, now))


async def test_a_notice_keeps_every_field(database: Database, guide: Guide, appointment: Appointment) -> None:
    notice = Notice(
        appointment.id,
        guide.ecoute.id,
        NoticeKind.REMINDER,
        version=7,
        due_at=START,
        minutes=60,
        about_id=guide.agathe.id,
        expires_at=START + MINUTE,
    )
    await store(database, notice)
    [row] = await claim(database)
    assert row == OutboxRow(row.id, notice, attempts=1)
    assert row.id > 0


async def test_the_same_notice_is_stored_once(database: Database, guide: Guide, appointment: Appointment) -> None:
    notice = make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED)
    await store(database, notice, notice)
    await store(database, replace(notice, due_at=START + MINUTE, about_id=guide.agathe.id))
    assert await unsent(database) == [notice]


async def test_a_notice_that_was_sent_is_not_stored_again(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    notice = make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED)
    await store(database, notice)
    [row] = await claim(database)
    await done(database, row)
    await store(database, notice)
    assert await unsent(database) == []


async def test_notices_that_differ_are_all_stored(
    database: Database, guide: Guide, appointment: Appointment, other: Appointment
) -> None:
    notice = make_notice(appointment.id, guide.ecoute, NoticeKind.REMINDER)
    variants = [
        notice,
        replace(notice, appointment_id=other.id),
        replace(notice, recipient_id=guide.agathe.id),
        replace(notice, kind=NoticeKind.INVITED),
        replace(notice, version=2),
        replace(notice, minutes=60),
    ]
    await store(database, *variants)
    assert len(await unsent(database)) == len(variants)


async def test_nothing_to_add_adds_nothing(database: Database) -> None:
    await store(database)
    assert await unsent(database) == []


async def test_a_notice_falls_due_at_its_instant(database: Database, guide: Guide, appointment: Appointment) -> None:
    await store(database, make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED))
    assert await claim(database, START - timedelta(microseconds=1)) == []
    assert len(await claim(database, START)) == 1


async def test_the_oldest_come_first_up_to_the_limit(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    people = (guide.agathe, guide.seforme, guide.ecoute, guide.stranger)
    ages = (2, 4, 1, 3)
    await store(
        database,
        *(
            make_notice(appointment.id, worker, NoticeKind.SHOWN, due_at=START - age * MINUTE)
            for worker, age in zip(people, ages, strict=True)
        ),
    )
    first = await claim(database, limit=3)
    assert [r.notice.recipient_id for r in first] == [guide.seforme.id, guide.stranger.id, guide.agathe.id]
    assert [r.notice.recipient_id for r in await claim(database, limit=3)] == [guide.ecoute.id]


async def test_notices_of_one_instant_come_in_the_order_of_their_making(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    people = (guide.stranger, guide.agathe, guide.ecoute, guide.seforme)
    await store(database, *(make_notice(appointment.id, worker, NoticeKind.SHOWN) for worker in people))
    assert [r.notice.recipient_id for r in await claim(database)] == [w.id for w in people]


async def test_one_recipient_gets_one_notice_of_an_appointment_at_a_time_in_order(
    database: Database, guide: Guide, appointment: Appointment, other: Appointment
) -> None:
    first, second, third = (
        make_notice(appointment.id, guide.ecoute, kind)
        for kind in (NoticeKind.INVITED, NoticeKind.REFRESH, NoticeKind.CHANGED)
    )
    elsewhere = make_notice(other.id, guide.ecoute, NoticeKind.INVITED)
    await store(database, first, second, third, elsewhere)
    rows = await claim(database)
    assert [r.notice for r in rows] == [first, elsewhere]
    assert await claim(database) == []
    await done(database, rows[0])
    [row] = await claim(database)
    assert row.notice == second
    await done(database, row)
    assert [r.notice for r in await claim(database)] == [third]


async def test_a_pair_that_is_skipped_takes_no_room(database: Database, guide: Guide, appointment: Appointment) -> None:
    mine = [make_notice(appointment.id, guide.ecoute, NoticeKind.REMINDER, minutes=n) for n in range(5)]
    last = make_notice(appointment.id, guide.agathe, NoticeKind.REMINDER, due_at=START + timedelta(seconds=1))
    await store(database, *mine, last)
    found = await claim(database, START + MINUTE, limit=2)
    assert [r.notice for r in found] == [mine[0], last]


async def test_a_lease_that_runs_out_gives_the_row_to_another(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    await store(database, make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED))
    [first] = await claim(database, START, LEASE)
    assert await claim(database, LEASE - timedelta(microseconds=1)) == []
    [second] = await claim(database, LEASE)
    assert second == replace(first, attempts=2)


async def test_a_notice_that_is_done_is_not_sent_again(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    await store(database, make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED))
    [row] = await claim(database)
    await database.write(lambda tx: tx.outbox.done(row.id, START, "no longer true"))
    assert await claim(database, START + timedelta(days=9)) == []
    assert await database.read(lambda tx: tx.outbox.failed(5)) == []


async def test_a_notice_that_is_retried_waits_until_then(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    notice = make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED)
    await store(database, notice)
    [row] = await claim(database)
    await database.write(lambda tx: tx.outbox.retry(row.id, START + 2 * MINUTE, "429"))
    assert await claim(database, START + MINUTE) == []
    [again] = await claim(database, START + 2 * MINUTE)
    assert again == OutboxRow(row.id, notice, attempts=2)


async def test_a_retry_frees_the_row_before_its_lease_runs_out(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    await store(database, make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED))
    [row] = await claim(database, lease=START + timedelta(hours=1))
    await database.write(lambda tx: tx.outbox.retry(row.id, START, "500"))
    assert [r.id for r in await claim(database)] == [row.id]


async def test_what_is_set_aside_is_reported_and_stands_in_nobodys_way(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    notices = [make_notice(appointment.id, guide.ecoute, NoticeKind.CHANGED, version=n) for n in (1, 2, 3)]
    await store(database, *notices)
    for number in (1, 2):
        [row] = await claim(database)
        at = START + number * MINUTE
        await database.write(lambda tx, row=row, at=at: tx.outbox.set_aside(row.id, at, f"gone {at.minute}"))  # type: ignore[misc]
    failed = await database.read(lambda tx: tx.outbox.failed(5))
    assert [(row.notice, row.attempts, error) for row, error in failed] == [
        (notices[1], 1, "gone 2"),
        (notices[0], 1, "gone 1"),
    ]
    assert len(await database.read(lambda tx: tx.outbox.failed(1))) == 1
    assert [r.notice for r in await claim(database)] == [notices[2]]


async def test_a_row_that_was_given_up_or_sent_cannot_be_freed(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    """A sender whose lease ran out comes back late."""
    people = (guide.ecoute, guide.agathe)
    await store(database, *(make_notice(appointment.id, w, NoticeKind.SHOWN) for w in people))
    sent, given_up = await claim(database)

    def work(tx: Transaction) -> None:
        tx.outbox.done(sent.id, START)
        tx.outbox.set_aside(given_up.id, START, "no")
        for row in (sent, given_up):
            tx.outbox.retry(row.id, START, "late")

    await database.write(work)
    assert await claim(database, START + timedelta(days=1)) == []


async def test_withdrawn_notices_are_dropped(
    database: Database, guide: Guide, appointment: Appointment, other: Appointment
) -> None:
    ecoute, agathe = guide.ecoute, guide.agathe
    kept = [
        make_notice(other.id, ecoute, NoticeKind.REMINDER),
        make_notice(appointment.id, ecoute, NoticeKind.INVITED),
    ]
    reminders = [
        make_notice(appointment.id, worker, NoticeKind.REMINDER, minutes=minutes, due_at=START + minutes * MINUTE)
        for worker in (ecoute, agathe)
        for minutes in (60, 1440)
    ]
    await store(database, *kept, *reminders)
    await database.write(lambda tx: tx.outbox.withdraw(appointment.id, NoticeKind.REMINDER, START))
    assert await unsent(database) == kept
    assert await database.read(lambda tx: tx.outbox.failed(5)) == []
    again = replace(reminders[0], version=2)
    await store(database, again)
    assert again in await unsent(database)


async def test_the_notices_of_one_recipient_are_withdrawn(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    mine, theirs = (make_notice(appointment.id, w, NoticeKind.REMINDER) for w in (guide.agathe, guide.ecoute))
    await store(database, mine, theirs)
    await database.write(
        lambda tx: tx.outbox.withdraw(appointment.id, NoticeKind.REMINDER, START, recipient_id=guide.agathe.id)
    )
    assert await unsent(database) == [theirs]


async def test_a_notice_withdrawn_while_it_is_sent_does_not_come_back(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    await store(database, make_notice(appointment.id, guide.ecoute, NoticeKind.REMINDER))
    [row] = await claim(database)
    await database.write(lambda tx: tx.outbox.withdraw(appointment.id, NoticeKind.REMINDER, START))
    await database.write(lambda tx: tx.outbox.retry(row.id, START, "500"))
    assert await claim(database, START + timedelta(days=1)) == []


async def test_the_oldest_due_row_says_since_when_it_waits(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    async def oldest(now: datetime) -> datetime | None:
        return await database.read(lambda tx: tx.outbox.oldest_due(now))

    assert await oldest(START) is None
    await store(
        database,
        make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED, due_at=START + MINUTE),
        make_notice(appointment.id, guide.agathe, NoticeKind.SHOWN, due_at=START + 2 * MINUTE),
    )
    assert await oldest(START) is None
    assert await oldest(START + 5 * MINUTE) == START + MINUTE
    now = START + 5 * MINUTE
    first, second = await claim(database, now)
    assert await oldest(now) == START + MINUTE
    await done(database, first)
    assert await oldest(now) == START + 2 * MINUTE
    await database.write(lambda tx: tx.outbox.set_aside(second.id, now, "no"))
    assert await oldest(now) is None


async def test_the_next_due_row_is_one_that_nobody_sends(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    async def next_due() -> datetime | None:
        return await database.read(lambda tx: tx.outbox.next_due())

    assert await next_due() is None
    await store(
        database,
        make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED),
        make_notice(appointment.id, guide.agathe, NoticeKind.REMINDER, due_at=START + MINUTE),
    )
    assert await next_due() == START
    [row] = await claim(database)
    assert await next_due() == START + MINUTE
    await database.write(lambda tx: tx.outbox.retry(row.id, START + timedelta(seconds=30), "429"))
    assert await next_due() == START + timedelta(seconds=30)
    for found in await claim(database, START + MINUTE):
        await done(database, found)
    assert await next_due() is None


async def test_the_own_refreshes_are_claimed_ahead_the_newest_of_each_appointment(
    database: Database, guide: Guide, appointment: Appointment, other: Appointment
) -> None:
    own, refresh = guide.ecoute.id, NoticeKind.REFRESH
    await store(
        database,
        *(make_notice(appointment.id, own, refresh, version=version) for version in (2, 3)),
        make_notice(appointment.id, guide.seforme.id, refresh, version=3),
        make_notice(appointment.id, own, NoticeKind.SHOWN),
        make_notice(other.id, own, refresh, due_at=START + MINUTE),
    )

    async def claim_own(now: datetime) -> list[OutboxRow]:
        return await database.write(lambda tx: tx.outbox.claim_own(own, now, now + MINUTE))

    [first] = await claim_own(START)
    assert (first.notice.version, first.attempts) == (3, 1)
    assert await claim_own(START) == [], "another row of this pair is in flight"
    assert {r.notice.recipient_id for r in await claim(database)} == {guide.seforme.id}
    await done(database, first)
    later = {(r.notice.appointment_id, r.notice.version) for r in await claim_own(START + MINUTE)}
    assert later == {(appointment.id, 2), (other.id, 1)}


async def test_a_notice_is_found_by_its_row_when_it_is_sent_and_after(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    notice = make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED)
    await store(database, notice)
    [row] = await claim(database)
    await done(database, row)
    assert await database.read(lambda tx: tx.outbox.notice(row.id)) == notice
    for number in (0, row.id + 1, 2**70):
        assert await database.read(lambda tx, number=number: tx.outbox.notice(number)) is None  # type: ignore[misc]


async def test_notices_go_towards_the_account_that_is_current(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    await store(database, make_notice(appointment.id, guide.ecoute, NoticeKind.INVITED))

    def choose(tx: Transaction) -> None:
        teams = tx.accounts.link(guide.ecoute.id, "teams", "T1", "U1", current=False)
        slack = tx.accounts.link(guide.ecoute.id, "slack", "T2", "U2", current=False)
        tx.accounts.mute(teams, muted=True)
        tx.accounts.make_current(slack)

    await database.write(choose)
    closed = (("slack", "T2"),)
    assert await database.write(lambda tx: tx.outbox.claim_due(START, LEASE, 9, closed=closed)) == []
    [row] = await claim(database)
    assert row.towards == ("slack", "T2")
