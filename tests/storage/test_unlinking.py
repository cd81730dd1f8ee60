"""An account that is forgotten takes along what only a stored database holds."""

import asyncio
from threading import Thread

import sqlalchemy as sa

import storage
from core.ports import Database, Transaction
from storage.tables import homes
from tests.builders import Guide, store_guide
from tests.storage.conftest import execute

LONG_ENOUGH = 0.5
"""For a link that nothing holds up, in seconds; one that waits as it should only makes the test last so long."""


async def test_its_home_goes_with_it(stored: Database) -> None:
    guide: Guide = await stored.write(store_guide)

    def work(tx: Transaction) -> list[int]:
        first, second = (
            tx.accounts.link(guide.ecoute.id, "slack", tenant, "U1", current=True) for tenant in ("T1", "T2")
        )
        for account in (first, second):
            execute(tx, "INSERT INTO homes (account_id, digest, mark) VALUES (:id, '', 0)", id=account.id)
        tx.accounts.unlink(first)
        assert tx.accounts.of_worker(guide.ecoute.id) == [second]
        return [second.id, *tx.connection.scalars(sa.select(homes.c.account_id))]  # type: ignore[attr-defined]

    second, left = await stored.write(work)
    assert left == second


async def test_who_links_it_while_it_is_forgotten_has_it_anew(stored: Database, url: str) -> None:
    guide: Guide = await stored.write(store_guide)
    where = ("slack", "T1", "U1")
    known = await stored.write(lambda tx: tx.accounts.link(guide.ecoute.id, *where, current=True))

    async def link() -> None:
        database = storage.open_database(url)
        await database.write(lambda tx: tx.accounts.link(guide.agathe.id, *where, current=True))
        await database.close()

    linking = Thread(target=lambda: asyncio.run(link()))

    def forget(tx: Transaction) -> None:
        tx.accounts.unlink(known)
        if linking.ident is None:
            linking.start()
            linking.join(LONG_ENOUGH)

    await stored.write(forget)
    await asyncio.to_thread(linking.join)
    found = await stored.read(lambda tx: tx.accounts.find(*where))
    assert found is not None
    assert found[1] == guide.agathe
