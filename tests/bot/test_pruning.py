"""What nobody can use any more is forgotten, every hour."""

from datetime import timedelta

import pytest

from bot import bootstrap
from bot.pruning import EVERY, KEPT, pruning_job
from bot.scheduler import Job
from bot.settings import Settings
from core.ports import Database, Transaction
from storage.drafts import find_draft, save_draft
from tests.builders import store_guide
from tests.clock import SetClock


async def run(job: Job) -> None:
    ran = job.run()
    assert ran is not None
    await ran


async def test_old_drafts_and_codes_go_and_new_ones_stay(db: Database) -> None:
    clock = SetClock()
    guide = await db.write(store_guide)

    def leave(tx: Transaction, name: str, worker_id: int) -> None:
        save_draft(tx, name, "{}", 0, clock.now())
        tx.codes.add(name, worker_id, clock.now())

    def left(tx: Transaction) -> list[str]:
        return [n for n in ("old", "new") if find_draft(tx, n) and tx.codes.find(n)]

    await db.write(lambda tx: leave(tx, "old", guide.agathe.id))
    clock.advance(seconds=1)
    await db.write(lambda tx: leave(tx, "new", guide.ecoute.id))
    clock.set(clock.now() + KEPT)
    await run(pruning_job(db, clock))
    assert await db.read(left) == ["new"]
    clock.advance(seconds=1)
    await run(pruning_job(db, clock))
    assert await db.read(left) == []


async def test_a_database_that_is_away_ends_no_job(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(db, "write", away)
    await run(pruning_job(db, SetClock()))


async def test_the_product_does_so_every_hour(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs: list[Job] = []
    monkeypatch.setattr(bootstrap, "Scheduler", jobs.extend)
    runtime = bootstrap.build(Settings(database_url=sqlite_url, secret_key="x" * 40), demo=False)
    await runtime.db.close()
    assert {job.name: job.every for job in jobs}["pruning"] == EVERY == timedelta(hours=1)
