"""One code, one account; and nobody mutes the last two accounts at once: the database decides."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

import storage
from core.errors import LastAccount
from core.people import Account
from core.ports import Database, Transaction
from tests.builders import Guide, store_guide
from tests.clock import START
from tests.storage.processes import PROCESSES, spend_code, together

LATER = START + timedelta(minutes=10)


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' connections to one database."""
    one, other = storage.open_database(url), storage.open_database(url)
    yield one, other
    await one.close()
    await other.close()


async def prepared(db: Database) -> tuple[Guide, list[Account]]:
    """Store the guide's people; agathe has an account on each of two platforms."""
    guide = await db.write(store_guide)

    def link(tx: Transaction) -> list[Account]:
        return [tx.accounts.link(guide.agathe.id, p, "T", "agathe", current=True) for p in ("slack", "teams")]

    return guide, await db.write(link)


async def test_a_code_that_two_use_at_once_is_spent_on_one_account(two: tuple[Database, Database]) -> None:
    guide, accounts = await prepared(two[0])
    await two[0].write(lambda tx: tx.codes.add("digest", guide.ecoute.id, LATER))

    async def use(db: Database, account: Account) -> bool:
        return await db.write(lambda tx: tx.codes.use("digest", account.id))

    assert sorted(await asyncio.gather(*map(use, two, accounts))) == [False, True]


@pytest.mark.slow
async def test_a_code_that_many_use_at_once_is_spent_on_one_account(url: str, two: tuple[Database, Database]) -> None:
    guide, accounts = await prepared(two[0])
    await two[0].write(lambda tx: tx.codes.add("digest", guide.ecoute.id, LATER))
    spent = await asyncio.to_thread(together, PROCESSES, spend_code, url, [a.id for a in accounts])
    (winner,) = [account_id for found in spent for account_id in found]
    code = await two[0].read(lambda tx: tx.codes.find("digest"))
    assert code is not None
    assert code.account_id == winner


async def test_of_two_codes_asked_for_at_once_one_is_valid(two: tuple[Database, Database]) -> None:
    guide, _ = await prepared(two[0])

    def add(digest: str) -> Callable[[Transaction], None]:
        return lambda tx: tx.codes.add(digest, guide.agathe.id, LATER)

    await asyncio.gather(*(db.write(add(f"{n}")) for n in range(10) for db in two[n % 2 :][:1]))
    found = [await two[0].read(lambda tx, n=n: tx.codes.find(f"{n}")) for n in range(10)]  # type: ignore[misc]
    assert sum(code is not None for code in found) == 1


async def test_of_the_last_two_accounts_muted_at_once_one_goes_on(two: tuple[Database, Database]) -> None:
    guide, accounts = await prepared(two[0])

    async def mute(db: Database, account: Account) -> bool:
        try:
            await db.write(lambda tx: tx.accounts.mute(account, muted=True))
        except LastAccount:
            return False
        return True

    muted = await asyncio.gather(*map(mute, two, accounts))
    assert sorted(muted) == [False, True]
    left = await two[0].read(lambda tx: tx.accounts.of_worker(guide.agathe.id))
    assert [(a.muted, a.current) for a in left] == [(False, True), (True, False)]


async def test_of_two_preferred_at_once_one_is(two: tuple[Database, Database]) -> None:
    guide, accounts = await prepared(two[0])

    async def prefer(db: Database, account: Account) -> None:
        await db.write(lambda tx: tx.accounts.prefer(account, preferred=True))

    await asyncio.gather(*map(prefer, two, accounts))
    left = await two[0].read(lambda tx: tx.accounts.of_worker(guide.agathe.id))
    assert [(a.preferred, a.current, a.outranked) for a in left] == [(True, True, False), (False, False, True)]
