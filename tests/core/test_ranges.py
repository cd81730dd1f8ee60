"""Availability is wall time (rule 8). Runs with each zone as the machine's own."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from core.availability import AvailabilityRange
from core.ranges import open_ranges
from core.times import Interval, instant
from tests.builders import at, between, make_range

pytestmark = pytest.mark.usefixtures("machine_zone")

BRUSSELS, NEW_YORK = "Europe/Brussels", "America/New_York"
ZONES = (BRUSSELS, "Europe/London", NEW_YORK, "Australia/Lord_Howe", "Pacific/Apia", "UTC")


def on_days(r: AvailabilityRange, window: Interval) -> list[str]:
    return [
        piece.during.start.astimezone(ZoneInfo(r.zone)).strftime("%m-%d %H:%M") for piece in open_ranges([r], window)
    ]


def hours(r: AvailabilityRange, window: Interval) -> list[tuple[str, str]]:
    zone = ZoneInfo(r.zone)
    return [
        (p.during.start.astimezone(zone).strftime("%d %H:%M"), p.during.end.astimezone(zone).strftime("%d %H:%M"))
        for p in open_ranges([r], window)
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_nine_stays_nine_all_year(zone: str) -> None:
    r = make_range(1, first_day=date(2026, 1, 1), rule="FREQ=DAILY", zone=zone)
    year = Interval(instant(date(2026, 1, 1), time(), zone), instant(date(2027, 1, 1), time(), zone))
    pieces = open_ranges([r], year)
    assert len(pieces) == 365
    for piece in pieces:
        start, end = piece.during.start.astimezone(ZoneInfo(zone)), piece.during.end.astimezone(ZoneInfo(zone))
        assert (start.time(), end.time(), start.date()) == (time(9), time(17), end.date())


@pytest.mark.parametrize("zone", ["Europe/Brussels", "Europe/London", "America/New_York"])
def test_a_range_on_the_clock_change_days_is_where_its_neighbours_are(zone: str) -> None:
    r = make_range(1, first_day=date(2026, 1, 1), rule="FREQ=DAILY", zone=zone)
    for month, day in ((3, 8), (3, 29), (10, 25), (11, 1)):
        whole_day = Interval(
            instant(date(2026, month, day), time(), zone), instant(date(2026, month, day + 1), time(), zone)
        )
        [(start, end)] = hours(r, whole_day)
        assert (start[-5:], end[-5:]) == ("09:00", "17:00")


@pytest.mark.parametrize(
    ("starts", "lasts", "expected"),
    [
        # the night forward in Brussels: 2:00 to 3:00 is skipped
        (time(1), timedelta(hours=3), ("2026-03-29T00:00", "2026-03-29T02:00")),
        (time(2), timedelta(hours=1), None),
        (time(2, 30), timedelta(minutes=90), ("2026-03-29T01:30", "2026-03-29T02:00")),
        (time(1), timedelta(hours=1), ("2026-03-29T00:00", "2026-03-29T01:00")),
        (time(3), timedelta(hours=1), ("2026-03-29T01:00", "2026-03-29T02:00")),
    ],
)
def test_a_range_in_the_night_forward(starts: time, lasts: timedelta, expected: tuple[str, str] | None) -> None:
    r = make_range(1, first_day=date(2026, 3, 29), starts=starts, lasts=lasts, rule="")
    found = open_ranges([r], between("2026-03-29 00:00", "2026-03-30 00:00"))
    wanted = [Interval(*(datetime.fromisoformat(e).replace(tzinfo=UTC) for e in expected))] if expected else []
    assert [p.during for p in found] == wanted


@pytest.mark.parametrize(
    ("starts", "lasts", "expected"),
    [
        # the night back in Brussels: 2:00 to 3:00 comes twice, and a bare 2:30 is the first
        (time(1), timedelta(hours=3), ("2026-10-24T23:00", "2026-10-25T03:00")),
        (time(2, 30), timedelta(hours=1), ("2026-10-25T00:30", "2026-10-25T02:30")),
        (time(1, 30), timedelta(hours=1), ("2026-10-24T23:30", "2026-10-25T00:30")),
    ],
)
def test_a_range_in_the_night_back(starts: time, lasts: timedelta, expected: tuple[str, str]) -> None:
    r = make_range(1, first_day=date(2026, 10, 25), starts=starts, lasts=lasts, rule="")
    [piece] = open_ranges([r], between("2026-10-25 00:00", "2026-10-26 00:00"))
    assert piece.during == Interval(*(datetime.fromisoformat(e).replace(tzinfo=UTC) for e in expected))


def test_a_range_may_pass_midnight_and_is_found_from_the_next_day() -> None:
    r = make_range(1, first_day=date(2026, 1, 27), starts=time(22), lasts=timedelta(hours=5), rule="")
    [piece] = open_ranges([r], between("2026-01-28 02:00", "10:00"))
    assert piece.during == between("2026-01-27 22:00", "2026-01-28 03:00")
    assert open_ranges([r], between("2026-01-28 03:00", "10:00")) == []


def test_a_range_of_a_whole_day_lasts_until_the_same_time() -> None:
    r = make_range(1, first_day=date(2026, 1, 27), starts=time(23, 59), lasts=timedelta(hours=24), rule="")
    [piece] = open_ranges([r], between("2026-01-28 23:58", "2026-01-28 23:59"))
    assert piece.during == between("2026-01-27 23:59", "2026-01-28 23:59")


def test_a_window_is_half_open() -> None:
    r = make_range(1, first_day=date(2026, 1, 27), rule="")
    assert open_ranges([r], between("2026-01-27 08:00", "09:00")) == []
    assert open_ranges([r], between("2026-01-27 17:00", "18:00")) == []
    assert len(open_ranges([r], between("2026-01-27 08:00", "09:01"))) == 1
    assert len(open_ranges([r], between("2026-01-27 16:59", "18:00"))) == 1


def test_the_last_day_of_a_window_is_not_left_out() -> None:
    r = make_range(1, first_day=date(2026, 1, 26))
    week = between("2026-01-26 00:00", "2026-01-30 18:00")
    assert on_days(r, week) == [f"01-{day} 09:00" for day in (26, 27, 28, 29, 30)]


def test_days_may_be_excepted() -> None:
    r = make_range(1, first_day=date(2026, 1, 26), except_days=frozenset({date(2026, 1, 28)}))
    assert on_days(r, between("2026-01-27 00:00", "2026-01-30 00:00")) == ["01-27 09:00", "01-29 09:00"]


def test_a_range_begins_on_its_first_day() -> None:
    r = make_range(1, first_day=date(2026, 1, 28))
    assert on_days(r, between("2026-01-19 00:00", "2026-01-30 00:00")) == ["01-28 09:00", "01-29 09:00"]
    assert open_ranges([r], between("2026-01-19 00:00", "2026-01-28 00:00")) == []


@pytest.mark.parametrize("until", ["20260128", "20260128T000000", "20260128T000000Z", "20260128T215959Z"])
def test_a_rule_ends_with_its_until_day_however_that_is_written(until: str) -> None:
    r = make_range(1, first_day=date(2026, 1, 26), rule=f"FREQ=DAILY;UNTIL={until};WKST=MO")
    assert on_days(r, between("2026-01-26 00:00", "2026-02-09 00:00")) == ["01-26 09:00", "01-27 09:00", "01-28 09:00"]


def test_a_counted_rule_ends_with_its_count() -> None:
    r = make_range(1, first_day=date(2026, 1, 26), rule="FREQ=WEEKLY;COUNT=2")
    assert on_days(r, between("2026-01-26 00:00", "2026-03-01 00:00")) == ["01-26 09:00", "02-02 09:00"]
    assert open_ranges([r], between("2026-02-09 00:00", "2026-03-01 00:00")) == []


def test_ranges_come_by_start_whatever_their_order() -> None:
    ranges = [make_range(1, rule="", first_day=date(2026, 1, d), place_id=p) for d, p in ((29, 1), (27, 2), (28, None))]
    window = between("2026-01-26 00:00", "2026-02-01 00:00")
    found = open_ranges(ranges, window)
    assert [p.place_id for p in found] == [2, None, 1]
    assert open_ranges(ranges[::-1], window) == found


def test_the_same_wall_time_in_two_zones_is_two_times() -> None:
    here = make_range(1, first_day=date(2026, 3, 20), rule="")
    there = make_range(1, first_day=date(2026, 3, 20), rule="", zone=NEW_YORK)
    found = open_ranges([here, there], between("2026-03-20 00:00", "2026-03-21 00:00"))
    assert found[1].during.start - found[0].during.start == timedelta(hours=5)
    assert found[0].during.start == at("2026-03-20 09:00")


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
WEEKDAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), unique=True, max_size=4)


@st.composite
def rules(draw: st.DrawFn) -> str:
    parts = [f"FREQ={draw(st.sampled_from(['DAILY', 'WEEKLY', 'MONTHLY']))}"]
    parts += [f"INTERVAL={draw(st.integers(1, 5))}"] if draw(st.booleans()) else []
    if days := draw(WEEKDAYS):
        parts.append(f"BYDAY={','.join(days)}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU', 'WE']))}")
    end = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 60))}")
    if end == "UNTIL":
        parts.append(f"UNTIL={draw(DAYS):%Y%m%d}")
    return ";".join(draw(st.permutations(parts)))


@given(rule=rules(), first_day=DAYS, begin=DAYS, length=st.integers(1, 60))
def test_starting_late_gives_what_the_plain_rule_gives(rule: str, first_day: date, begin: date, length: int) -> None:
    """The fast-forwarded start changes nothing: dateutil on the whole rule is the judge."""
    r = make_range(1, first_day=first_day, rule=rule, zone="UTC", starts=time(9), lasts=timedelta(hours=1))
    window = Interval(
        datetime.combine(begin, time(), UTC), datetime.combine(begin + timedelta(days=length), time(), UTC)
    )
    naive = datetime.combine(first_day, time())
    plain = rrulestr(rule, dtstart=naive).between(
        datetime.combine(begin, time()), datetime.combine(begin + timedelta(days=length - 1), time()), inc=True
    )
    assert [p.during.start.date() for p in open_ranges([r], window)] == [d.date() for d in plain]
