"""Wall time resolved for whole days at once, against zoneinfo one instant at a time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo
from zoneinfo._zoneinfo import ZoneInfo as ReadableZone  # type: ignore[import-not-found]

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.ranges import occurrences
from core.times import Interval, instant, seconds_down, seconds_up
from core.zones import known_zones
from tests.builders import make_range

CHANGING = (
    "Europe/Brussels",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Tehran",
)
ALL = sorted(known_zones().values())
TIMES = st.integers(0, 24 * 60 - 1).map(lambda n: time(n // 60, n % 60))
DAY = timedelta(days=1)


@cache
def changes(zone: str) -> tuple[date, ...]:
    """Return the days, by UTC, on which the clocks of the zone were put: all that its file lists."""
    return tuple(datetime.fromtimestamp(at, UTC).date() for at in ReadableZone(zone)._trans_utc if at > -(2**31))


def resolved(zone: str, day: date, starts: time, lasts: timedelta) -> list[tuple[int, int]]:
    """Return what zoneinfo makes of the range: nothing, if a clock change leaves nothing of it."""
    start, wall_end = instant(day, starts, zone), datetime.combine(day, starts) + lasts
    end = instant(wall_end.date(), wall_end.time(), zone)
    return [(seconds_up(start), seconds_down(end))] if start < end else []


def opened(zone: str, day: date, starts: time, lasts: timedelta) -> list[tuple[int, int]]:
    r = make_range(1, first_day=day, starts=starts, lasts=lasts, zone=zone, rule="")
    around = Interval(datetime.combine(day, time(), UTC) - 3 * DAY, datetime.combine(day, time(), UTC) + 4 * DAY)
    return occurrences(r, seconds_down(around.start), seconds_up(around.end))


@settings(max_examples=400, deadline=None)
@given(data=st.data(), after=st.integers(-2, 2), starts=TIMES, lasts=st.integers(1, 24 * 60))
def test_a_day_near_a_clock_change_anywhere(data: st.DataObject, after: int, starts: time, lasts: int) -> None:
    zone = data.draw(st.sampled_from(CHANGING) | st.sampled_from(ALL))
    day = data.draw(st.sampled_from(changes(zone) or (date(2026, 3, 29),))) + timedelta(days=after)
    length = timedelta(minutes=lasts)
    assert opened(zone, day, starts, length) == resolved(zone, day, starts, length)


def hours() -> Iterator[tuple[time, timedelta]]:
    for hour in range(24):
        yield time(hour, 30), timedelta(hours=1)
    yield time(), DAY


@pytest.mark.slow
def test_all_the_days_of_all_clock_changes_of_the_world() -> None:
    """Among them days on which clocks were put twice, so that midnight comes as if nothing had happened."""
    for zone in ALL:
        for day in {change + timedelta(days=after) for change in changes(zone) for after in (-1, 0, 1)}:
            for starts, lasts in hours():
                assert opened(zone, day, starts, lasts) == resolved(zone, day, starts, lasts), (zone, day, starts)


def test_a_day_on_lord_howe_may_last_half_an_hour_more() -> None:
    [(start, end)] = opened("Australia/Lord_Howe", date(2026, 4, 5), time(), DAY)
    assert end - start == 24.5 * 3600


def test_the_day_that_apia_left_out_is_the_next_one() -> None:
    [(start, end)] = opened("Pacific/Apia", date(2011, 12, 30), time(9), timedelta(hours=8))
    shown = datetime.fromtimestamp(start, ZoneInfo("Pacific/Apia"))
    assert (shown.date(), shown.time(), end - start) == (date(2011, 12, 31), time(9), 8 * 3600)
