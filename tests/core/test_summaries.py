"""The daily summary: when it comes, once a day by the worker's own clock, and what it tells."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.appointments import Answer
from core.notices import Notice, NoticeKind
from core.people import Worker
from core.preferences import Preferences
from core.preferring import save_preferences
from core.summaries import AT_ONCE, SHOWN, SummaryView, next_summary, plan, view_summary
from core.times import Interval
from tests.builders import ZONE, at, between, make_worker, unsent
from tests.core.world import World

HALF_PAST_SEVEN = time(7, 30)
DAY = timedelta(days=1)


async def prefer(world: World, worker: Worker, chosen: Preferences) -> None:
    await world.db.write(lambda tx: save_preferences(tx, worker, chosen, world.clock.now(), world.rules))


async def planned(world: World) -> list[date | None]:
    """Plan what is due now; return the days of all summaries that are waiting."""
    while await world.db.write(lambda tx: plan(tx, world.clock.now())) == AT_ONCE:
        pass
    return [n.day for n in await waiting(world)]


async def waiting(world: World) -> list[Notice]:
    return [n for n in await unsent(world.db) if n.kind is NoticeKind.SUMMARY]


async def view(world: World, worker: Worker, day: str) -> SummaryView | None:
    now = world.clock.now()
    return await world.db.read(lambda tx: view_summary(tx, worker, date.fromisoformat(day), now))


async def test_it_falls_due_once_at_the_time_that_was_chosen(every_world: World) -> None:
    world, agathe = every_world, every_world.guide.agathe
    await prefer(world, agathe, Preferences(summary_at=HALF_PAST_SEVEN))  # it is 9:00 already
    assert await planned(world) == []
    world.clock.set(at("2026-01-21 07:29"))
    assert await planned(world) == []
    world.clock.set(at("2026-01-21 07:30"))
    for _ in range(2):
        assert await planned(world) == [date(2026, 1, 21)]
    [notice] = await waiting(world)
    assert (notice.recipient_id, notice.due_at) == (agathe.id, world.clock.now())
    assert notice.expires_at == at("2026-01-22 00:00")
    world.clock.set(at("2026-01-22 07:30"))
    assert await planned(world) == [date(2026, 1, 21), date(2026, 1, 22)]


async def test_what_was_missed_comes_late_the_same_day_and_not_on_the_next(every_world: World) -> None:
    world, agathe = every_world, every_world.guide.agathe
    await prefer(world, agathe, Preferences(summary_at=HALF_PAST_SEVEN))
    world.clock.set(at("2026-01-21 23:59"))
    assert await planned(world) == [date(2026, 1, 21)]
    world.clock.set(at("2026-01-24 00:00"))  # down since the 22nd
    assert await planned(world) == [date(2026, 1, 21)]
    world.clock.set(at("2026-01-24 07:30"))
    assert await planned(world) == [date(2026, 1, 21), date(2026, 1, 24)]
    world.clock.set(at("2026-01-27 09:00"))  # down again since the 24th
    assert await planned(world) == [date(2026, 1, 21), date(2026, 1, 24), date(2026, 1, 27)]


async def test_off_is_off(every_world: World) -> None:
    world, agathe = every_world, every_world.guide.agathe
    await prefer(world, agathe, Preferences(summary_at=HALF_PAST_SEVEN))
    await prefer(world, agathe, Preferences())
    world.clock.advance(days=3)
    assert await planned(world) == []


async def test_another_zone_moves_it_and_no_day_is_told_twice(every_world: World) -> None:
    world, agathe = every_world, every_world.guide.agathe
    await prefer(world, agathe, Preferences(summary_at=HALF_PAST_SEVEN))
    world.clock.set(at("2026-01-21 07:30"))
    assert await planned(world) == [date(2026, 1, 21)]
    await prefer(world, agathe, Preferences(summary_at=HALF_PAST_SEVEN, zone="America/New_York"))
    world.clock.set(at("2026-01-21 07:30", "America/New_York"))
    assert await planned(world) == [date(2026, 1, 21)]
    world.clock.set(at("2026-01-22 07:30"))
    assert await planned(world) == [date(2026, 1, 21)]
    world.clock.set(at("2026-01-22 07:30", "America/New_York"))
    assert await planned(world) == [date(2026, 1, 21), date(2026, 1, 22)]
    assert (await waiting(world))[1].expires_at == at("2026-01-23 00:00", "America/New_York")


async def test_another_time_of_day_holds_from_now_on(world: World) -> None:
    agathe = world.guide.agathe
    await prefer(world, agathe, Preferences(summary_at=time(18)))
    await prefer(world, agathe, Preferences(summary_at=time(12)))
    world.clock.set(at("2026-01-20 12:00"))
    assert await planned(world) == [date(2026, 1, 20)]
    await prefer(world, agathe, Preferences(summary_at=time(18)))
    world.clock.set(at("2026-01-20 18:00"))
    assert await planned(world) == [date(2026, 1, 20)], "the day has been told"


@pytest.mark.parametrize(("chosen", "told"), [(HALF_PAST_SEVEN, "07:31"), (time(7), "07:31"), (time(18), "18:00")])
async def test_what_has_fallen_due_is_not_lost_by_a_choice(every_world: World, chosen: time, told: str) -> None:
    world, agathe = every_world, every_world.guide.agathe
    await prefer(world, agathe, Preferences(summary_at=HALF_PAST_SEVEN))
    world.clock.set(at("2026-01-21 07:30"))  # and nobody has looked yet
    await prefer(world, agathe, Preferences(locale="en", summary_at=chosen))
    world.clock.set(at(f"2026-01-21 {told}") - timedelta(minutes=1))
    assert await planned(world) == ([] if chosen.hour > 7 else [date(2026, 1, 21)])
    world.clock.set(at(f"2026-01-21 {told}"))
    assert await planned(world) == [date(2026, 1, 21)]


@pytest.mark.parametrize(
    ("day", "told", "of_the_second"),
    [("2026-03-29", "2026-03-29 03:30", "2026-03-30 02:30"), ("2026-10-25", "2026-10-25 02:30", "2026-10-26 02:30")],
)
async def test_once_over_a_clock_change(world: World, day: str, told: str, of_the_second: str) -> None:
    agathe = world.guide.agathe
    world.clock.set(at(f"{day} 00:30"))
    await prefer(world, agathe, Preferences(summary_at=time(2, 30)))
    world.clock.set(at(told) - timedelta(minutes=1))
    assert await planned(world) == []
    for minutes in (1, 60):
        world.clock.advance(minutes=minutes)
        assert await planned(world) == [date.fromisoformat(day)]
    world.clock.set(at(of_the_second))
    assert len(await planned(world)) == 2


@settings(deadline=None)
@given(
    clock=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from([ZONE, "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]),
    after=st.integers(0, 366 * 24 * 60).map(lambda minutes: at("2011-06-01 00:00") + timedelta(minutes=minutes))
    | st.integers(0, 366 * 24 * 60).map(lambda minutes: at("2026-01-01 00:00") + timedelta(minutes=minutes)),
)
def test_the_next_one_is_the_first_after_now_and_one_a_day(clock: time, zone: str, after: datetime) -> None:
    first = next_summary(clock, zone, after)
    assert after < first <= after + timedelta(hours=50)
    days = []
    for _ in range(3):
        days.append(first.astimezone(ZoneInfo(zone)).date())
        later = next_summary(clock, zone, first)
        assert later > first
        first = later
    assert len(set(days)) == len(days)


async def test_who_has_left_is_told_nothing(world: World) -> None:
    gone = await world.store(lambda tx: tx.people.save_worker(make_worker("gone")))
    await prefer(world, gone, Preferences(summary_at=HALF_PAST_SEVEN))
    await world.store(lambda tx: tx.people.save_worker(make_worker("gone", active=False)))
    world.clock.set(at("2026-01-21 07:30"))
    assert await planned(world) == []
    assert await world.db.read(lambda tx: tx.choices.summaries_due(world.clock.now(), 1)) == []


async def test_more_than_one_transaction_plans_are_planned(world: World) -> None:
    people = [
        await world.store(lambda tx, n=n: tx.people.save_worker(make_worker(f"w{n}"))) for n in range(AT_ONCE + 1)
    ]
    for worker in people:
        await prefer(world, worker, Preferences(summary_at=HALF_PAST_SEVEN))
    world.clock.set(at("2026-01-21 08:00"))
    assert len(await planned(world)) == len(people)


async def test_it_tells_what_of_the_day_is_to_come_and_what_waits(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    for hours, parties in ((("10:00", "12:00"), (guide.ecoute.ref,)), (("14:00", "15:00"), (guide.gisele.ref,))):
        await world.book(guide.agathe, during=between(f"2026-01-27 {hours[0]}", hours[1]), parties=parties)
    world.clock.set(at("2026-01-27 07:30"))
    found = await view(world, guide.ecoute, "2026-01-27")
    assert found is not None
    assert [v.appointment.during for v in found.appointments.views] == [between("2026-01-27 10:00", "12:00")]
    assert found.waiting == 1
    his = await view(world, guide.seforme, "2026-01-27")
    assert his is not None
    assert [v.appointment.during.start for v in his.appointments.views] == [
        at("2026-01-27 10:00"),
        at("2026-01-27 14:00"),
    ]
    assert his.waiting == 0
    world.clock.set(at("2026-01-27 12:00"))
    late = await view(world, guide.seforme, "2026-01-27")
    assert late is not None
    assert len(late.appointments.views) == 1


async def test_a_day_with_nothing_to_tell_is_not_told(world: World) -> None:
    ecoute = world.guide.ecoute
    assert await view(world, ecoute, "2026-01-27") is None
    booked = await world.book(world.guide.agathe)
    assert await view(world, ecoute, "2026-01-28") is not None, "an invitation waits"
    await world.answer(ecoute, booked, Answer.DECLINED)
    assert await view(world, ecoute, "2026-01-27") is None, "he declined it"


async def test_an_ending_leaves_the_day_with_its_settling(world: World) -> None:
    seforme = world.guide.seforme
    booked = await world.book(world.guide.agathe, parties=(world.guide.gisele.ref,))
    await world.cancel(world.guide.agathe, booked)
    assert await view(world, seforme, "2026-01-27") is not None
    world.clock.advance(world.rules.undo)
    assert await view(world, seforme, "2026-01-27") is None


async def test_a_crowded_day_says_how_many_more(world: World) -> None:
    guide = world.guide
    start = at("2026-01-27 00:00")
    for n in range(SHOWN + 3):
        during = Interval.lasting(start + n * timedelta(minutes=15), timedelta(minutes=15))
        await world.book(guide.seforme, during=during, parties=(guide.gisele.ref,))
    found = await view(world, guide.seforme, "2026-01-27")
    assert found is not None
    assert (len(found.appointments.views), found.appointments.more) == (SHOWN, 3)
