"""Availability ranges, one by one and all of several people's at once."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from core.availability import AvailabilityRange
from core.errors import NotFound
from core.ports import Database
from tests.builders import Guide, make_range


async def of(database: Database, *worker_ids: int) -> list[AvailabilityRange]:
    return await database.read(lambda tx: tx.agendas.ranges_of(worker_ids))


async def save(database: Database, found: AvailabilityRange) -> AvailabilityRange:
    return await database.write(lambda tx: tx.agendas.save_range(found))


async def test_the_ranges_of_several_come_by_id(database: Database, guide: Guide) -> None:
    added = await save(database, make_range(guide.seforme, rule=""))
    found = await of(database, guide.ecoute.id, guide.seforme.id, guide.ecoute.id)
    assert [r.worker_id for r in found] == [guide.seforme.id, guide.ecoute.id, guide.seforme.id]
    assert [r.id for r in found] == sorted(r.id for r in found)
    assert found[-1] == added
    assert await of(database) == []


@pytest.mark.parametrize(
    "kinds", [frozenset(), frozenset({"Accueil"}), frozenset({"Suivi, budget; dettes", "Ménage\nà deux", "ﷺ 👍", " "})]
)
async def test_a_range_keeps_its_kinds(database: Database, guide: Guide, kinds: frozenset[str]) -> None:
    stored = await save(database, make_range(guide.stranger, kinds=kinds))
    assert stored.kinds == kinds
    assert (await of(database, guide.stranger.id))[-1] == stored
    replaced = [make_range(guide.stranger, kinds=kinds)]
    await database.write(lambda tx: tx.agendas.replace_ranges(guide.stranger.id, replaced))
    assert [r.kinds for r in await of(database, guide.stranger.id)] == [kinds]


async def test_a_new_range_is_added_to_the_others(database: Database, guide: Guide) -> None:
    before = await of(database, guide.agathe.id)
    added = await save(database, make_range(guide.agathe, starts=time(18)))
    assert added.id > 0
    assert await of(database, guide.agathe.id) == [*before, added]
    assert await database.write(lambda tx: tx.agendas.edit_ranges(guide.agathe.id)) == [*before, added]


async def test_a_range_is_changed_in_its_place(database: Database, guide: Guide) -> None:
    second = await save(database, make_range(guide.agathe, rule=""))
    [first, _] = await of(database, guide.agathe.id)
    changed = replace(
        first,
        place_id=None,
        first_day=date(2026, 2, 2),
        starts=time(22, 30),
        lasts=timedelta(hours=3, minutes=45),
        zone="Europe/London",
        rule="FREQ=MONTHLY;BYDAY=1MO",
        except_days=frozenset({date(2026, 4, 6)}),
        kinds=frozenset({"Accueil"}),
    )
    assert await save(database, changed) == changed
    assert await of(database, guide.agathe.id) == [changed, second]


async def test_a_range_is_deleted_alone(database: Database, guide: Guide) -> None:
    second = await save(database, make_range(guide.agathe, rule=""))
    [first, _] = await of(database, guide.agathe.id)
    await database.write(lambda tx: tx.agendas.delete_range(guide.agathe.id, first.id))
    assert await of(database, guide.agathe.id) == [second]
    assert len(await of(database, guide.seforme.id)) == 1


async def test_only_ones_own_range_can_be_changed_or_deleted(database: Database, guide: Guide) -> None:
    [own] = await of(database, guide.seforme.id)
    for stolen in (replace(own, worker_id=guide.agathe.id), replace(own, id=404), replace(own, id=2**70)):
        with pytest.raises(NotFound):
            await save(database, stolen)
        with pytest.raises(NotFound):
            await database.write(lambda tx, r=stolen: tx.agendas.delete_range(r.worker_id, r.id))
    assert await of(database, guide.seforme.id) == [own]
