"""Homes in the database: who looks after which, in which order, and what marks one."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from core.notices import NoticeKind
from core.people import Account, Worker
from core.ports import Database, Transaction
from core.preferences import Preferences
from storage.homes import (
    Home,
    any_home_due,
    claim_home,
    close_home,
    home_shown,
    mark_every_home,
    open_home,
    postpone_home,
)
from tests.builders import Guide, make_notice, store_guide
from tests.clock import START
from tests.storage.processes import claim_homes, together

MINUTE = timedelta(minutes=1)
MIDNIGHT = START + timedelta(hours=15)


@pytest.fixture
async def guide(stored: Database) -> Guide:
    """The guide's people, with one appointment that nobody has been told of."""
    found = await stored.write(store_guide)
    await stored.write(lambda tx: tx.appointments.add(found.appointment()))
    return found


async def opened(stored: Database, worker: Worker, tenant: str = "T1") -> Account:
    """Open a worker's home; it shows "first" until midnight."""

    def work(tx: Transaction) -> Account:
        account = tx.accounts.link(worker.id, "slack", tenant, worker.handle, current=True)
        home = open_home(tx, account.id, START, START + MINUTE)
        assert home == Home(account, "", 0)
        home_shown(tx, home, "first", MIDNIGHT)
        return account

    return await stored.write(work)


async def claimed(stored: Database, now: datetime = START, closed: tuple[str, ...] = ()) -> Home | None:
    return await stored.write(lambda tx: claim_home(tx, now, now + MINUTE, closed))


async def due(stored: Database, now: datetime = START) -> bool:
    return await stored.read(lambda tx: any_home_due(tx, now))


async def add(
    stored: Database, guide: Guide, recipient: Worker, kind: NoticeKind, due_at: datetime = START, now: datetime = START
) -> None:
    def work(tx: Transaction) -> None:
        (appointment,) = tx.appointments.of_case(guide.case.number, guide.agathe.id, START, limit=1)
        tx.outbox.add([make_notice(appointment.id, recipient, kind, due_at=due_at)], now)

    await stored.write(work)


async def test_a_home_rests_until_the_instant_it_named(stored: Database, guide: Guide) -> None:
    account = await opened(stored, guide.ecoute)
    assert not await due(stored)
    assert await claimed(stored) is None
    assert await due(stored, MIDNIGHT)
    assert await claimed(stored, MIDNIGHT) == Home(account, "first", 0)


async def test_one_looks_after_it_until_it_is_shown_or_the_lease_ends(stored: Database, guide: Guide) -> None:
    await opened(stored, guide.ecoute)
    home = await claimed(stored, MIDNIGHT)
    assert home is not None
    assert await claimed(stored, MIDNIGHT) is None
    assert await claimed(stored, MIDNIGHT + MINUTE) == replace(home, shown="")  # who knows what was shown
    await stored.write(lambda tx: home_shown(tx, home, "second", None))
    assert not await due(stored, MIDNIGHT + timedelta(days=9))


async def test_whoever_is_told_something_has_his_home_looked_at(stored: Database, guide: Guide) -> None:
    account = await opened(stored, guide.ecoute)
    await opened(stored, guide.agathe)
    await add(stored, guide, guide.ecoute, NoticeKind.INVITED)
    assert await claimed(stored) == Home(account, "first", 1)
    assert await claimed(stored) is None


@pytest.mark.parametrize("kind", [NoticeKind.REMINDER, NoticeKind.SUMMARY])
async def test_what_only_reminds_changes_nothing(stored: Database, guide: Guide, kind: NoticeKind) -> None:
    await opened(stored, guide.ecoute)
    await add(stored, guide, guide.ecoute, kind)
    assert not await due(stored)


async def test_what_settles_later_is_looked_at_then(stored: Database, guide: Guide) -> None:
    await opened(stored, guide.ecoute)
    settles = START + timedelta(seconds=10)
    await add(stored, guide, guide.ecoute, NoticeKind.REFRESH, settles)
    assert not await due(stored, settles)
    await stored.write(lambda tx: tx.outbox.claim_due(settles, settles + MINUTE, 9))
    assert await due(stored, settles)


async def test_a_mark_that_comes_while_it_is_being_shown_is_not_lost(stored: Database, guide: Guide) -> None:
    await opened(stored, guide.ecoute)
    await add(stored, guide, guide.ecoute, NoticeKind.INVITED)
    home = await claimed(stored)
    assert home is not None
    await add(stored, guide, guide.ecoute, NoticeKind.REFRESH)
    await stored.write(lambda tx: home_shown(tx, home, "second", MIDNIGHT))
    assert await claimed(stored) == replace(home, shown="second", mark=2)


async def test_what_changed_comes_before_what_midnight_changes(stored: Database, guide: Guide) -> None:
    workers = [guide.agathe, guide.seforme, guide.ecoute]
    accounts = [await opened(stored, worker) for worker in workers]
    now = MIDNIGHT + MINUTE
    await add(stored, guide, guide.ecoute, NoticeKind.REFRESH, now, now)
    await stored.write(lambda tx: tx.choices.save(guide.seforme.id, Preferences(locale="en"), None))
    found = [await claimed(stored, now) for _ in workers]
    assert [home.account for home in found if home] == [accounts[1], accounts[2], accounts[0]]


async def test_a_workspace_that_is_busy_is_passed_over(stored: Database, guide: Guide) -> None:
    await opened(stored, guide.agathe, "T1")
    other = await opened(stored, guide.ecoute, "T2")
    assert (await claimed(stored, MIDNIGHT, ("T1",))) == Home(other, "first", 0)
    assert await claimed(stored, MIDNIGHT, ("T1", "T2")) is None


async def test_who_opens_it_while_another_looks_after_it_leaves_it_to_him(stored: Database, guide: Guide) -> None:
    account = await opened(stored, guide.ecoute)
    home = await claimed(stored, MIDNIGHT)
    assert home is not None
    assert await stored.write(lambda tx: open_home(tx, account.id, MIDNIGHT, MIDNIGHT + MINUTE)) is None
    await stored.write(lambda tx: home_shown(tx, home, "second", None))
    assert await claimed(stored, MIDNIGHT) == replace(home, shown="second", mark=1)


async def test_one_that_cannot_be_shown_is_tried_later_or_forgotten(stored: Database, guide: Guide) -> None:
    await opened(stored, guide.ecoute)
    home = await claimed(stored, MIDNIGHT)
    assert home is not None
    await stored.write(lambda tx: postpone_home(tx, home, MIDNIGHT + MINUTE))
    assert await claimed(stored, MIDNIGHT) is None
    assert await claimed(stored, MIDNIGHT + MINUTE) == replace(home, shown="")
    await stored.write(lambda tx: close_home(tx, home))
    assert not await due(stored, MIDNIGHT + timedelta(days=9))


async def test_no_home_is_claimed_twice(stored: Database, url: str, guide: Guide) -> None:
    def open_many(tx: Transaction) -> set[int]:
        accounts = [tx.accounts.link(guide.ecoute.id, "slack", "T1", f"U{n}", current=True) for n in range(40)]
        for account in accounts:
            home_shown(tx, cast("Home", open_home(tx, account.id, START, START + MINUTE)), "shown", START)
        return {account.id for account in accounts}

    accounts = await stored.write(open_many)
    claimed = [account_id for found in together(2, claim_homes, url) for account_id in found]
    assert (len(claimed), set(claimed)) == (40, accounts)


async def test_an_import_and_a_new_owner_make_it_due(stored: Database, guide: Guide) -> None:
    await opened(stored, guide.ecoute)
    await stored.write(lambda tx: mark_every_home(tx, START))
    home = await claimed(stored)
    assert home is not None
    await stored.write(lambda tx: home_shown(tx, home, "first", MIDNIGHT))
    await stored.write(lambda tx: tx.accounts.link(guide.seforme.id, "slack", "T1", "ecoute", current=True))
    again = await claimed(stored)
    assert again is not None
    assert (again.account.worker_id, again.mark) == (guide.seforme.id, 2)
    await stored.write(lambda tx: tx.accounts.unlink(again.account))
    assert not await due(stored, MIDNIGHT)
