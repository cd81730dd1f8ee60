"""What workers choose for themselves: their language and zone show at once, wherever they are read."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from core.availability import Shown
from core.people import PartyRef, Worker
from core.ports import Database, Transaction
from core.preferences import Preferences
from tests.builders import Guide
from tests.clock import START

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CHOSEN = Preferences(
    locale="en",
    zone="America/New_York",
    reminders=(DAY, 90 * MINUTE),
    summary_at=time(7, 30),
    shown=Shown(availability=False, external=True),
)


async def choose(database: Database, worker: Worker, preferences: Preferences, due: datetime | None = None) -> None:
    await database.write(lambda tx: tx.choices.save(worker.id, preferences, due))


async def chosen(database: Database, worker: Worker) -> Preferences:
    return (await database.read(lambda tx: tx.choices.of([worker.id])))[worker.id]


async def due(database: Database, now: datetime, limit: int = 10) -> list[tuple[int, datetime]]:
    return await database.read(lambda tx: tx.choices.summaries_due(now, limit))


async def test_who_has_chosen_nothing_has_the_defaults(database: Database, guide: Guide) -> None:
    await choose(database, guide.ecoute, CHOSEN)
    found = await database.read(lambda tx: tx.choices.of([guide.agathe.id, guide.ecoute.id]))
    assert found == {guide.agathe.id: Preferences(), guide.ecoute.id: CHOSEN}
    assert await database.read(lambda tx: tx.choices.of([])) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"locale": ""},
        {"zone": ""},
        {"reminders": None},
        {"reminders": ()},
        {"reminders": (MINUTE,)},
        {"summary_at": None},
        {"summary_at": time(0, 0)},
        {"summary_at": time(23, 59)},
        {"shown": Shown()},
    ],
)
async def test_every_choice_is_kept(database: Database, guide: Guide, changes: dict[str, object]) -> None:
    await choose(database, guide.ecoute, CHOSEN)
    other = replace(CHOSEN, **changes)  # type: ignore[arg-type]
    await choose(database, guide.ecoute, other)
    assert await chosen(database, guide.ecoute) == other
    await choose(database, guide.ecoute, Preferences())
    assert await chosen(database, guide.ecoute) == Preferences()


def everywhere(tx: Transaction, worker: Worker) -> list[Worker]:
    """The worker, in each way in which he is read."""
    account = tx.accounts.find("web", "local", worker.handle)
    found = tx.people.find([worker.ref])[PartyRef(worker.ref.kind, worker.id)]
    everybody = {w.id: w for w in tx.people.workers()}
    [sought] = tx.people.search_workers(worker.name, 5)
    return [
        tx.people.worker(worker.id),
        *(w for w in (tx.people.worker_by_handle(worker.handle), tx.people.worker_by_email(worker.email)) if w),
        *([account[1]] if account else []),
        *([found] if isinstance(found, Worker) else []),
        everybody[worker.id],
        sought,
    ]


async def test_his_language_and_zone_are_read_everywhere(database: Database, guide: Guide) -> None:
    worker = guide.ecoute
    await database.write(lambda tx: tx.accounts.link(worker.id, "web", "local", worker.handle, current=True))
    assert await database.read(lambda tx: everywhere(tx, worker)) == [worker] * 7
    await choose(database, worker, CHOSEN)
    own = replace(worker, locale="en", zone="America/New_York")
    assert await database.read(lambda tx: everywhere(tx, worker)) == [own] * 7
    await choose(database, worker, replace(CHOSEN, zone=""))
    assert await database.read(lambda tx: everywhere(tx, worker)) == [replace(worker, locale="en")] * 7
    await choose(database, worker, Preferences())
    assert await database.read(lambda tx: everywhere(tx, worker)) == [worker] * 7


async def test_an_import_changes_what_he_has_not_chosen(database: Database, guide: Guide) -> None:
    await choose(database, guide.ecoute, replace(CHOSEN, locale=""))
    imported = replace(guide.ecoute, job="Psychologue", locale="en", zone="Europe/Paris")
    seen = replace(imported, zone="America/New_York")
    assert await database.write(lambda tx: tx.people.save_worker(imported)) == seen
    renamed = replace(imported, handle="ecoute2")
    assert await database.write(lambda tx: tx.people.save_worker(renamed)) == replace(seen, handle="ecoute2")
    assert (await chosen(database, guide.ecoute)).zone == "America/New_York"
    await choose(database, guide.ecoute, Preferences())
    assert await database.read(lambda tx: tx.people.worker(guide.ecoute.id)) == renamed


async def test_summaries_fall_due_the_oldest_first(database: Database, guide: Guide) -> None:
    for age, worker in enumerate((guide.ecoute, guide.agathe, guide.seforme)):
        await choose(database, worker, CHOSEN, START - age * MINUTE)
    await choose(database, guide.stranger, CHOSEN, START + MINUTE)
    in_order = [
        (guide.seforme.id, START - 2 * MINUTE),
        (guide.agathe.id, START - MINUTE),
        (guide.ecoute.id, START),
    ]
    assert await due(database, START) == in_order
    assert await due(database, START, limit=2) == in_order[:2]
    await choose(database, guide.agathe, replace(CHOSEN, summary_at=None))
    assert await due(database, START) == [in_order[0], in_order[2]]


async def test_a_summary_is_moved_on_once(database: Database, guide: Guide) -> None:
    worker_id = guide.ecoute.id

    async def move(at: datetime, after: datetime) -> bool:
        return await database.write(lambda tx: tx.choices.summary_next(worker_id, at, after))

    assert not await move(START, START + DAY)
    await choose(database, guide.ecoute, CHOSEN, START)
    assert await move(START, START + DAY)
    assert not await move(START, START + DAY)
    assert await due(database, START) == []
    assert await due(database, START + DAY) == [(worker_id, START + DAY)]
    assert await chosen(database, guide.ecoute) == CHOSEN
