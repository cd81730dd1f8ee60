"""Absences: one's own, and what falls in them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.absences import add_absence, change_absence, falling_in, remove_absence, whole_days
from core.availability import Absence, AbsenceKind
from core.errors import AbsenceTooLong, Away, EndsBeforeItStarts, InThePast, NotFound, OutOfYears, SkippedTime
from core.people import Worker
from core.times import Interval
from tests.builders import TUESDAY_AT_TEN, ZONE, between
from tests.core.world import World

WEEK = between("2026-01-26 00:00", "2026-01-31 00:00")
ALWAYS = Interval(datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))


async def add(world: World, worker: Worker, during: Interval = WEEK) -> Absence:
    now = world.clock.now()
    return await world.store(lambda tx: add_absence(tx, worker, AbsenceKind.LEAVE, during, now))


async def of(world: World, worker: Worker) -> list[Absence]:
    return await world.db.read(lambda tx: tx.agendas.absences([worker.id], ALWAYS))


async def test_an_absence_is_added_changed_and_removed(every_world: World) -> None:
    seforme, now = every_world.guide.seforme, every_world.clock.now()
    added = await add(every_world, seforme)
    assert await of(every_world, seforme) == [added]
    assert (added.worker_id, added.kind, added.during, added.zone) == (seforme.id, AbsenceKind.LEAVE, WEEK, ZONE)

    longer = Interval(WEEK.start, WEEK.end + timedelta(days=7))
    changed = await every_world.store(
        lambda tx: change_absence(tx, seforme, added.id, AbsenceKind.SICKNESS, longer, now)
    )
    assert await of(every_world, seforme) == [changed]
    assert (changed.id, changed.kind, changed.during) == (added.id, AbsenceKind.SICKNESS, longer)

    await every_world.store(lambda tx: remove_absence(tx, seforme, added.id))
    assert await of(every_world, seforme) == []
    with pytest.raises(NotFound):
        await every_world.store(lambda tx: remove_absence(tx, seforme, added.id))


async def test_nobody_touches_the_absence_of_another(every_world: World) -> None:
    guide, now = every_world.guide, every_world.clock.now()
    added = await add(every_world, guide.seforme)
    with pytest.raises(NotFound):
        await every_world.store(
            lambda tx: change_absence(tx, guide.agathe, added.id, AbsenceKind.OTHER, TUESDAY_AT_TEN, now)
        )
    with pytest.raises(NotFound):
        await every_world.store(lambda tx: remove_absence(tx, guide.agathe, added.id))
    assert await of(every_world, guide.seforme) == [added]
    assert await of(every_world, guide.agathe) == []


@pytest.mark.parametrize(
    ("start", "end", "error"),
    [
        ("2026-01-19 00:00", "2026-01-20 09:00", InThePast),
        ("2026-01-20 00:00", "2027-01-22 00:00", AbsenceTooLong),
        ("2026-01-20 00:00", "2926-01-20 00:00", AbsenceTooLong),
        ("2100-12-01 00:00", "2101-01-02 00:00", OutOfYears),
        ("2926-01-20 00:00", "2926-01-21 00:00", OutOfYears),
    ],
)
async def test_what_is_no_absence_is_refused(world: World, start: str, end: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        await add(world, world.guide.seforme, between(start, end))
    assert await of(world, world.guide.seforme) == []


async def test_one_that_has_begun_can_be_entered(world: World) -> None:
    await add(world, world.guide.seforme, between("2026-01-05 00:00", "2026-01-20 09:15"))
    # a leap year's worth of whole days, an hour longer for the two clock changes that are not both in it
    await add(world, world.guide.seforme, whole_days(date(2026, 3, 29), date(2027, 3, 28), ZONE))
    assert len(await of(world, world.guide.seforme)) == 2


def test_whole_days_last_from_midnight_to_midnight() -> None:
    assert whole_days(date(2026, 3, 29), date(2026, 3, 29), ZONE).duration == timedelta(hours=23)
    assert whole_days(date(2026, 1, 26), date(2026, 1, 30), ZONE) == WEEK
    assert whole_days(date(2026, 1, 26), date(2026, 1, 26), "Asia/Tokyo").start == datetime(2026, 1, 25, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "error"),
    [
        (date(2026, 1, 27), date(2026, 1, 26), EndsBeforeItStarts),
        (date(1969, 12, 31), date(2026, 1, 26), OutOfYears),
        (date(2026, 1, 27), date.max, OutOfYears),
    ],
)
def test_days_that_make_no_absence_are_refused(first: date, last: date, error: type[Exception]) -> None:
    with pytest.raises(error):
        whole_days(first, last, ZONE)


def test_a_day_that_the_zone_left_out_is_no_absence() -> None:
    with pytest.raises(SkippedTime):
        whole_days(date(2011, 12, 30), date(2011, 12, 30), "Pacific/Apia")
    assert whole_days(date(2011, 12, 29), date(2011, 12, 31), "Pacific/Apia").duration == timedelta(days=2)


async def test_what_falls_in_it_is_listed_and_stays(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    inside = await world.book(guide.agathe)
    partly = await world.book(guide.agathe, during=between("2026-01-26 16:00", "17:00"))
    cancelled = await world.book(guide.agathe, during=between("2026-01-28 10:00", "11:00"))
    await world.cancel(guide.agathe, cancelled)
    world.clock.advance(minutes=1)
    await world.book(guide.agathe, during=between("2026-02-03 10:00", "11:00"))
    thursday = between("2026-01-29 10:00", "11:00")
    invited = (guide.gisele.ref, guide.seforme.ref)
    await world.book(guide.agathe, main_worker_id=guide.ecoute.id, during=thursday, parties=invited)
    away = between("2026-01-26 16:30", "2026-01-31 00:00")
    await add(world, guide.seforme, away)

    falling = await world.db.read(lambda tx: falling_in(tx, guide.seforme.id, away, world.clock.now()))
    assert [a.id for a in falling] == [partly.id, inside.id]
    assert await world.find(inside) == inside
    later = between("2026-01-26 16:10", "17:00").start
    falling = await world.db.read(lambda tx: falling_in(tx, guide.seforme.id, away, later))
    assert [a.id for a in falling] == [inside.id]


async def test_a_colleague_is_not_booked_on_it(every_world: World) -> None:
    await add(every_world, every_world.guide.seforme)
    with pytest.raises(Away):
        await every_world.book(every_world.guide.agathe)
