"""One range that repeats, changed or removed on a day: this one, this and the following, or all.

Each function returns the ranges that take the place of the whole series; the one that goes on keeps its id. None of
them is without a day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import dropwhile, takewhile

from core.availability import AvailabilityRange
from core.repetition import days, ending, joined, parts_of

_DAY = timedelta(days=1)


class Scope(StrEnum):
    """How much of a series is meant.

    ONE and FOLLOWING leave every earlier day as it was. ALL is the whole series: its past days change too.
    """

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


def days_of(series: AvailabilityRange, since: date) -> Iterator[date]:
    """Yield the days on which it takes place, from `since` on."""
    found = dropwhile(lambda day: day < since, _all_days(series))
    return (day for day in found if day not in series.except_days)


def first_day_of_change(series: AvailabilityRange, day: date, scope: Scope, moved_to: date) -> date:
    """Return where a repeating change begins that puts the occurrence of `day` on `moved_to`.

    A whole series moves by as many days as the one occurrence, and not at all if `moved_to` is its own first day.
    """
    if scope is Scope.ALL and moved_to != series.first_day:
        return series.first_day + (moved_to - day)
    return moved_to


def changed(series: AvailabilityRange, day: date, scope: Scope, new: AvailabilityRange) -> list[AvailabilityRange]:
    """Return the series with `new` in the place of its occurrence of `day`, of that and the later ones, or of all.

    What the series skips stays skipped, as many days away as it is moved. A COUNT that `new` has in common with it goes
    on counting.
    """
    stays = series.first_day if scope is Scope.ALL else day
    rule = series.rule if scope is Scope.ONE else new.rule
    same = replace(new, id=series.id, first_day=series.first_day, rule=rule, except_days=series.except_days)
    if new.first_day == stays and same == series:
        return [series]
    match scope if series.rule else Scope.ALL:
        case Scope.ONE:
            kept, put = _skipping(series, day), replace(new, rule="", except_days=frozenset())
        case Scope.FOLLOWING:
            kept, put = _before(series, day), replace(new, rule=_counting_on(series, day, new.rule))
        case Scope.ALL:
            kept, put = [], new
    if put.rule:
        skipped = frozenset(d + (new.first_day - stays) for d in series.except_days if d >= stays)
        put = replace(put, except_days=skipped)
    return [*kept, *_not_empty(replace(put, id=0 if kept else series.id))]


def removed(series: AvailabilityRange, day: date, scope: Scope) -> list[AvailabilityRange]:
    """Return the series without its occurrence of `day`, without that and the later ones, or nothing."""
    match scope:
        case Scope.ONE:
            return _skipping(series, day)
        case Scope.FOLLOWING:
            return _before(series, day)
        case Scope.ALL:
            return []


def _skipping(series: AvailabilityRange, day: date) -> list[AvailabilityRange]:
    return _not_empty(replace(series, except_days=series.except_days | {day}))


def _before(series: AvailabilityRange, day: date) -> list[AvailabilityRange]:
    if day == series.first_day:
        return []
    except_days = frozenset(d for d in series.except_days if d < day)
    return _not_empty(replace(series, rule=ending(series.rule, day - _DAY), except_days=except_days))


def _counting_on(series: AvailabilityRange, day: date, rule: str) -> str:
    """Return the rule with what is left of its COUNT on `day`, if it is the series' own; skipped days have counted."""
    parts = parts_of(rule) if rule else {}
    count = parts.get("COUNT")
    if count is None or count != parts_of(series.rule).get("COUNT"):
        return rule
    passed = sum(1 for _ in takewhile(lambda found: found < day, _all_days(series)))
    return joined(parts | {"COUNT": str(int(count) - passed)})


def _not_empty(series: AvailabilityRange) -> list[AvailabilityRange]:
    return [series] if any(day not in series.except_days for day in _all_days(series)) else []


def _all_days(series: AvailabilityRange) -> Iterable[date]:
    return days(series.rule, series.first_day) if series.rule else [series.first_day]
