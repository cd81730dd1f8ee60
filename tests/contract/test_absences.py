"""Absences, limits and the toggles of each viewer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.availability import Absence, AbsenceKind, Limits, Shown
from core.errors import NotFound
from core.ports import Database
from core.times import Interval
from tests.builders import ZONE, Guide, between

WEEK = between("2026-02-02 00:00", "2026-02-07 00:00")
LIMITS = Limits(
    notice=timedelta(days=2),
    before=timedelta(minutes=15),
    after=timedelta(minutes=5),
    travel=timedelta(hours=1),
    daily=4,
)


async def save(database: Database, absence: Absence) -> Absence:
    return await database.write(lambda tx: tx.agendas.save_absence(absence))


async def found(database: Database, guide: Guide, window: Interval = WEEK) -> list[Absence]:
    ids = [w.id for w in guide.workers]
    return await database.read(lambda tx: tx.agendas.absences(ids, window))


@pytest.mark.parametrize("kind", list(AbsenceKind))
async def test_an_absence_keeps_every_field(database: Database, guide: Guide, kind: AbsenceKind) -> None:
    absence = Absence(0, guide.agathe.id, kind, WEEK, "America/New_York")
    stored = await save(database, absence)
    assert stored.id > 0
    assert stored == replace(absence, id=stored.id)
    assert await found(database, guide) == [stored]


@pytest.mark.parametrize(
    ("during", "seen"),
    [
        (between("2025-06-01 00:00", "2026-02-02 00:00"), False),
        (between("2025-06-01 00:00", "2026-02-02 00:01"), True),
        (between("2025-06-01 00:00", "2027-06-01 00:00"), True),
        (between("2026-02-06 23:59", "2026-02-08 00:00"), True),
        (between("2026-02-07 00:00", "2026-02-08 00:00"), False),
    ],
)
async def test_an_absence_of_any_length_is_found_by_what_it_touches(
    database: Database, guide: Guide, during: Interval, seen: bool
) -> None:
    await save(database, Absence(0, guide.agathe.id, AbsenceKind.LEAVE, during, ZONE))
    assert len(await found(database, guide)) == seen


async def test_absences_of_those_asked_for_come_by_start(database: Database, guide: Guide) -> None:
    days = [between(f"2026-02-0{day} 00:00", f"2026-02-0{day + 1} 00:00") for day in (5, 3, 3)]
    owners = (guide.agathe, guide.seforme, guide.ecoute)
    later, first, second = [
        await save(database, Absence(0, owner.id, AbsenceKind.OTHER, day, ZONE))
        for owner, day in zip(owners, days, strict=True)
    ]
    assert await found(database, guide) == [first, second, later]
    assert await database.read(lambda tx: tx.agendas.absences([guide.seforme.id], WEEK)) == [first]
    assert await database.read(lambda tx: tx.agendas.absences([], WEEK)) == []


async def test_an_absence_is_changed_and_deleted(database: Database, guide: Guide) -> None:
    stored = await save(database, Absence(0, guide.agathe.id, AbsenceKind.LEAVE, WEEK, ZONE))
    kept = await save(database, Absence(0, guide.agathe.id, AbsenceKind.LEAVE, WEEK, ZONE))
    changed = replace(stored, kind=AbsenceKind.SICKNESS, during=between("2026-02-03 09:00", "12:00"), zone="UTC")
    assert await save(database, changed) == changed
    assert await found(database, guide) == [kept, changed]
    await database.write(lambda tx: tx.agendas.delete_absence(guide.agathe.id, changed.id))
    assert await found(database, guide) == [kept]


async def test_only_ones_own_absence_can_be_changed_or_deleted(database: Database, guide: Guide) -> None:
    own = await save(database, Absence(0, guide.agathe.id, AbsenceKind.LEAVE, WEEK, ZONE))
    for stolen in (replace(own, worker_id=guide.seforme.id), replace(own, id=404), replace(own, id=2**70)):
        with pytest.raises(NotFound):
            await save(database, stolen)
        with pytest.raises(NotFound):
            await database.write(lambda tx, a=stolen: tx.agendas.delete_absence(a.worker_id, a.id))
    assert await found(database, guide) == [own]


async def test_limits_are_those_of_who_has_chosen_them(database: Database, guide: Guide) -> None:
    ids = [w.id for w in guide.workers]
    assert await database.read(lambda tx: tx.agendas.limits(ids)) == {}
    await database.write(lambda tx: tx.agendas.save_limits(guide.seforme.id, Limits(daily=9)))
    await database.write(lambda tx: tx.agendas.save_limits(guide.seforme.id, LIMITS))
    await database.write(lambda tx: tx.agendas.save_limits(guide.ecoute.id, Limits()))
    assert await database.read(lambda tx: tx.agendas.limits(ids)) == {
        guide.seforme.id: LIMITS, guide.ecoute.id: Limits(),
    }  # fmt: skip
    assert await database.read(lambda tx: tx.agendas.limits([guide.agathe.id])) == {}
    assert await database.read(lambda tx: tx.agendas.limits([])) == {}


async def test_toggles_are_each_viewers_own(database: Database, guide: Guide) -> None:
    ids = [w.id for w in guide.workers]
    hidden, half = Shown(availability=False, external=False), Shown(external=False)
    await database.write(lambda tx: tx.agendas.save_shown(guide.agathe.id, guide.seforme.id, half))
    await database.write(lambda tx: tx.agendas.save_shown(guide.agathe.id, guide.seforme.id, hidden))
    await database.write(lambda tx: tx.agendas.save_shown(guide.agathe.id, guide.agathe.id, half))
    assert await database.read(lambda tx: tx.agendas.shown(guide.agathe.id, ids)) == {
        guide.seforme.id: hidden, guide.agathe.id: half,
    }  # fmt: skip
    assert await database.read(lambda tx: tx.agendas.shown(guide.agathe.id, [guide.agathe.id])) == {
        guide.agathe.id: half,
    }  # fmt: skip
    assert await database.read(lambda tx: tx.agendas.shown(guide.seforme.id, ids)) == {}
    assert await database.read(lambda tx: tx.agendas.shown(guide.agathe.id, [])) == {}
