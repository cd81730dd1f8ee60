"""Where rows go, rows for who cannot be reached just now or that are put off, and accounts that are forgotten."""

from datetime import datetime, timedelta

import pytest

from core.appointments import Appointment
from core.notices import NoticeKind
from core.people import Account, Worker
from core.ports import Database, OutboxRow, Transaction
from tests.builders import Guide, make_notice
from tests.clock import START

MINUTE = timedelta(minutes=1)
T1, T2 = ("slack", "T1"), ("slack", "T2")


@pytest.fixture
async def appointment(database: Database, guide: Guide) -> Appointment:
    return await database.write(lambda tx: tx.appointments.add(guide.appointment()))


@pytest.fixture
async def accounts(database: Database, guide: Guide, appointment: Appointment) -> list[Account]:
    """Ecoute and Agathe are reached in T1, Seforme in T2 although he has an account in T1, the stranger nowhere."""

    def work(tx: Transaction) -> list[Account]:
        tx.outbox.add([make_notice(appointment.id, w, NoticeKind.SHOWN) for w in guide.workers], START)
        tx.accounts.link(guide.seforme.id, *T1, "s", current=True)
        return [
            tx.accounts.link(guide.ecoute.id, *T1, "e", current=True),
            tx.accounts.link(guide.agathe.id, *T1, "a", current=True),
            tx.accounts.link(guide.seforme.id, *T2, "s", current=True),
        ]

    return await database.write(work)


async def claim(
    database: Database, *closed: tuple[str, str], now: datetime = START, limit: int = 10
) -> dict[int, OutboxRow]:
    rows = await database.write(lambda tx: tx.outbox.claim_due(now, now + MINUTE, limit, closed=closed))
    return {row.notice.recipient_id: row for row in rows}


def ids(*workers: Worker) -> set[int]:
    return {worker.id for worker in workers}


async def test_a_row_says_where_it_goes(database: Database, guide: Guide, accounts: list[Account]) -> None:
    rows = await claim(database)
    assert {i: row.towards for i, row in rows.items()} == {
        guide.ecoute.id: T1,
        guide.agathe.id: T1,
        guide.seforme.id: T2,
        guide.stranger.id: None,
    }
    [given_up] = [row for row in rows.values() if row.notice.recipient_id == accounts[2].worker_id]
    await database.write(lambda tx: tx.outbox.set_aside(given_up.id, START, "gone"))
    assert await database.read(lambda tx: tx.outbox.failed(5)) == [(given_up, "gone")]


async def test_rows_towards_a_closed_place_wait(database: Database, guide: Guide, accounts: list[Account]) -> None:
    assert len(accounts) == 3
    assert ids(guide.seforme, guide.stranger) == set(await claim(database, T1, ("web", "T2"), ("slack", "T9")))
    assert set(await claim(database, T1)) == set()
    assert ids(guide.ecoute, guide.agathe) == set(await claim(database, T2))


async def test_who_has_no_account_is_never_in_a_closed_place(
    database: Database, guide: Guide, accounts: list[Account]
) -> None:
    assert len(accounts) == 3
    assert ids(guide.stranger) == set(await claim(database, T1, T2))


async def test_a_closed_place_takes_no_room(database: Database, guide: Guide, accounts: list[Account]) -> None:
    assert len(accounts) == 3
    assert ids(guide.seforme) <= set(await claim(database, T1, limit=2))
    assert ids(guide.ecoute, guide.agathe) == set(await claim(database, limit=2))


async def test_a_row_that_is_put_off_has_not_been_tried(
    database: Database, guide: Guide, appointment: Appointment
) -> None:
    await database.write(lambda tx: tx.outbox.add([make_notice(appointment.id, guide.ecoute, NoticeKind.SHOWN)], START))
    first = (await claim(database))[guide.ecoute.id]
    await database.write(lambda tx: tx.outbox.postpone(first.id, START + 2 * MINUTE))
    assert await database.read(lambda tx: tx.outbox.next_due()) == START + 2 * MINUTE
    assert await claim(database, now=START + MINUTE) == {}
    assert await claim(database, now=START + 2 * MINUTE) == {guide.ecoute.id: first}

    def work(tx: Transaction) -> None:
        tx.outbox.done(first.id, START)
        tx.outbox.postpone(first.id, START)

    await database.write(work)
    assert await claim(database, now=START + timedelta(days=1)) == {}


async def test_an_account_is_forgotten_with_what_it_shows(
    database: Database, guide: Guide, appointment: Appointment, accounts: list[Account]
) -> None:
    def work(tx: Transaction) -> tuple[list[Account], Account]:
        for account in (accounts[0], accounts[2]):
            tx.outbox.save_copy(appointment.id, account.id, ("1",), 1)
        tx.accounts.unlink(accounts[2])
        tx.accounts.unlink(accounts[2])
        return tx.accounts.of_worker(guide.seforme.id), next(a for _, a in tx.outbox.copies(appointment.id))

    [left], shown = await database.write(work)
    assert (left.platform, left.tenant, left.current) == (*T1, True)
    assert shown == accounts[0]
    assert await database.read(lambda tx: tx.accounts.find(*T2, "s")) is None


async def test_the_current_account_stays_when_another_is_forgotten(
    database: Database, guide: Guide, accounts: list[Account]
) -> None:
    def work(tx: Transaction) -> list[Account]:
        tx.accounts.unlink(tx.accounts.of_worker(guide.seforme.id)[1])
        return tx.accounts.of_worker(guide.seforme.id)

    assert await database.write(work) == [accounts[2]]


async def test_a_worker_may_be_left_without_any(database: Database, guide: Guide, accounts: list[Account]) -> None:
    await database.write(lambda tx: tx.accounts.unlink(accounts[0]))
    assert await database.read(lambda tx: tx.accounts.of_worker(guide.ecoute.id)) == []
    again = await database.write(lambda tx: tx.accounts.link(guide.ecoute.id, *T1, "e", current=False))
    assert again.current
