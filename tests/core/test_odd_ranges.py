"""Availability that nobody should have stored is answered for, or refused in words."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.availability import AvailabilityRange
from core.errors import UnknownRule
from core.ports import Transaction
from core.ranges import open_ranges
from core.rules import HORIZON, LONGEST, Rules
from core.slots import free_slots, nearest_slots
from core.times import Interval
from storage.memory.database import MemoryTransaction
from storage.memory.state import State
from tests.builders import Guide, between, make_range, store_guide
from tests.clock import START

HOUR = timedelta(hours=1)
RULES = Rules(region="")
AGES = Interval(datetime(1500, 1, 1, tzinfo=UTC), datetime(2900, 1, 1, tzinfo=UTC))
TWELVE_WEEKS = Interval.lasting(START, timedelta(weeks=12))
MANY = 10_000


@pytest.fixture
def tx() -> MemoryTransaction:
    return MemoryTransaction(State())


@pytest.fixture
def guide(tx: MemoryTransaction) -> Guide:
    return store_guide(tx)


def odd(number: int, rule: str) -> AvailabilityRange:
    """One of ten thousand, none like another; together they are open every day from 8:00 to 9:59."""
    first_day = date(2015, 1, 5) + timedelta(days=number % 4001)
    return make_range(0, first_day=first_day, starts=time(8, number % 60), lasts=HOUR, rule=rule)


def put(tx: Transaction, guide: Guide, *ranges: AvailabilityRange) -> int:
    tx.agendas.replace_ranges(guide.seforme.id, ranges)
    return guide.seforme.id


@pytest.mark.slow
def test_ten_thousand_ranges_that_repeat(tx: Transaction, guide: Guide) -> None:
    seforme = put(tx, guide, *(odd(n, f"FREQ=DAILY;UNTIL={2100 + n % 300}0101T000000Z") for n in range(MANY)))
    slots = free_slots(tx, seforme, TWELVE_WEEKS, HOUR, START, RULES)
    assert len(slots) == 84 * 4  # today it is too late for the first
    assert slots[0].during == between("2026-01-21 08:00", "09:00")
    wanted = between("2026-01-27 12:00", "13:00")
    assert nearest_slots(tx, seforme, wanted, START, RULES)[0].during == between("2026-01-26 08:45", "09:45")


def test_ten_thousand_single_days(tx: Transaction, guide: Guide) -> None:
    seforme = put(tx, guide, *(odd(n, "") for n in range(MANY)))
    days = {s.during.start.date() for s in free_slots(tx, seforme, AGES, HOUR, START, RULES)}
    end = date(2015, 1, 5) + timedelta(days=4000)
    assert days == {START.date() + timedelta(days=n) for n in range(1, (end - START.date()).days + 1)} & {
        START.date() + timedelta(days=n) for n in range(1, HORIZON.days + 1)
    }


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=4TU", "FREQ=YEARLY"])
def test_a_range_may_be_nine_hundred_years_old(tx: Transaction, guide: Guide, rule: str) -> None:
    seforme = put(tx, guide, make_range(0, first_day=date(1126, 1, 27), rule=rule))
    found = free_slots(tx, seforme, AGES, 8 * HOUR, START, RULES)
    assert between("2026-01-27 09:00", "17:00") in [s.during for s in found]
    assert all(START <= s.during.start <= START + HORIZON for s in found)


@pytest.mark.parametrize("first_day", [date(1, 1, 1), date.max])
def test_a_range_may_lie_at_the_edge_of_the_calendar(tx: Transaction, guide: Guide, first_day: date) -> None:
    daily = make_range(0, first_day=first_day, rule="FREQ=DAILY", starts=time(22), lasts=4 * HOUR)
    seforme = put(tx, guide, daily)
    assert bool(free_slots(tx, seforme, TWELVE_WEEKS, HOUR, START, RULES)) is (first_day < START.date())
    for edge in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)):
        assert len(open_ranges([daily], Interval.lasting(edge, timedelta(days=1)))) <= 2


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;COUNT=1000000000",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;UNTIL=banana",
        "FREQ=DAILY;UNTIL=20261399",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=9MO",
        "FREQ=WEEKLY;WKST=??",
        "BYDAY=MO",
        "GARBAGE",
        ";;;",
    ],
)
def test_a_rule_that_means_nothing_is_refused_in_words(tx: Transaction, guide: Guide, rule: str) -> None:
    seforme = put(tx, guide, make_range(0, first_day=date(1126, 1, 27), rule=rule))
    with pytest.raises(UnknownRule):
        free_slots(tx, seforme, TWELVE_WEEKS, HOUR, START, RULES)


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYWEEKNO=99"])
def test_a_rule_that_never_comes_true_opens_nothing(tx: Transaction, guide: Guide, rule: str) -> None:
    seforme = put(tx, guide, make_range(0, first_day=date(1126, 1, 27), rule=rule))
    assert free_slots(tx, seforme, TWELVE_WEEKS, HOUR, START, RULES) == []


def test_a_rule_that_counts_ends_with_its_count_however_long_ago(tx: Transaction, guide: Guide) -> None:
    seforme = put(tx, guide, make_range(0, first_day=date(2015, 1, 1), rule="FREQ=DAILY;COUNT=5000"))
    assert free_slots(tx, seforme, TWELVE_WEEKS, HOUR, START, RULES)
    seforme = put(tx, guide, make_range(0, first_day=date(1126, 1, 1), rule="FREQ=DAILY;COUNT=5000"))
    assert free_slots(tx, seforme, TWELVE_WEEKS, HOUR, START, RULES) == []


def test_what_lasts_too_long_or_lies_too_far_ahead_is_not_offered(tx: Transaction, guide: Guide) -> None:
    whole_days = [make_range(0, starts=time(), lasts=timedelta(hours=24), rule="FREQ=DAILY")]
    seforme = put(tx, guide, *whole_days)
    assert free_slots(tx, seforme, TWELVE_WEEKS, LONGEST, START, RULES)
    assert free_slots(tx, seforme, TWELVE_WEEKS, LONGEST + timedelta(minutes=15), START, RULES) == []
    assert nearest_slots(tx, seforme, Interval.lasting(START, LONGEST + HOUR), START, RULES) == []
    late = free_slots(tx, seforme, Interval.lasting(START + HORIZON, timedelta(days=9)), HOUR, START, RULES)
    assert [s.during.start for s in late] == [START + HORIZON]
    assert free_slots(tx, seforme, Interval.lasting(START + 2 * HORIZON, HOUR), HOUR, START, RULES) == []
    assert nearest_slots(tx, seforme, Interval.lasting(START + 2 * HORIZON, HOUR), START, RULES) == []
