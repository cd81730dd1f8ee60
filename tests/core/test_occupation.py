"""Figures of occupation: against a brute force over quarters of an hour, and what only examples show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.appointments import Appointment, Ending, EndingKind
from core.availability import Absence, AbsenceKind, AvailabilityRange
from core.errors import EndsBeforeItStarts, ForManagers, InThePast, PeriodTooLong, SlotTaken, TooFarAhead
from core.holidays import public_holidays
from core.occupation import Hours, Occupation, figures, occupation
from core.people import Worker
from core.ports import Transaction
from core.rules import Rules
from core.times import Interval, instant
from storage.memory import MemoryDatabase
from tests.builders import between, make_range, make_worker, store_guide
from tests.clock import START
from tests.core.world import World

QUARTER = timedelta(minutes=15)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CHANGES = {  # the Monday of a week in which the clocks change, forward and back
    "Europe/Brussels": (date(2026, 3, 23), date(2026, 10, 19)),
    "America/New_York": (date(2026, 3, 2), date(2026, 10, 26)),
    "Australia/Lord_Howe": (date(2026, 3, 30), date(2026, 9, 28)),
    "Pacific/Apia": (date(2011, 12, 26), date(2011, 12, 26)),  # 30 December never was
}
PLACES = st.sampled_from([None, 1, 2])
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@st.composite
def worlds(
    draw: st.DrawFn,
) -> tuple[str, date, list[AvailabilityRange], list[Absence], list[tuple[Interval, int | None, bool]]]:
    """Return a zone, the Monday before its clocks change, and a worker's ranges, absences and appointments then."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    monday = draw(st.sampled_from(CHANGES[zone]))
    quarters = st.integers(0, 3 * 7 * 96)

    def piece(longest: int) -> Interval:
        start = instant(monday - timedelta(days=4), time(), zone) + draw(quarters) * QUARTER
        return Interval.lasting(start, draw(st.integers(1, longest)) * QUARTER)

    ranges = [
        AvailabilityRange(
            0,
            1,
            draw(PLACES),
            monday + timedelta(days=draw(st.integers(-9, 9))),
            (datetime.combine(monday, time(), UTC) + draw(st.integers(0, 95)) * QUARTER).time(),
            draw(st.integers(1, 96)) * QUARTER,
            zone,
            draw(st.sampled_from(["", "FREQ=DAILY", *(f"FREQ=WEEKLY;BYDAY={day}" for day in DAYS)])),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    absences = [Absence(0, 1, AbsenceKind.LEAVE, piece(300), zone) for _ in range(draw(st.integers(0, 2)))]
    appointments = [(piece(40), draw(PLACES), draw(st.booleans())) for _ in range(draw(st.integers(0, 6)))]
    return zone, monday, ranges, absences, appointments


def occurrences(r: AvailabilityRange, until: date) -> Iterator[Interval]:
    """Yield when a range of the strategy is open, one day after another."""
    day = r.first_day
    while day <= until:
        if not r.rule or r.rule == "FREQ=DAILY" or r.rule.endswith(DAYS[day.weekday()]):
            ends = datetime.combine(day, r.starts, UTC) + r.lasts
            start, end = instant(day, r.starts, r.zone), instant(ends.date(), ends.time(), r.zone)
            if start < end:
                yield Interval(start, end)
        if not r.rule:
            return
        day += timedelta(days=1)


def counted(
    zone: str, first: date, last: date, ranges: Sequence[AvailabilityRange], closed: Sequence[Interval], tx: Transaction
) -> tuple[Counter[tuple[int | None, date, str]], Counter[tuple[date, str]]]:
    """Return quarters of an hour by place, week and kind, and by week and kind: each quarter is looked at alone."""
    opened = [(r.place_id, during) for r in ranges for during in occurrences(r, last)]
    start = instant(first, time(), zone) - timedelta(days=1)
    booked = tx.appointments.figures([1], Interval(start, start + timedelta(days=60)), LATER)
    holidays = public_holidays("BE", first, last)
    rows: Counter[tuple[int | None, date, str]] = Counter()
    weeks: Counter[tuple[date, str]] = Counter()
    for number in range((last - first).days * 96 + 3 * 96):
        now = Interval.lasting(start + number * QUARTER, QUARTER)
        today = now.start.astimezone(ZoneInfo(zone)).date()
        if not first <= today <= last:
            continue
        monday = today - timedelta(days=today.weekday())
        places = {place for place, during in opened if during.contains(now)}
        if today not in holidays and not any(c.contains(now) for c in closed):
            rows.update((place, monday, "offered") for place in places)
            weeks[monday, "offered"] += bool(places)
        for figure in booked:
            if figure.during.contains(now):
                kind = "cancelled" if figure.cancelled else "booked"
                rows[figure.place_id, monday, kind] += 1
                weeks[monday, kind] += 1
    return +rows, +weeks


def told(hours: Hours) -> dict[str, int]:
    found = {"offered": hours.offered, "booked": hours.booked, "cancelled": hours.cancelled}
    return {kind: lasts // QUARTER for kind, lasts in found.items() if lasts}


def store(tx: Transaction, worker: Worker, during: Interval, place: int | None, *, cancelled: bool) -> None:
    """Store an appointment in the worker's agenda, cancelled and settled if so wanted."""
    whole = Appointment(0, 1, worker.id, worker.id, during, worker.zone, place, "", (), (), START)
    stored = tx.appointments.add(whole)
    if cancelled:
        ending = Ending(EndingKind.CANCELLED, worker.id, "", START - timedelta(seconds=1))
        tx.appointments.replace(stored, replace(stored, ending=ending), START)


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(-5, 9), st.integers(0, 13))
async def test_hours_are_those_of_a_brute_force(
    world: tuple[str, date, list[AvailabilityRange], list[Absence], list[tuple[Interval, int | None, bool]]],
    begins: int,
    lasts: int,
) -> None:
    zone, monday, ranges, absences, appointments = world
    first = monday + timedelta(days=begins)
    last = first + timedelta(days=lasts)

    def look(tx: Transaction) -> None:
        worker = tx.people.save_worker(make_worker("x", zone=zone, region="BE"))
        tx.agendas.replace_ranges(worker.id, ranges)
        for absence in absences:
            tx.agendas.save_absence(absence)
        for during, place, cancelled in appointments:
            with suppress(SlotTaken):
                store(tx, worker, during, place, cancelled=cancelled)
        found = figures(tx, [worker], first, last, LATER, Rules(region=""))
        rows, weeks = counted(zone, first, last, ranges, [a.during for a in absences], tx)
        assert {(r.place_id, r.monday, k): n for r in found.rows for k, n in told(r.hours).items()} == dict(rows)
        assert {(m, k): n for (_, m), hours in found.weeks.items() for k, n in told(hours).items()} == dict(weeks)
        assert found.of_worker(worker.id) == found.total
        assert {monday for _, monday in found.weeks} <= set(found.mondays)

    await MemoryDatabase().write(look)


async def of_the_guide(world: World, first: str, last: str, **rules: str) -> Occupation:
    """Return the figures that Agathe, a manager, is given."""

    def look(tx: Transaction) -> Occupation:
        agathe = tx.people.save_worker(replace(world.guide.agathe, manager=True))
        days = date.fromisoformat(first), date.fromisoformat(last)
        return occupation(tx, agathe, *days, world.clock.now(), replace(world.rules, **rules))  # type: ignore[arg-type]

    return await world.db.write(look)


def hours(offered: float = 0, booked: float = 0, cancelled: float = 0) -> Hours:
    return Hours(*(timedelta(hours=each) for each in (offered, booked, cancelled)))


async def test_a_week_of_the_guide(every_world: World) -> None:
    world, guide = every_world, every_world.guide
    kept = await world.book(guide.agathe)
    await world.book(guide.seforme, during=between("2026-01-28 18:00", "19:30"), place=None)
    gone = await world.book(guide.agathe, during=between("2026-01-29 10:00", "11:00"))
    await world.cancel(guide.agathe, gone)
    unsettled = await of_the_guide(world, "2026-01-26", "2026-02-01")
    world.clock.advance(timedelta(minutes=1))
    found = await of_the_guide(world, "2026-01-26", "2026-02-01")

    assert unsettled.total == hours(160, 4.5)
    assert found.total == hours(160, 3.5, 1)
    assert found.of_worker(guide.seforme.id) == hours(40, 3.5, 1)
    assert found.of_place(guide.gembloux.id) == hours(160, 2, 1)
    assert found.of_place(None) == hours(0, 1.5)
    assert [r.place_id for r in found.rows if r.worker_id == guide.seforme.id] == [None, guide.gembloux.id]
    assert found.of_worker(guide.seforme.id).rate == 3.5 / 40
    assert found.of_place(None).rate is None
    assert kept.during.duration == timedelta(hours=2)


async def test_a_deleted_appointment_is_in_no_figure(world: World) -> None:
    booked = await world.book(world.guide.agathe)
    await world.delete(world.guide.agathe, booked)
    world.clock.advance(timedelta(minutes=1))

    assert (await of_the_guide(world, "2026-01-26", "2026-02-01")).total == hours(160)


@pytest.mark.parametrize(("region", "offered"), [("BE", 128), ("", 160), ("FR-57", 128), ("US", 160), ("XX", 160)])
async def test_public_holidays_are_not_offered(world: World, region: str, offered: int) -> None:
    week_of_ascension = await of_the_guide(world, "2026-05-11", "2026-05-17", region=region)

    assert week_of_ascension.total == hours(offered)


async def test_a_workers_own_region_wins(world: World) -> None:
    await world.store(lambda tx: tx.people.save_worker(replace(world.guide.ecoute, region="US")))
    found = await of_the_guide(world, "2026-05-14", "2026-05-14")

    assert found.total == found.of_worker(world.guide.ecoute.id) == hours(8)


async def test_overlapping_ranges_of_two_places_are_offered_at_each_and_counted_once(world: World) -> None:
    def prepare(tx: Transaction) -> int:
        namur = tx.places.add("Namur", "Implantations").id
        ecoute = world.guide.ecoute.id
        tx.agendas.save_range(make_range(ecoute, place_id=namur, starts=time(15), lasts=timedelta(hours=4)))
        return namur

    namur = await world.store(prepare)
    found = await of_the_guide(world, "2026-01-26", "2026-01-26")

    assert found.of_place(namur) == hours(4)
    assert found.of_place(world.guide.gembloux.id) == hours(32)
    assert found.of_worker(world.guide.ecoute.id) == hours(10)


@pytest.mark.parametrize(("day", "offered"), [("2026-10-24", 9), ("2026-03-28", 7), ("2026-02-07", 8)])
async def test_a_night_lasts_as_long_as_it_lasts(world: World, day: str, offered: int) -> None:
    night = make_range(0, first_day=date.fromisoformat(day), starts=time(22), rule="")

    def prepare(tx: Transaction) -> None:
        for worker in world.guide.workers:
            tx.agendas.replace_ranges(worker.id, [night] if worker == world.guide.ecoute else [])

    await world.store(prepare)
    monday = night.first_day - timedelta(days=night.first_day.weekday())
    found = await of_the_guide(world, str(monday), str(monday + timedelta(days=13)))

    assert found.total == hours(offered)
    assert found.of_week(monday) == hours(offered)
    assert found.of_week(monday + timedelta(days=7)) == hours()


async def test_what_passes_the_edge_of_a_week_or_the_period_is_shared_out(world: World) -> None:
    worker = world.guide.ecoute
    night = between("2026-02-01 22:00", "2026-02-02 02:00")
    await world.store(lambda tx: store(tx, worker, night, None, cancelled=False))
    found = await of_the_guide(world, "2026-01-26", "2026-02-08")
    sunday = await of_the_guide(world, "2026-02-01", "2026-02-01")

    assert [found.of_week(monday).booked // timedelta(hours=1) for monday in found.mondays] == [2, 2]
    assert sunday.total == hours(0, 2)


async def test_only_a_manager_is_told(world: World) -> None:
    agathe = replace(world.guide.agathe, manager=True)  # as she was loaded before it was taken from her

    with pytest.raises(ForManagers):
        await world.db.read(
            lambda tx: occupation(tx, agathe, START.date(), START.date(), world.clock.now(), world.rules)
        )


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        ("2026-02-01", "2026-01-31", EndsBeforeItStarts),
        ("2026-01-01", "2027-01-02", PeriodTooLong),
        ("0001-01-01", "0001-01-02", InThePast),
        ("9999-12-30", "9999-12-31", TooFarAhead),
    ],
)
async def test_there_is_no_such_period(world: World, first: str, last: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await of_the_guide(world, first, last)


async def test_a_year_and_no_workers() -> None:
    def look(tx: Transaction) -> Occupation:
        return figures(tx, [], date(2026, 1, 1), date(2026, 12, 31), LATER, Rules())

    found = await MemoryDatabase().read(look)

    assert (found.rows, found.total, len(found.mondays)) == ((), Hours(), 53)


async def test_a_day_that_never_was_has_no_hours() -> None:
    def look(tx: Transaction) -> Occupation:
        store_guide(tx)
        worker = tx.people.save_worker(make_worker("x", zone="Pacific/Apia"))
        missing = date(2011, 12, 30)
        tx.agendas.replace_ranges(worker.id, [make_range(worker, zone=worker.zone, first_day=missing, rule="")])
        return figures(tx, [worker], missing, missing, LATER, Rules())

    assert (await MemoryDatabase().write(look)).total == Hours()
