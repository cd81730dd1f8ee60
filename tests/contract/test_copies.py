"""The copies of cards that people hold, and how one comes to be refreshed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.appointments import Appointment
from core.notices import NoticeKind
from core.people import Account
from core.ports import Copy, Database, OutboxRow, Transaction
from tests.builders import Guide, make_notice
from tests.clock import START

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def appointment(database: Database, guide: Guide) -> Appointment:
    return await database.write(lambda tx: tx.appointments.add(guide.appointment()))


async def claim(database: Database, now: datetime = START) -> list[OutboxRow]:
    return await database.write(lambda tx: tx.outbox.claim_due(now, now + MINUTE, 10))


async def done(database: Database, row: OutboxRow) -> None:
    await database.write(lambda tx: tx.outbox.done(row.id, START))


async def account_of(database: Database, worker_id: int, platform: str = "web") -> Account:
    return await database.write(
        lambda tx: tx.accounts.link(worker_id, platform, "", f"{platform}-{worker_id}", current=True)
    )


async def test_a_copy_is_found_with_its_account(database: Database, guide: Guide, appointment: Appointment) -> None:
    mine, theirs = [await account_of(database, w.id) for w in (guide.agathe, guide.ecoute)]

    def save(tx: Transaction) -> list[Copy]:
        return [
            tx.outbox.save_copy(appointment.id, mine.id, ("D1:17.5", "D1:17.6"), 3),
            tx.outbox.save_copy(appointment.id, theirs.id, ("D2:1",), 2),
        ]

    first, second = await database.write(save)
    assert first == Copy(first.id, appointment.id, mine.id, ("D1:17.5", "D1:17.6"), 3)
    assert await database.read(lambda tx: tx.outbox.copies(appointment.id)) == [(first, mine), (second, theirs)]
    assert await database.read(lambda tx: tx.outbox.copies(appointment.id, guide.ecoute.id)) == [(second, theirs)]
    assert await database.read(lambda tx: tx.outbox.copies(appointment.id, guide.stranger.id)) == []
    assert await database.read(lambda tx: tx.outbox.copies(404)) == []


async def test_one_worker_may_hold_several_copies(database: Database, guide: Guide, appointment: Appointment) -> None:
    accounts = [await account_of(database, guide.agathe.id, platform) for platform in ("web", "slack")]
    for account in (*accounts, accounts[0]):
        await database.write(
            lambda tx, account=account: tx.outbox.save_copy(appointment.id, account.id, ("1",), 1)  # type: ignore[misc]
        )
    found = await database.read(lambda tx: tx.outbox.copies(appointment.id, guide.agathe.id))
    assert sorted(account.platform for _, account in found) == ["slack", "web", "web"]


async def test_a_copy_is_updated_and_forgotten(database: Database, guide: Guide, appointment: Appointment) -> None:
    account = await account_of(database, guide.agathe.id)
    copy = await database.write(lambda tx: tx.outbox.save_copy(appointment.id, account.id, ("1",), 1))
    await database.write(lambda tx: tx.outbox.update_copy(copy.id, ("2", "3"), 5))
    [(found, _)] = await database.read(lambda tx: tx.outbox.copies(appointment.id))
    assert found == replace(copy, messages=("2", "3"), version=5)
    await database.write(lambda tx: tx.outbox.update_copy(copy.id, (), 6))
    assert await database.read(lambda tx: tx.outbox.copies(appointment.id)) == []


async def test_refreshing_again_makes_copies_outdated_and_a_new_refresh_due(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    mine, theirs = [await account_of(database, w.id) for w in (guide.agathe, guide.ecoute)]

    def save(tx: Transaction) -> None:
        for account in (mine, theirs):
            tx.outbox.save_copy(appointment.id, account.id, ("1",), 4)
        tx.outbox.refresh_again(appointment.id, guide.agathe.id, 4, START)

    await database.write(save)
    copies = {a.id: c for c, a in await database.read(lambda tx: tx.outbox.copies(appointment.id))}
    assert copies[mine.id].version < 4
    assert copies[theirs.id].version == 4
    [row] = await claim(database)
    assert (row.notice.kind, row.notice.recipient_id, row.notice.version) == (NoticeKind.REFRESH, guide.agathe.id, 4)
    assert row.attempts == 1


@pytest.mark.parametrize("before", ["waiting", "later", "sent", "aside"])
async def test_refreshing_again_makes_the_refresh_due_once(
    database: Database, guide: Guide, appointment: Appointment, before: str
) -> None:
    due_at = START + timedelta(days=1) if before == "later" else START
    notice = make_notice(appointment.id, guide.agathe, NoticeKind.REFRESH, version=4, due_at=due_at)
    await database.write(lambda tx: tx.outbox.add([notice], START))
    if before in ("sent", "aside"):
        [row] = await claim(database)
        if before == "sent":
            await done(database, row)
        else:
            await database.write(lambda tx: tx.outbox.set_aside(row.id, START, "no"))
    await database.write(lambda tx: tx.outbox.refresh_again(appointment.id, guide.agathe.id, 4, START))
    await database.write(lambda tx: tx.outbox.refresh_again(appointment.id, guide.agathe.id, 4, START))
    [again] = await claim(database)
    assert (again.notice.kind, again.notice.version) == (NoticeKind.REFRESH, 4)
    await done(database, again)
    assert await claim(database, START + timedelta(days=2)) == []


async def test_a_refresh_asked_for_while_one_is_sent_is_not_lost(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    notice = make_notice(appointment.id, guide.agathe, NoticeKind.REFRESH, version=4)
    await database.write(lambda tx: tx.outbox.add([notice], START))
    [row] = await claim(database)
    await database.write(lambda tx: tx.outbox.refresh_again(appointment.id, guide.agathe.id, 4, START))
    await done(database, row)
    [again] = await claim(database, START + 2 * MINUTE)
    assert again.notice.kind is NoticeKind.REFRESH
