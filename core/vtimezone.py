"""A time zone's definition for a calendar (VTIMEZONE, RFC 5545, section 3.6.5), with rules in place of lists of dates.

Calendar servers expand a rule for ever; of a mere list of dates some make times that are an hour off.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_AHEAD = 60
_FOR_EVER = 28
"""After so many years in a row, in which every day of the week was the last of its month, a rule is taken to stay."""


@dataclass(frozen=True, slots=True)
class _Offset:
    """What the clocks show: how far ahead of UTC, under which name, and whether that is summer time."""

    ahead: timedelta
    name: str
    summer: bool


@dataclass(frozen=True, slots=True)
class _Onset:
    """A clock change at the UTC instant `at`."""

    at: datetime
    before: timedelta
    after: _Offset

    @property
    def wall(self) -> datetime:
        """What the clocks showed then, as they went before; without a zone, as VTIMEZONE wants it."""
        return (self.at + self.before).replace(tzinfo=None)

    @property
    def kind(self) -> tuple[object, ...]:
        """What changes that one rule makes have in common."""
        wall = self.wall
        return (self.before, self.after, wall.month, wall.weekday(), wall.time())


def vtimezone(zone: str, since: int) -> icalendar.Timezone:
    """Return the definition of an IANA zone from the year `since` on, for 60 years and as long as its rules stay."""
    definition = icalendar.Timezone()
    definition.add("tzid", zone)
    for first, rule in _observances(zone, since - 1):
        part = icalendar.TimezoneDaylight() if first.after.summer else icalendar.TimezoneStandard()
        part.add("dtstart", first.wall)
        part.add("tzoffsetfrom", first.before)
        part.add("tzoffsetto", first.after.ahead)
        part.add("tzname", first.after.name)
        if rule:
            part.add("rrule", icalendar.vRecur.from_ical(rule))
        definition.add_component(part)
    return definition


@lru_cache(maxsize=64)
def _observances(zone: str, since: int) -> tuple[tuple[_Onset, str], ...]:
    """Return the state at the beginning, and each run of yearly changes with its rule, "" for a single one."""
    begin = datetime(since, 1, 1, tzinfo=UTC)
    state = _offset(begin, ZoneInfo(zone))
    found = [(_Onset(begin, state.ahead, state), "")]
    kinds: dict[object, list[_Onset]] = {}
    for onset in _onsets(zone, begin, begin.replace(year=since + _AHEAD)):
        kinds.setdefault(onset.kind, []).append(onset)
    for onsets in kinds.values():
        found += [(run[0], _rule(run, since + _AHEAD - 1)) for run in _runs(onsets)]
    return tuple(sorted(found, key=lambda one: one[0].at))


def _onsets(zone: str, begin: datetime, end: datetime) -> Iterator[_Onset]:
    clock = ZoneInfo(zone)
    before, at = _offset(begin, clock), begin
    while at < end:
        after = _offset(at + _DAY, clock)
        if after.ahead != before.ahead:
            low, high = at, at + _DAY
            while high - low > _SECOND:
                middle = low + (high - low) // 2 // _SECOND * _SECOND
                low, high = (low, middle) if _offset(middle, clock).ahead == after.ahead else (middle, high)
            yield _Onset(high, before.ahead, after)
        before, at = after, at + _DAY


def _offset(at: datetime, clock: ZoneInfo) -> _Offset:
    shown = at.astimezone(clock)
    return _Offset(
        shown.utcoffset() or timedelta(0), shown.tzname() or "", (shown.dst() or timedelta(0)) > timedelta(0)
    )


def _runs(onsets: Iterable[_Onset]) -> Iterator[list[_Onset]]:
    """Yield the changes in runs of years without a gap, each of which one rule makes."""
    run: list[_Onset] = []
    for onset in onsets:
        if run and (onset.wall.year != run[-1].wall.year + 1 or not _by_day([*run, onset])):
            yield run
            run = []
        run.append(onset)
    yield run


def _rule(run: Sequence[_Onset], last_year: int) -> str:
    if len(run) == 1:
        return ""
    rule = f"FREQ=YEARLY;BYMONTH={run[0].wall.month};{_by_day(run)}"
    if run[-1].wall.year >= last_year and len(run) >= _FOR_EVER:
        return rule
    until = run[-1].at + _DAY  # for readers that take it for wall time, of which dateutil is one
    return f"{rule};UNTIL={until:%Y%m%dT%H%M%SZ}"


def _by_day(run: Iterable[_Onset]) -> str:
    """Return the part of a rule that picks these days out of their month, "" if there is none."""
    days = [onset.wall for onset in run]
    weekday = _WEEKDAYS[days[0].weekday()]
    if all(day.day + 7 > monthrange(day.year, day.month)[1] for day in days):
        return f"BYDAY=-1{weekday}"
    numbers = {(day.day + 6) // 7 for day in days}
    if len(numbers) == 1:
        return f"BYDAY={numbers.pop()}{weekday}"
    first = min(day.day for day in days)
    if max(day.day for day in days) > first + 6:
        return ""
    return f"BYDAY={weekday};BYMONTHDAY={','.join(str(n) for n in range(first, first + 7))}"
