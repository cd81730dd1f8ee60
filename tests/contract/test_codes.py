"""One-time codes: who asked for one, until when it is valid, and that one account spends it."""

from datetime import timedelta

from core.people import Account, LinkCode
from core.ports import Database
from tests.builders import Guide
from tests.clock import START

TEN_MINUTES = START + timedelta(minutes=10)


async def account_of(database: Database, guide: Guide, external_id: str = "U1") -> Account:
    return await database.write(lambda tx: tx.accounts.link(guide.ecoute.id, "teams", "T1", external_id, current=True))


async def test_a_code_is_found_with_its_worker_until_it_is_spent_and_after(database: Database, guide: Guide) -> None:
    account = await account_of(database, guide)
    await database.write(lambda tx: tx.codes.add("digest", guide.agathe.id, TEN_MINUTES))

    assert await database.read(lambda tx: tx.codes.find("digest")) == LinkCode(guide.agathe.id, TEN_MINUTES)
    assert await database.read(lambda tx: tx.codes.find("other")) is None
    assert await database.write(lambda tx: tx.codes.use("digest", account.id))
    assert await database.read(lambda tx: tx.codes.find("digest")) == LinkCode(guide.agathe.id, TEN_MINUTES, account.id)


async def test_a_code_is_spent_once(database: Database, guide: Guide) -> None:
    first, second = [await account_of(database, guide, external_id) for external_id in ("U1", "U2")]
    await database.write(lambda tx: tx.codes.add("digest", guide.agathe.id, TEN_MINUTES))
    assert not await database.write(lambda tx: tx.codes.use("other", first.id))
    assert await database.write(lambda tx: tx.codes.use("digest", first.id))
    assert not await database.write(lambda tx: tx.codes.use("digest", second.id))
    assert not await database.write(lambda tx: tx.codes.use("digest", first.id))


async def test_a_new_code_is_the_only_one_that_may_still_be_spent(database: Database, guide: Guide) -> None:
    account = await account_of(database, guide)
    for digest, worker in (("spent", guide.agathe), ("old", guide.agathe), ("ecoute’s", guide.ecoute)):
        await database.write(lambda tx, digest=digest, worker=worker: tx.codes.add(digest, worker.id, TEN_MINUTES))  # type: ignore[misc]
        if digest == "spent":
            await database.write(lambda tx: tx.codes.use("spent", account.id))
    await database.write(lambda tx: tx.codes.add("new", guide.agathe.id, TEN_MINUTES))

    found = {d: await database.read(lambda tx, d=d: tx.codes.find(d)) for d in ("spent", "old", "ecoute’s", "new")}  # type: ignore[misc]
    assert {digest: code is not None for digest, code in found.items()} == {
        "spent": True,
        "old": False,
        "ecoute’s": True,
        "new": True,
    }


async def test_codes_that_expired_are_forgotten(database: Database, guide: Guide) -> None:
    await database.write(lambda tx: tx.codes.add("old", guide.agathe.id, TEN_MINUTES))
    await database.write(lambda tx: tx.codes.add("new", guide.ecoute.id, TEN_MINUTES + timedelta(seconds=1)))
    await database.write(lambda tx: tx.codes.prune(TEN_MINUTES + timedelta(seconds=1)))
    assert await database.read(lambda tx: tx.codes.find("old")) is None
    assert await database.read(lambda tx: tx.codes.find("new")) is not None


async def test_the_code_goes_with_the_account_it_was_spent_on(database: Database, guide: Guide) -> None:
    account = await account_of(database, guide)
    await database.write(lambda tx: tx.codes.add("digest", guide.agathe.id, TEN_MINUTES))
    await database.write(lambda tx: tx.codes.use("digest", account.id))
    await database.write(lambda tx: tx.accounts.unlink(account))
    assert await database.read(lambda tx: tx.codes.find("digest")) is None
