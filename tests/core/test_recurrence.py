"""Recurrence, against dateutil on the plain rule and against recurring-ical-events, which knows calendars best."""

import re
import warnings
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.availability import AvailabilityRange
from core.errors import StartOffRule
from core.importing.availability import read_availability
from core.importing.findings import Findings
from core.ranges import open_ranges
from core.repetition import day_rule
from core.times import Interval
from core.zones import is_zone
from tests.builders import make_range
from tests.importing.calendars import NOW, real_files

ZONES = ("Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
DAYS = st.dates(date(2009, 1, 1), date(2028, 12, 31))
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
READ_OTHERWISE = {
    "issue_28_rrule_with_UTC_endinginZ.ics",  # ends at an instant, though it is of whole days
    "issue_148_exdate_and_rdate_updated.ics",  # one event twice: neither file says which is the newer
    "parsing_error.ics",  # an EXDATE that the library does not read
}
"""Calendars in which the rules are the same, and what is around them is not."""


def by_parts(day: date) -> dict[str, dict[str, st.SearchStrategy[str]]]:
    """Return what may narrow a rule of each frequency, so that `day` stays one of its days."""
    weekday, number = WEEKDAYS[day.weekday()], (day.day - 1) // 7 + 1
    weekdays, months = having(weekday, WEEKDAYS), having(day.month, range(1, 13))
    month_days = having(day.day, [*range(1, 32), -1, -2, -10])
    numbered = having(f"{number}{weekday}", [f"{n}{each}" for n in (1, 2, 3, 4, 5, -1, -2) for each in WEEKDAYS])
    year_days = having(day.timetuple().tm_yday, [1, 60, 200, 366, -1])
    weeks = having(day.isocalendar().week, [1, 2, 20, 52, 53, -1])
    return {
        "DAILY": {"BYDAY": weekdays, "BYMONTH": months},
        "WEEKLY": {"BYDAY": weekdays, "BYMONTH": months},
        "MONTHLY": {
            "BYDAY": numbered | weekdays,
            "BYMONTHDAY": month_days,
            "BYMONTH": months,
            "BYSETPOS": having(1, [1, 2, -1]),
        },
        "YEARLY": {
            "BYDAY": weekdays,
            "BYMONTHDAY": month_days,
            "BYMONTH": months,
            "BYYEARDAY": year_days,
            "BYWEEKNO": weeks,
        },
    }


def having(own: object, values: Sequence[object]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), max_size=3, unique=True).map(
        lambda others: ",".join(str(each) for each in dict.fromkeys([own, *others]))
    )


@st.composite
def rules(draw: st.DrawFn, day: date) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = {"FREQ": frequency}
    for name, values in by_parts(day)[frequency].items():
        if draw(st.integers(0, 2)) == 0:
            parts[name] = draw(values)
    if parts.keys().isdisjoint({"BYDAY", "BYMONTHDAY"}):
        parts.pop("BYSETPOS", None)
    if draw(st.booleans()):
        parts["INTERVAL"] = str(draw(st.integers(1, 7)))
    if "BYWEEKNO" not in parts and draw(st.booleans()):
        parts["WKST"] = draw(st.sampled_from(WEEKDAYS))
    end = draw(st.sampled_from(["", "", "COUNT", "UNTIL"]))
    if end == "COUNT":
        parts["COUNT"] = str(draw(st.integers(1, 60)))
    if end == "UNTIL":
        parts["UNTIL"] = f"{day + timedelta(days=draw(st.integers(0, 3000))):%Y%m%d}T000000Z"
    return ";".join(f"{name}={value}" for name, value in parts.items())


@st.composite
def series(draw: st.DrawFn, zones: Sequence[str] = ZONES) -> AvailabilityRange:
    first_day = draw(DAYS)
    try:
        rule = day_rule(draw(rules(first_day)), first_day, time(), None)
    except StartOffRule:  # BYSETPOS leaves the day out
        assume(condition=False)
        raise
    starts = draw(st.times(time(4), time(20)).map(lambda t: t.replace(second=0, microsecond=0)))
    lasts = timedelta(minutes=draw(st.integers(15, 180)))
    return make_range(1, first_day=first_day, rule=rule, starts=starts, lasts=lasts, zone=draw(st.sampled_from(zones)))


@settings(max_examples=300, deadline=None)
@given(r=series(["UTC"]), begin=DAYS, length=st.integers(1, 400))
@example(make_range(1, first_day=date(2012, 2, 29), rule="FREQ=YEARLY", zone="UTC"), date(2028, 1, 1), 366)
@example(make_range(1, first_day=date(2012, 1, 31), rule="FREQ=MONTHLY;INTERVAL=5", zone="UTC"), date(2026, 1, 1), 366)
@example(make_range(1, first_day=date(2010, 1, 4), rule="FREQ=MONTHLY;BYDAY=1MO", zone="UTC"), date(2026, 1, 1), 90)
def test_a_start_that_is_brought_forward_changes_no_day(r: AvailabilityRange, begin: date, length: int) -> None:
    """Whatever the frequency: a start that is brought forward changes nothing."""
    last = begin + timedelta(days=length - 1)
    window = Interval(_midnight(begin), _midnight(last + timedelta(days=1)))
    plain = rrulestr(r.rule, dtstart=_midnight(r.first_day)).between(_midnight(begin), _midnight(last), inc=True)
    assert [p.during.start.date() for p in open_ranges([r], window)] == [d.date() for d in plain]


@settings(max_examples=200, deadline=None)
@given(r=series(), after=st.integers(0, 900), length=st.integers(1, 200), skipped=st.sets(st.integers(0, 10)))
def test_generated_rules_are_what_a_calendar_program_makes_of_them(
    r: AvailabilityRange, after: int, length: int, skipped: set[int]
) -> None:
    begin = _midnight(r.first_day) + timedelta(days=after)
    window = Interval(begin, begin + timedelta(days=length))
    zone = ZoneInfo(r.zone)
    days = [p.during.start.astimezone(zone).date() for p in open_ranges([r], window)]
    except_days = frozenset(day for n, day in enumerate(days) if n in skipped)
    event = icalendar.Event()
    event.add("UID", "generated")
    start = datetime.combine(r.first_day, r.starts, zone)
    event.add("DTSTART", start)
    event.add("DTEND", start + r.lasts)
    event.add("RRULE", icalendar.vRecur.from_ical(_ended_by_an_instant(r)))
    for day in sorted(except_days):
        event.add("EXDATE", datetime.combine(day, r.starts, zone))
    calendar = icalendar.Calendar()
    calendar.add_component(event)
    skipping = AvailabilityRange(0, 1, None, r.first_day, r.starts, r.lasts, r.zone, r.rule, except_days)
    assert {p.during for p in open_ranges([skipping], window)} == _occurrences(calendar, window, r.zone)


@pytest.mark.slow
def test_the_librarys_own_calendars_hold_the_same_occurrences() -> None:
    compared = occurrences = 0
    for path in real_files():
        data = path.read_bytes()
        found, calendar = _read(path.name, data), _parsed(data)
        if found is None or calendar is None or path.name in READ_OTHERWISE:
            continue
        ranges, zone = found
        first = _midnight(min(r.first_day for r in ranges))
        for begin, length in ((first - timedelta(days=2), 400), (first + timedelta(days=35), 20)):
            window = Interval(begin, begin + timedelta(days=length))
            ours = {p.during for p in open_ranges(ranges, window)}
            assert ours == _occurrences(calendar, window, zone), path.name
            compared, occurrences = compared + 1, occurrences + len(ours)
    assert compared > 150
    assert occurrences > 2000


def _read(name: str, data: bytes) -> tuple[list[AvailabilityRange], str] | None:
    """Return the ranges, for a worker in the first zone in which the whole file can be kept as wall time."""
    named = re.findall(r"TZID[=:]\"?([A-Za-z_/]+)", data.decode("utf-8", "replace"))
    for zone in ("Europe/Brussels", *dict.fromkeys(name for name in named if is_zone(name))):
        findings = Findings(name)
        rows = read_availability(data, findings, zone, NOW)
        if rows and not findings.problems:
            return [row.range for row in rows], zone
    return None


def _parsed(data: bytes) -> icalendar.Component | None:
    """Return the calendar, None if the library that judges cannot read it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of zones that bear their maker's name
        try:
            return icalendar.Calendar.from_ical(data)
        except ValueError:
            return None


def _occurrences(calendar: icalendar.Component, window: Interval, zone: str) -> set[Interval]:
    """Return what recurring-ical-events finds; it is asked for some days more, as it has whole days in no zone."""
    assert isinstance(calendar, icalendar.Calendar)
    around = timedelta(days=3)
    found = recurring_ical_events.of(calendar, components=["VEVENT"]).between(
        window.start - around, window.end + around
    )
    bounds = [
        (_instant(item["DTSTART"].dt, zone), _instant(item["DTEND"].dt, zone))
        for item in found
        if item.get("STATUS", "") != "CANCELLED"
    ]
    return {during for start, end in bounds if start < end and (during := Interval(start, end)).overlaps(window)}


def _instant(moment: date, zone: str) -> datetime:
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    return datetime.combine(moment, time(), ZoneInfo(zone)).astimezone(UTC)


def _ended_by_an_instant(r: AvailabilityRange) -> str:
    """Return the rule with the last occurrence's start as its UNTIL, as RFC 5545 wants it beside a zone."""
    found = re.search(r"UNTIL=(\d{8})T000000Z", r.rule)
    if found is None:
        return r.rule
    last = datetime.combine(date.fromisoformat(found.group(1)), r.starts, ZoneInfo(r.zone)).astimezone(UTC)
    return r.rule.replace(found.group(), f"UNTIL={last:%Y%m%dT%H%M%SZ}")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
