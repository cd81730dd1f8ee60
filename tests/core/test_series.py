"""A series changed or removed on one of its days: what was before stays exactly as it was."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, NamedTuple

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.availability import AvailabilityRange
from core.errors import StartOffRule
from core.repetition import starting
from core.rules import LAST_YEAR
from core.series import Scope, changed, days_of, first_day_of_change, removed
from tests.builders import make_range

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
CALM = settings(deadline=None)
MANY = 60
"""How many days of a series are looked at: of one without end, the first."""
AFTERNOON: dict[str, Any] = {
    "starts": time(14),
    "lasts": timedelta(hours=2),
    "place_id": 7,
    "kinds": frozenset({"Bilan"}),
}


class Opened(NamedTuple):
    """One day of a range as a person sees it."""

    day: date
    starts: time
    lasts: timedelta
    place_id: int | None
    kinds: frozenset[str]


def plain_days(r: AvailabilityRange) -> list[date]:
    """Return the first days of a range, dateutil on the plain rule being the judge."""
    if not r.rule:
        return [r.first_day]
    found = rrulestr(r.rule.replace("T000000Z", ""), dtstart=datetime.combine(r.first_day, time()))
    days = [d.date() for d in islice(found, MANY)]
    return [d for d in days if d not in r.except_days]


def opened(*ranges: AvailabilityRange, until: date = date.max) -> list[Opened]:
    return sorted(
        Opened(day, r.starts, r.lasts, r.place_id, r.kinds) for r in ranges for day in plain_days(r) if day < until
    )


def rule_parts(draw: st.DrawFn) -> list[str]:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    weekdays = draw(st.lists(st.sampled_from(WEEKDAYS), unique=True, min_size=1, max_size=4))
    some_days = f"BYDAY={','.join(weekdays)}"
    choices = {
        "DAILY": ["", some_days, "BYMONTH=3,6,9"],
        "WEEKLY": ["", some_days, some_days],
        "MONTHLY": ["", "BYMONTHDAY=1,15,-1", "BYDAY=1MO", "BYDAY=-1FR,2TU", f"{some_days};BYSETPOS=1,-1"],
        "YEARLY": ["", "BYMONTH=2,7;BYMONTHDAY=10", "BYYEARDAY=40,200", f"BYWEEKNO=5,20;{some_days}", some_days],
    }
    chosen = draw(st.sampled_from(choices[frequency]))
    return [f"FREQ={frequency}", *filter(None, chosen.split(";"))]


@st.composite
def series(draw: st.DrawFn) -> AvailabilityRange:
    """Return any kind of range that an import accepts, with days that it skips."""
    parts, last_day = rule_parts(draw), None
    parts += [f"INTERVAL={draw(st.integers(2, 4))}"] if draw(st.booleans()) else []
    parts += [f"WKST={draw(st.sampled_from(['MO', 'SU', 'WE']))}"] if draw(st.booleans()) else []
    match draw(st.sampled_from(["", "COUNT", "UNTIL"])):
        case "COUNT":
            parts.append(f"COUNT={draw(st.integers(1, 30))}")
        case "UNTIL":
            last_day = draw(DAYS)
    try:
        first_day, rule = starting(";".join(draw(st.permutations(parts))), draw(DAYS), time(9), last_day)
    except StartOffRule:
        assume(False)
    whole = make_range(1, id=5, first_day=first_day, rule=rule)
    skipped = draw(st.sets(st.sampled_from([d for d in plain_days(whole) if d.year <= LAST_YEAR]), max_size=4))
    assume(len(skipped) < len(plain_days(whole)))
    return replace(whole, except_days=frozenset(skipped))


@st.composite
def series_and_day(draw: st.DrawFn) -> tuple[AvailabilityRange, date]:
    found = draw(series())
    return found, draw(st.sampled_from(plain_days(found)[: MANY // 2]))


def check_kept(before: AvailabilityRange, after: list[AvailabilityRange]) -> None:
    """What holds of every change: nothing empty is kept, and at most one goes on under the old id."""
    assert all(opened(r) for r in after)
    assert [r.id for r in after].count(before.id) <= 1
    assert {r.id for r in after} <= {before.id, 0}
    assert all(r.worker_id == before.worker_id for r in after)


@CALM
@given(series())
def test_the_days_of_a_series_are_those_of_its_plain_rule(found: AvailabilityRange) -> None:
    assert list(islice(days_of(found, date.min), MANY - 4)) == plain_days(found)[: MANY - 4]


@CALM
@given(series_and_day(), DAYS | st.none())
def test_this_and_following_keeps_every_earlier_day(
    found: tuple[AvailabilityRange, date], moved_to: date | None
) -> None:
    before, day = found
    new = make_range(1, first_day=moved_to or day, rule=before.rule, **AFTERNOON)
    if moved_to is not None:
        new = replace(new, rule="FREQ=DAILY;INTERVAL=2")
    after = changed(before, day, Scope.FOLLOWING, new)

    check_kept(before, after)
    assert [o for o in opened(*after) if o.starts == before.starts] == opened(before, until=day)
    later = [o.day for o in opened(*after) if o.starts == new.starts]
    if moved_to is None:
        wanted = [d for d in plain_days(before) if d >= day]
        assert later[: len(wanted)] == wanted
        assert len(wanted) == len(later) or len(plain_days(before)) + len(before.except_days) >= MANY
    else:
        skipped = frozenset(d + (moved_to - day) for d in before.except_days if d >= day)
        assert later == plain_days(replace(new, except_days=skipped))
    assert all(o[1:] == tuple(AFTERNOON.values()) for o in opened(*after) if o.starts == new.starts)


@CALM
@given(series_and_day())
def test_removing_this_and_following_keeps_every_earlier_day(found: tuple[AvailabilityRange, date]) -> None:
    before, day = found
    after = removed(before, day, Scope.FOLLOWING)

    check_kept(before, after)
    assert opened(*after) == opened(before, until=day)


@CALM
@given(series_and_day(), DAYS | st.none())
def test_this_one_leaves_every_other_day_alone(found: tuple[AvailabilityRange, date], moved_to: date | None) -> None:
    before, day = found
    new = make_range(1, first_day=moved_to or day, rule="FREQ=DAILY", **AFTERNOON)
    after = changed(before, day, Scope.ONE, new)

    check_kept(before, after)
    others = [o for o in opened(before) if o.day != day]
    assert opened(*after) == sorted([*others, Opened(moved_to or day, *AFTERNOON.values())])


@CALM
@given(series_and_day())
def test_removing_this_one_leaves_every_other_day_alone(found: tuple[AvailabilityRange, date]) -> None:
    before, day = found
    after = removed(before, day, Scope.ONE)

    check_kept(before, after)
    assert opened(*after) == [o for o in opened(before) if o.day != day]


@CALM
@given(series_and_day())
def test_all_changes_the_past_days_too_and_skips_what_was_skipped(found: tuple[AvailabilityRange, date]) -> None:
    before, day = found
    first_day = first_day_of_change(before, day, Scope.ALL, day)
    new = make_range(1, first_day=first_day, rule=before.rule, **AFTERNOON)
    [after] = changed(before, day, Scope.ALL, new)

    assert after == replace(new, id=before.id, except_days=before.except_days)
    assert removed(before, day, Scope.ALL) == []


@CALM
@given(series_and_day(), st.sampled_from(Scope))
def test_a_change_that_changes_nothing_leaves_the_series_whole(
    found: tuple[AvailabilityRange, date], scope: Scope
) -> None:
    before, day = found
    first_day = before.first_day if scope is Scope.ALL else day
    rule = "" if scope is Scope.ONE else before.rule
    same = replace(before, id=0, first_day=first_day, rule=rule, except_days=frozenset())
    assert changed(before, day, scope, same) == [before]


def test_a_whole_series_moves_with_its_day() -> None:
    fortnightly = make_range(1, id=5, first_day=date(2026, 1, 19), rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    moved = first_day_of_change(fortnightly, date(2026, 2, 16), Scope.ALL, date(2026, 2, 18))
    assert moved == date(2026, 1, 21)
    assert first_day_of_change(fortnightly, date(2026, 2, 16), Scope.FOLLOWING, date(2026, 2, 18)) == date(2026, 2, 18)


def test_a_count_goes_on_counting_with_the_days_that_were_skipped() -> None:
    ten = make_range(
        1,
        id=5,
        first_day=date(2026, 1, 19),
        rule="FREQ=WEEKLY;BYDAY=MO;COUNT=10",
        except_days=frozenset({date(2026, 1, 26), date(2026, 2, 16)}),
    )
    new = make_range(1, first_day=date(2026, 2, 9), rule="FREQ=WEEKLY;COUNT=10;BYDAY=MO", **AFTERNOON)
    past, later = changed(ten, date(2026, 2, 9), Scope.FOLLOWING, new)
    assert (past.rule, past.except_days) == ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260208T000000Z", {date(2026, 1, 26)})
    assert (later.rule, later.except_days) == ("FREQ=WEEKLY;COUNT=7;BYDAY=MO", {date(2026, 2, 16)})
    asked = replace(new, rule="FREQ=WEEKLY;BYDAY=MO;COUNT=3")
    assert changed(ten, date(2026, 2, 9), Scope.FOLLOWING, asked)[1].rule == asked.rule


@pytest.mark.parametrize("scope", Scope)
def test_a_single_day_is_changed_as_a_whole(scope: Scope) -> None:
    single = make_range(1, id=5, first_day=date(2026, 1, 19), rule="")
    new = make_range(1, first_day=date(2026, 1, 20), rule="FREQ=WEEKLY", **AFTERNOON)
    assert changed(single, date(2026, 1, 19), scope, new) == [replace(new, id=5)]
    assert removed(single, date(2026, 1, 19), scope) == []


@pytest.mark.parametrize("scope", Scope)
def test_the_last_day_left_takes_the_series_with_it(scope: Scope) -> None:
    left = make_range(
        1, id=5, first_day=date(2026, 1, 19), rule="FREQ=DAILY;COUNT=2", except_days=frozenset({date(2026, 1, 19)})
    )
    assert removed(left, date(2026, 1, 20), scope) == []
    new = make_range(1, first_day=date(2026, 1, 20), rule="", **AFTERNOON)
    assert changed(left, date(2026, 1, 20), scope, new) == [replace(new, id=5)]
