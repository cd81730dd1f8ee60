"""Instants, intervals and what a person types. Runs with each zone as the machine's own (`machine_zone`)."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EndsBeforeItStarts, InThePast, SkippedTime, TooFarAhead
from core.times import Interval, SystemClock, instant, merged, spoken_interval
from tests.builders import at, between

pytestmark = pytest.mark.usefixtures("machine_zone")

BRUSSELS, LONDON, NEW_YORK, LORD_HOWE = "Europe/Brussels", "Europe/London", "America/New_York", "Australia/Lord_Howe"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "zone", "expected"),
    [
        ("2026-01-27", "10:00", BRUSSELS, "2026-01-27T09:00"),
        ("2026-07-27", "10:00", BRUSSELS, "2026-07-27T08:00"),
        # the night forward: read with the offset before the gap
        ("2026-03-29", "01:59", BRUSSELS, "2026-03-29T00:59"),
        ("2026-03-29", "02:00", BRUSSELS, "2026-03-29T01:00"),
        ("2026-03-29", "02:30", BRUSSELS, "2026-03-29T01:30"),
        ("2026-03-29", "03:00", BRUSSELS, "2026-03-29T01:00"),
        ("2026-03-29", "01:30", LONDON, "2026-03-29T01:30"),
        ("2026-03-08", "02:30", NEW_YORK, "2026-03-08T07:30"),
        ("2026-10-04", "02:15", LORD_HOWE, "2026-10-03T15:45"),  # by half an hour
        # the night back: the first of the two
        ("2026-10-25", "02:30", BRUSSELS, "2026-10-25T00:30"),
        ("2026-10-25", "03:00", BRUSSELS, "2026-10-25T02:00"),
        ("2026-10-25", "01:30", LONDON, "2026-10-25T00:30"),
        ("2026-11-01", "01:30", NEW_YORK, "2026-11-01T05:30"),
        ("2026-04-05", "01:45", LORD_HOWE, "2026-04-04T14:45"),
    ],
)
def test_wall_time_becomes_an_instant_in_one_way(day: str, clock: str, zone: str, expected: str) -> None:
    assert instant(date.fromisoformat(day), time.fromisoformat(clock), zone) == utc(expected)
    assert instant(date.fromisoformat(day), time.fromisoformat(clock).replace(fold=1), zone) == utc(expected)


def test_the_present_is_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_an_interval_is_half_open() -> None:
    ten_to_noon = between("2026-01-27 10:00", "12:00")
    assert not ten_to_noon.overlaps(between("2026-01-27 12:00", "13:00"))
    assert not ten_to_noon.overlaps(between("2026-01-27 09:00", "10:00"))
    assert ten_to_noon.overlaps(between("2026-01-27 11:59", "13:00"))
    assert ten_to_noon.overlaps(ten_to_noon)
    assert ten_to_noon.contains(ten_to_noon)
    assert ten_to_noon.contains(between("2026-01-27 10:00", "11:00"))
    assert not ten_to_noon.contains(between("2026-01-27 11:00", "12:01"))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 1, 27, 10), datetime(2026, 1, 27, 12, tzinfo=UTC)),  # noqa: DTZ001
        (datetime(2026, 1, 27, 10, tzinfo=UTC), datetime(2026, 1, 27, 12)),  # noqa: DTZ001
        (datetime(2026, 1, 27, 12, tzinfo=UTC), datetime(2026, 1, 27, 12, tzinfo=UTC)),
        (datetime(2026, 1, 27, 12, tzinfo=UTC), datetime(2026, 1, 27, 10, tzinfo=UTC)),
        (datetime(2026, 1, 27, 12, tzinfo=UTC), datetime(2026, 1, 27, 12, 30, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_an_interval_needs_aware_instants_in_order(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="an interval"):
        Interval(start, end)


def test_an_interval_across_the_repeated_hour_is_as_long_as_it_lasts() -> None:
    zone = ZoneInfo(BRUSSELS)
    first = datetime(2026, 10, 25, 2, 45, tzinfo=zone)
    second = datetime(2026, 10, 25, 2, 15, tzinfo=zone, fold=1)
    assert Interval(first, second).duration == timedelta(minutes=30)
    assert Interval(first, second) == Interval(utc("2026-10-25T00:45"), utc("2026-10-25T01:15"))
    with pytest.raises(ValueError, match="an interval ends after it starts"):
        Interval(second, first)


def test_an_interval_lasts_as_long_as_it_is_told() -> None:
    start = at("2026-10-25 01:30")
    assert Interval.lasting(start, timedelta(hours=2)).end == utc("2026-10-25T01:30")


@pytest.mark.parametrize(
    ("day", "start", "end", "zone", "from_", "until"),
    [
        ("2026-01-27", "10:00", "12:15", BRUSSELS, "2026-01-27T09:00", "2026-01-27T11:15"),
        ("2026-01-27", "23:30", "00:30", BRUSSELS, "2026-01-27T22:30", "2026-01-27T23:30"),
        ("2026-01-27", "23:30", "00:00", BRUSSELS, "2026-01-27T22:30", "2026-01-27T23:00"),
        ("2026-01-27", "22:00", "04:00", BRUSSELS, "2026-01-27T21:00", "2026-01-28T03:00"),
        ("2026-12-31", "23:00", "01:00", NEW_YORK, "2027-01-01T04:00", "2027-01-01T06:00"),
        ("2026-01-27", "00:00", "23:59", BRUSSELS, "2026-01-26T23:00", "2026-01-27T22:59"),
        # the night forward is an hour shorter, the night back an hour longer
        ("2026-03-29", "01:30", "03:30", BRUSSELS, "2026-03-29T00:30", "2026-03-29T01:30"),
        ("2026-03-28", "23:30", "03:30", BRUSSELS, "2026-03-28T22:30", "2026-03-29T01:30"),
        ("2026-10-25", "01:30", "03:30", BRUSSELS, "2026-10-24T23:30", "2026-10-25T02:30"),
        ("2026-10-24", "23:30", "02:30", BRUSSELS, "2026-10-24T21:30", "2026-10-25T00:30"),
        ("2026-10-25", "02:15", "02:45", BRUSSELS, "2026-10-25T00:15", "2026-10-25T00:45"),
        ("2026-10-03", "23:30", "03:00", LORD_HOWE, "2026-10-03T13:00", "2026-10-03T16:00"),
    ],
)
def test_what_a_person_types(day: str, start: str, end: str, zone: str, from_: str, until: str) -> None:
    spoken = spoken_interval(date.fromisoformat(day), time.fromisoformat(start), time.fromisoformat(end), zone)
    assert spoken == Interval(utc(from_), utc(until))


@pytest.mark.parametrize(
    ("start", "end"),
    [("10:00", "10:00"), ("00:00", "00:00"), ("12:00", "10:00"), ("18:00", "00:01"), ("10:00", "03:59")],
)
def test_an_end_that_is_not_after_the_start_is_refused(start: str, end: str) -> None:
    with pytest.raises(EndsBeforeItStarts):
        spoken_interval(date(2026, 1, 27), time.fromisoformat(start), time.fromisoformat(end), BRUSSELS)


@pytest.mark.parametrize(
    ("day", "start", "end", "zone", "skipped"),
    [
        ("2026-03-29", "02:30", "03:30", BRUSSELS, "02:30"),
        ("2026-03-29", "02:00", "03:30", BRUSSELS, "02:00"),
        ("2026-03-29", "01:30", "02:59", BRUSSELS, "02:59"),
        ("2026-03-28", "23:00", "02:15", BRUSSELS, "02:15"),
        ("2026-03-29", "01:30", "02:00", LONDON, "01:30"),
        ("2026-03-08", "02:00", "04:00", NEW_YORK, "02:00"),
        ("2026-10-04", "02:15", "03:00", LORD_HOWE, "02:15"),
        ("2011-12-30", "10:00", "11:00", "Pacific/Apia", "10:00"),  # a whole day
    ],
)
def test_a_time_that_a_clock_change_skips_is_refused_in_words(
    day: str, start: str, end: str, zone: str, skipped: str
) -> None:
    with pytest.raises(SkippedTime) as refusal:
        spoken_interval(date.fromisoformat(day), time.fromisoformat(start), time.fromisoformat(end), zone)
    assert refusal.value.message.format(**vars(refusal.value)).startswith(f"At {skipped} the clocks change")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
@pytest.mark.parametrize(("day", "refusal"), [(date.min, InThePast), (date.max, TooFarAhead)])
def test_the_edges_of_the_calendar_are_refused_in_words(day: date, refusal: type[Exception], zone: str) -> None:
    with pytest.raises(refusal):
        spoken_interval(day, time(23, 30), time(0, 30), zone)


MINUTES = st.integers(0, 300)
PIECES = st.lists(st.tuples(MINUTES, st.integers(1, 60)), max_size=12)


def intervals(pieces: list[tuple[int, int]]) -> list[Interval]:
    zero = utc("2026-01-27T00:00")
    return [Interval.lasting(zero + timedelta(minutes=m), timedelta(minutes=n)) for m, n in pieces]


@given(PIECES)
def test_merging_keeps_every_minute_and_no_other(pieces: list[tuple[int, int]]) -> None:
    given_minutes = {minute for start, length in pieces for minute in range(start, start + length)}
    zero = utc("2026-01-27T00:00")
    found = merged(intervals(pieces))
    minutes = [
        int((p.start - zero) / timedelta(minutes=1)) + n
        for p in found
        for n in range(int(p.duration / timedelta(minutes=1)))
    ]
    assert len(minutes) == len(set(minutes))
    assert set(minutes) == given_minutes


@given(PIECES)
def test_what_is_merged_neither_overlaps_nor_touches(pieces: list[tuple[int, int]]) -> None:
    found = merged(intervals(pieces))
    assert all(a.end < b.start for a, b in pairwise(found))
    assert merged(reversed(found)) == found
