"""One’s own availability: added, changed, removed and copied; refused in words, and nothing half-saved."""

import asyncio
from datetime import date, time, timedelta
from typing import Any

import pytest

from core.appointments import Appointment
from core.errors import (
    BadFrequency,
    BadRule,
    BadText,
    EndsBeforeItStarts,
    InThePast,
    NotFound,
    OutOfYears,
    OutsideAvailability,
    RangeTooLong,
    RdvError,
    SkippedTime,
    Stale,
    TextTooLong,
    TooManyKinds,
    TooManyRanges,
    UnknownRule,
    UnknownZone,
)
from core.ranges import open_ranges
from core.rules import MOST_RANGES
from core.series import Scope
from core.stranding import Strands
from tests.builders import ZONE, between, make_range
from tests.core.planner import TUESDAY, WEDNESDAY, YEAR, Planner, refused
from tests.core.world import World


@pytest.fixture
async def seforme(world: World) -> Planner:
    """Seforme, who has no range yet."""
    planner = Planner(world, world.guide.seforme)
    await planner.put()
    return planner


@pytest.fixture
async def everywhere(every_world: World) -> Planner:
    """The same on each database in turn."""
    planner = Planner(every_world, every_world.guide.seforme)
    await planner.put()
    return planner


async def test_a_range_is_added_with_its_place_and_kinds(everywhere: Planner) -> None:
    place_id = everywhere.world.guide.gembloux.id
    kinds = frozenset({"Bilan", "  Visite  à domicile ", "BILAN", " "})
    added = await everywhere.add(place_id=place_id, kinds=kinds, rule="freq=weekly;until=20260630")
    assert await everywhere.ranges() == [added]
    assert added.id
    assert (added.first_day, added.starts, added.lasts) == (TUESDAY, time(9), timedelta(hours=3))
    assert (added.place_id, added.zone, added.rule) == (place_id, ZONE, "FREQ=WEEKLY;UNTIL=20260630T000000Z")
    assert added.kinds in ({"Bilan", "Visite à domicile"}, {"BILAN", "Visite à domicile"})


@pytest.mark.parametrize(
    ("rule", "first_day"),
    [
        ("FREQ=WEEKLY;BYDAY=TU", TUESDAY),
        ("FREQ=WEEKLY;BYDAY=MO,WE", WEDNESDAY),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", date(2026, 2, 2)),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=FR", date(2026, 1, 30)),
        ("FREQ=MONTHLY;BYDAY=1MO", date(2026, 2, 2)),
        ("FREQ=MONTHLY;BYMONTHDAY=31;INTERVAL=3", date(2026, 1, 31)),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2028, 2, 29)),
        ("", TUESDAY),
    ],
)
async def test_a_range_begins_on_the_first_day_that_suits_its_rule(
    seforme: Planner, rule: str, first_day: date
) -> None:
    assert (await seforme.add(rule=rule)).first_day == first_day


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"rule": "FREQ=SECONDLY"}, BadFrequency),
        ({"rule": "FREQ=MINUTELY;COUNT=3"}, BadFrequency),
        ({"rule": "FREQ=HOURLY"}, BadFrequency),
        ({"rule": "FREQ=DAILY;COUNT=1000000000"}, BadRule),
        ({"rule": "FREQ=DAILY;COUNT=0"}, BadRule),
        ({"rule": "FREQ=DAILY;INTERVAL=1000000000"}, BadRule),
        ({"rule": "FREQ=DAILY;COUNT=2;UNTIL=20260201"}, BadRule),
        ({"rule": "FREQ=DAILY;UNTIL=29260127"}, OutOfYears),
        ({"rule": "FREQ=DAILY;UNTIL=20261332"}, BadRule),
        ({"rule": "FREQ=DAILY;UNTIL=tomorrow"}, BadRule),
        ({"rule": "FREQ=DAILY;UNTIL=20260126"}, UnknownRule),
        ({"rule": "every day"}, BadRule),
        ({"rule": "FREQ=DAILY\nRDATE:20260128"}, UnknownRule),
        ({"rule": "FREQ=DAILY;WKST=MO\nRRULE:FREQ=SECONDLY"}, UnknownRule),
        ({"rule": "FREQ=WEEKLY;BYDAY=XX"}, UnknownRule),
        ({"rule": "FREQ=WEEKLY;BYMONTH=13"}, UnknownRule),
        ({"rule": "FREQ=DAILY;BYMONTH=13"}, UnknownRule),
        ({"rule": "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2"}, UnknownRule),
        ({"rule": "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300"}, UnknownRule),
        ({"rule": "FREQ=YEARLY;BYEASTER=1"}, UnknownRule),
        ({"rule": "FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 10_000)}, BadRule),
        ({"lasts": timedelta(0)}, EndsBeforeItStarts),
        ({"lasts": timedelta(hours=-1)}, EndsBeforeItStarts),
        ({"lasts": timedelta(hours=24, seconds=1)}, RangeTooLong),
        ({"lasts": timedelta(days=900 * 365)}, RangeTooLong),
        ({"first_day": date(1969, 12, 31)}, OutOfYears),
        ({"first_day": date(2101, 1, 1)}, OutOfYears),
        ({"first_day": date.min}, OutOfYears),
        ({"first_day": date.max}, OutOfYears),
        ({"first_day": date(2026, 1, 19), "rule": ""}, InThePast),
        ({"first_day": date(2025, 1, 6), "rule": "FREQ=DAILY;COUNT=20"}, InThePast),
        ({"first_day": date(2025, 1, 6), "rule": "FREQ=DAILY;UNTIL=20260119"}, InThePast),
        ({"first_day": date(2026, 3, 29), "rule": "", "starts": time(2), "lasts": timedelta(hours=1)}, SkippedTime),
        ({"zone": "Europe/Gembloux"}, UnknownZone),
        ({"zone": ""}, UnknownZone),
        ({"zone": "../../etc/passwd"}, UnknownZone),
        ({"zone": "localtime"}, UnknownZone),
        ({"place_id": 999}, NotFound),
        ({"kinds": frozenset({"a\u202eb"})}, BadText),
        ({"kinds": frozenset({"a" * 61})}, TextTooLong),
        ({"kinds": frozenset(str(n) for n in range(21))}, TooManyKinds),
    ],
)
async def test_what_cannot_be_kept_is_refused_in_words(
    seforme: Planner, changes: dict[str, Any], error: type[RdvError]
) -> None:
    await refused(seforme, seforme.add(**changes), error)
    known = await seforme.add()
    if error is not InThePast:
        await refused(seforme, seforme.change(known, TUESDAY, Scope.ALL, **changes), error)


async def test_what_has_begun_but_is_not_over_can_be_added(seforme: Planner) -> None:
    await seforme.add(first_day=date(2026, 1, 20), rule="", starts=time(8), lasts=timedelta(hours=1, minutes=1))
    await seforme.add(first_day=date(2026, 1, 19), rule="", starts=time(22), lasts=timedelta(hours=12))
    await seforme.add(first_day=date(2025, 1, 6), rule="FREQ=DAILY;UNTIL=20260120")
    assert len(await seforme.ranges()) == 3


async def test_a_worker_has_a_thousand_ranges_at_most(seforme: Planner) -> None:
    several = [make_range(seforme.worker, first_day=TUESDAY, starts=time(n // 60, n % 60)) for n in range(MOST_RANGES)]
    first, *_ = await seforme.put(*several)
    await refused(seforme, seforme.add(), TooManyRanges)
    await refused(seforme, seforme.change(first, TUESDAY, Scope.ONE), TooManyRanges)
    await refused(seforme, seforme.copy_day(TUESDAY, WEDNESDAY + timedelta(days=3)), TooManyRanges)
    await seforme.change(first, TUESDAY, Scope.ALL)
    await seforme.remove(first, TUESDAY, Scope.ALL)
    assert len(await seforme.ranges()) == MOST_RANGES - 1


async def test_two_places_at_once_are_both_kept(seforme: Planner) -> None:
    place_id = seforme.world.guide.gembloux.id
    await seforme.add()
    await seforme.add(place_id=place_id)
    assert {o.place_id for o in open_ranges(await seforme.ranges(), YEAR)} == {None, place_id}


async def test_one_day_all_later_days_or_all_are_changed(everywhere: Planner) -> None:
    r = await everywhere.add(rule="FREQ=WEEKLY;COUNT=4")
    await everywhere.change(r, date(2026, 2, 3), Scope.ONE, starts=time(14))
    assert await everywhere.days() == ["01-27 08:00", "02-03 13:00", "02-10 08:00", "02-17 08:00"]
    await everywhere.change(r, date(2026, 2, 10), Scope.FOLLOWING, starts=time(10), rule="FREQ=WEEKLY;COUNT=4")
    assert await everywhere.days() == ["01-27 08:00", "02-03 13:00", "02-10 09:00", "02-17 09:00"]
    first = next(r for r in await everywhere.ranges() if r.first_day == TUESDAY)
    assert first.id == r.id
    await everywhere.change(first, TUESDAY, Scope.ALL, first_day=WEDNESDAY, rule=first.rule)
    assert await everywhere.days() == ["01-28 08:00", "02-03 13:00", "02-10 09:00", "02-17 09:00"]


async def test_one_day_all_later_days_or_all_are_removed(everywhere: Planner) -> None:
    r = await everywhere.add(rule="FREQ=WEEKLY;COUNT=4")
    await everywhere.remove(r, date(2026, 2, 3), Scope.ONE)
    await everywhere.remove(r, date(2026, 2, 17), Scope.FOLLOWING)
    assert await everywhere.days() == ["01-27 08:00", "02-10 08:00"]
    await everywhere.remove(r, TUESDAY, Scope.FOLLOWING)
    assert await everywhere.ranges() == []


async def test_a_day_that_is_no_longer_there_is_stale(seforme: Planner) -> None:
    r = await seforme.add()
    await seforme.remove(r, TUESDAY, Scope.ONE)
    for scope in Scope:
        await refused(seforme, seforme.change(r, TUESDAY, scope), Stale)
        await refused(seforme, seforme.remove(r, WEDNESDAY, scope), Stale)
    await refused(seforme, seforme.remove(r, date(2101, 1, 4), Scope.ONE), OutOfYears)
    await seforme.remove(r, date(2026, 2, 3), Scope.ALL)
    await refused(seforme, seforme.remove(r, date(2026, 2, 3), Scope.ALL), NotFound)


async def test_nobody_changes_the_range_of_another(seforme: Planner) -> None:
    r = await seforme.add()
    agathe = Planner(seforme.world, seforme.world.guide.agathe)
    await refused(seforme, agathe.change(r, TUESDAY, Scope.ALL), NotFound)
    await refused(seforme, agathe.remove(r, TUESDAY, Scope.ALL), NotFound)


@pytest.mark.parametrize("day", [TUESDAY, date(2026, 2, 10)])
async def test_all_moves_as_many_days_as_the_one_that_was_moved(seforme: Planner, day: date) -> None:
    r = await seforme.add(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    moved_to = day + timedelta(days=1)
    await seforme.change(r, day, Scope.ALL, first_day=moved_to, rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=WE")
    [after] = await seforme.ranges()
    assert (after.id, after.first_day) == (r.id, WEDNESDAY)


async def booked(planner: Planner, start: str, end: str, **changes: Any) -> Appointment:
    return await planner.world.book(planner.world.guide.agathe, during=between(start, end), **changes)


async def test_shrinking_shows_whom_it_would_leave_outside_first(everywhere: Planner) -> None:
    r = await everywhere.add(lasts=timedelta(hours=8))
    inside = await booked(everywhere, "2026-01-27 09:00", "10:00")
    outside = await booked(everywhere, "2026-01-27 15:00", "16:00")
    later = await booked(everywhere, "2026-02-03 11:30", "12:30")

    shorter = everywhere.change(r, TUESDAY, Scope.ALL)
    refusal = await refused(everywhere, shorter, Strands)
    assert isinstance(refusal, Strands)
    assert [a.id for a in refusal.appointments] == [outside.id, later.id]

    # one that came meanwhile is asked about again
    more = await booked(everywhere, "2026-02-10 16:00", "17:00")
    seen = frozenset({outside.id, later.id})
    refusal = await refused(everywhere, everywhere.change(r, TUESDAY, Scope.ALL, seen), Strands)
    assert isinstance(refusal, Strands)
    assert [a.id for a in refusal.appointments] == [outside.id, later.id, more.id]

    await everywhere.change(r, TUESDAY, Scope.ALL, seen | {more.id})
    assert (await everywhere.ranges())[0].lasts == timedelta(hours=3)
    assert await everywhere.world.find(outside) == outside
    await refused(everywhere, everywhere.remove(r, TUESDAY, Scope.ONE), Strands)
    await everywhere.remove(r, TUESDAY, Scope.ONE, frozenset({inside.id}))


async def test_a_booking_at_the_same_moment_is_stranded_by_nobody(everywhere: Planner) -> None:
    for week in range(5):
        day = TUESDAY + timedelta(days=7 * week)
        r = await everywhere.add(first_day=day, rule="")
        booking, removal = await asyncio.gather(
            booked(everywhere, f"{day} 09:00", "10:00"), everywhere.remove(r, day, Scope.ALL), return_exceptions=True
        )
        if isinstance(booking, Appointment):
            assert isinstance(removal, Strands)
            assert removal.appointments == (booking,)
        else:
            assert isinstance(booking, OutsideAvailability)
            assert removal is None


async def test_what_another_range_still_holds_is_not_stranded(seforme: Planner) -> None:
    r = await seforme.add(lasts=timedelta(hours=2))
    await seforme.add(starts=time(11), lasts=timedelta(hours=2))
    other = await seforme.add(starts=time(10), lasts=timedelta(hours=2))
    await booked(seforme, "2026-01-27 10:00", "12:30")  # over two ranges that touch
    await seforme.remove(r, TUESDAY, Scope.ALL)
    assert r.id not in {kept.id for kept in await seforme.ranges()}
    await refused(seforme, seforme.remove(other, TUESDAY, Scope.FOLLOWING), Strands)


async def test_a_range_that_is_for_other_kinds_now_strands_too(seforme: Planner) -> None:
    r = await seforme.add(kinds=frozenset({"Bilan", "Suivi"}))
    kept = await booked(seforme, "2026-01-27 09:00", "10:00", kind="bilan")
    lost = await booked(seforme, "2026-02-03 09:00", "10:00", kind="Suivi")
    change = seforme.change(r, TUESDAY, Scope.ALL, kinds=frozenset({"BILAN"}))
    refusal = await refused(seforme, change, Strands)
    assert isinstance(refusal, Strands)
    assert [a.id for a in refusal.appointments] == [lost.id]
    assert kept.id != lost.id


async def test_what_is_over_cancelled_or_was_outside_before_strands_nobody(seforme: Planner) -> None:
    world, guide = seforme.world, seforme.world.guide
    r = await seforme.add(first_day=date(2026, 1, 20), lasts=timedelta(hours=8))
    past = await booked(seforme, "2026-01-20 10:00", "11:00")
    cancelled = await booked(seforme, "2026-01-27 10:00", "11:00")
    await world.cancel(guide.agathe, cancelled)
    await world.book(guide.seforme, during=between("2026-01-27 19:00", "20:00"))
    world.clock.set(between("2026-01-20 12:00", "13:00").start)
    await seforme.remove(r, date(2026, 1, 20), Scope.ALL)
    assert await seforme.ranges() == []
    assert await world.find(past) == past


async def test_a_day_is_copied_to_others_as_single_days(everywhere: Planner) -> None:
    place_id = everywhere.world.guide.gembloux.id
    await everywhere.add(place_id=place_id, kinds=frozenset({"Bilan"}))
    await everywhere.add(starts=time(14), rule="")
    copied = await everywhere.copy_day(TUESDAY, date(2026, 1, 29), date(2026, 3, 31), date(2026, 1, 29))
    assert [(r.first_day, r.starts, r.place_id, r.kinds, r.rule) for r in copied] == [
        (date(2026, 1, 29), time(9), place_id, {"Bilan"}, ""),
        (date(2026, 1, 29), time(14), None, frozenset(), ""),
        (date(2026, 3, 31), time(14), None, frozenset(), ""),  # its mornings are in the series already
    ]
    assert await everywhere.copy_day(TUESDAY, date(2026, 1, 29)) == []
    assert [r for r in await everywhere.ranges() if r.rule == ""][-3:] == copied


async def test_a_copied_week_keeps_its_wall_time_and_leaves_out_what_a_clock_change_skips(seforme: Planner) -> None:
    monday, changing = date(2026, 3, 16), date(2026, 3, 23)
    await seforme.put(
        make_range(seforme.worker, first_day=monday, rule=""),
        make_range(seforme.worker, first_day=date(2026, 3, 22), rule="", starts=time(2), lasts=timedelta(hours=1)),
        make_range(seforme.worker, first_day=date(2026, 3, 22), rule="", starts=time(2), lasts=timedelta(hours=2)),
    )
    copied = await seforme.copy_week(monday, changing, date(2026, 4, 1))
    assert [(r.first_day, r.starts) for r in copied] == [
        (changing, time(9)),
        (date(2026, 3, 29), time(2)),
        (date(2026, 3, 30), time(9)),
        (date(2026, 4, 5), time(2)),
        (date(2026, 4, 5), time(2)),
    ]
    assert await seforme.copy_week(monday, changing) == []


async def test_days_that_are_over_are_no_target(seforme: Planner) -> None:
    await seforme.put(make_range(seforme.worker, first_day=date(2026, 1, 5)))
    await refused(seforme, seforme.copy_day(date(2026, 1, 5), date(2026, 1, 24), date(2026, 1, 19)), InThePast)
    await refused(seforme, seforme.copy_week(date(2026, 1, 5), date(2026, 1, 12)), InThePast)
    for day in (date.min, date.max, date(2101, 1, 3)):
        await refused(seforme, seforme.copy_week(date(2026, 1, 5), day), OutOfYears)
        await refused(seforme, seforme.copy_week(day, date(2026, 1, 26)), OutOfYears)
    await seforme.put(make_range(seforme.worker, first_day=date(2026, 1, 12), rule="FREQ=DAILY;COUNT=7"))
    copied = await seforme.copy_week(date(2026, 1, 12), date(2026, 1, 20))
    assert [r.first_day for r in copied] == [date(2026, 1, day) for day in range(20, 26)]
