"""Availability from VAVAILABILITY and from plain events, as wall time in the worker's zone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.availability import AvailabilityRange
from core.importing.availability import read_availability
from core.importing.findings import Findings
from core.importing.rows import RangeRow
from core.ranges import open_ranges
from core.times import Interval
from tests.importing.calendars import NOW, calendar, event, said

BRUSSELS = "Europe/Brussels"
YEAR = Interval(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def _read(data: bytes, zone: str = BRUSSELS) -> tuple[list[RangeRow], Findings]:
    findings = Findings("x.ics")
    return read_availability(data, findings, zone, NOW), findings


def _ranges(*lines: str, zone: str = BRUSSELS) -> list[AvailabilityRange]:
    rows, findings = _read(calendar(*lines), zone)
    assert findings.problems == []
    return [row.range for row in rows]


def _problems(*lines: str, zone: str = BRUSSELS) -> list[tuple[int, str]]:
    rows, findings = _read(calendar(*lines), zone)
    assert rows == []
    return said(findings)


def test_both_forms_give_the_same_ranges() -> None:
    lines = (
        "UID:a",
        "DTSTART;TZID=Europe/Brussels:20260119T090000",
        "DTEND;TZID=Europe/Brussels:20260119T123000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO,TU",
        "EXDATE;TZID=Europe/Brussels:20260120T090000",
        "LOCATION:Gembloux\\, rue Haute",
    )
    plain, _ = _read(calendar(*event(*lines)))
    formal, _ = _read(calendar(*event("UID:v", *event(*lines, kind="AVAILABLE"), kind="VAVAILABILITY")))
    assert [(row.location, row.range) for row in plain] == [(row.location, row.range) for row in formal]
    (row,) = plain
    assert (row.at.line, row.location) == (2, "Gembloux, rue Haute")
    assert formal[0].at.line == 4
    assert row.range == AvailabilityRange(
        id=0,
        worker_id=0,
        place_id=None,
        first_day=date(2026, 1, 19),
        starts=time(9),
        lasts=timedelta(hours=3, minutes=30),
        zone=BRUSSELS,
        rule="FREQ=WEEKLY;BYDAY=MO,TU",
        except_days=frozenset({date(2026, 1, 20)}),
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("DTSTART:20260119T090000", "DTEND:20260119T120000"),
        ("DTSTART:20260119T090000", "DURATION:PT3H"),
        ("DTSTART;TZID=Europe/Paris:20260119T090000", "DTEND;TZID=Europe/Paris:20260119T120000"),
        ("DTSTART;TZID=W. Europe Standard Time:20260119T090000", "DURATION:PT3H"),
        ('DTSTART;TZID="/mozilla.org/20050126_1/Europe/Brussels":20260119T090000', "DURATION:PT3H"),
        ("DTSTART;TZID=Europe/London:20260119T080000", "DTEND;TZID=Europe/London:20260119T110000"),
        ("dtstart;value=date-time;tzid=europe/brussels:20260119T090000", "duration:PT180M"),
    ],
)
def test_nine_oclock_stays_nine_oclock_all_year_however_it_is_written(start: str, end: str) -> None:
    (found,) = _ranges(*event("UID:a", start, end, "RRULE:FREQ=DAILY"))
    assert (found.zone, found.starts, found.lasts) == (BRUSSELS, time(9), timedelta(hours=3))
    opened = {piece.during.start.strftime("%m-%d %H:%M") for piece in open_ranges([found], YEAR)}
    assert {"01-19 08:00", "03-28 08:00", "03-29 07:00", "10-24 07:00", "10-25 08:00"} <= opened


def test_a_single_range_elsewhere_is_turned_into_the_workers_wall_time() -> None:
    (found,) = _ranges(*event("UID:a", "DTSTART:20260701T070000Z", "DTEND:20260701T100000Z"))
    assert (found.first_day, found.starts, found.lasts, found.rule) == (
        date(2026, 7, 1),
        time(9),
        timedelta(hours=3),
        "",
    )


@pytest.mark.parametrize(
    "start", ["20260119T080000Z", "TZID=America/New_York:20260119T030000", "TZID=Europe/London:20260118T233000"]
)
def test_a_rule_that_would_shift_at_a_clock_change_is_refused(start: str) -> None:
    separator = ";" if start.startswith("TZID") else ":"
    assert _problems(*event("UID:a", f"DTSTART{separator}{start}", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")) == [
        (2, "RuleInOtherZone")
    ]


def test_a_zone_that_only_the_file_defines_is_recognised_by_its_offsets() -> None:
    def period(kind: str, before: str, after: str, month: int) -> tuple[str, ...]:
        rule = f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY=-1SU"
        hour = "020000" if kind == "DAYLIGHT" else "030000"
        offsets = (f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}")
        return event(f"DTSTART:19700329T{hour}", *offsets, rule, kind=kind)

    zone = event(
        "TZID:(UTC+01:00) Amsterdam\\, Berlin",
        *period("DAYLIGHT", "+0100", "+0200", 3),
        *period("STANDARD", "+0200", "+0100", 10),
        kind="VTIMEZONE",
    )
    start = 'DTSTART;TZID="(UTC+01:00) Amsterdam\\, Berlin":20260119T090000'
    (found,) = _ranges(*zone, *event("UID:a", start, "DURATION:PT3H", "RRULE:FREQ=DAILY"))
    assert (found.starts, found.zone) == (time(9), BRUSSELS)


def test_a_zone_that_nothing_defines_is_refused_with_its_line() -> None:
    start = 'DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin":20260119T090000'
    assert _problems(*event("UID:a", start, "DURATION:PT3H")) == [(4, "UnknownZone")]


def test_a_changed_day_leaves_its_series_and_stands_alone() -> None:
    series = event("UID:a", "DTSTART:20260119T090000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY", "LOCATION:A")
    moved = event("UID:a", "RECURRENCE-ID:20260126T090000", "DTSTART:20260127T140000", "DURATION:PT1H", "LOCATION:B")
    called_off = event("UID:a", "RECURRENCE-ID:20260202T080000Z", "DTSTART:20260202T090000", "DURATION:PT3H")
    called_off = (*called_off[:-1], "STATUS:CANCELLED", called_off[-1])
    rows, findings = _read(calendar(*moved, *series, *called_off))
    assert findings.problems == []
    first, second = (row.range for row in rows)
    assert [row.location for row in rows] == ["B", "A"]
    assert (first.first_day, first.starts, first.rule) == (date(2026, 1, 27), time(14), "")
    assert second.except_days == {date(2026, 1, 26), date(2026, 2, 2)}


def test_additional_days_become_ranges_of_their_own() -> None:
    lines = ("UID:a", "DTSTART:20260119T090000", "DURATION:PT3H", "RDATE:20260121T090000,20260119T090000")
    assert [r.first_day for r in _ranges(*event(*lines))] == [date(2026, 1, 19), date(2026, 1, 21)]
    found = _ranges(*event(*lines, "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE;VALUE=DATE:20260121"))
    assert [(r.first_day, r.rule) for r in found] == [
        (date(2026, 1, 19), "FREQ=WEEKLY;COUNT=2"),
        (date(2026, 1, 19), ""),
    ]


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20260121", "20260121"),
        ("20260121T080000Z", "20260121"),
        ("20260121T075959Z", "20260120"),
        ("20260121T090000", "20260121"),
        ("20260121T085959", "20260120"),
    ],
)
def test_the_end_of_a_rule_is_the_last_day_on_which_it_starts(until: str, last: str) -> None:
    (found,) = _ranges(*event("UID:a", "DTSTART:20260119T090000", "DURATION:PT3H", f"RRULE:FREQ=DAILY;UNTIL={until}"))
    assert found.rule == f"FREQ=DAILY;UNTIL={last}T000000Z"
    assert len(open_ranges([found], YEAR)) == int(last[-2:]) - 18


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("FREQ=SECONDLY", "BadFrequency"),
        ("FREQ=MINUTELY;COUNT=3", "BadFrequency"),
        ("FREQ=HOURLY", "BadFrequency"),
        ("FREQ=WEEKLY;BYHOUR=9,14", "BadRulePart"),
        ("FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2", "BadRulePart"),
        ("FREQ=DAILY;INTERVAL=0", "BadRule"),
        ("FREQ=DAILY;INTERVAL=1000000000", "BadRule"),
        ("FREQ=DAILY;COUNT=5001", "BadRule"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "BadRule"),
        ("FREQ=WEEKLY;BYDAY=TU,WE", "StartOffRule"),
        ("FREQ=MONTHLY;BYMONTHDAY=20", "StartOffRule"),
        ("FREQ=DAILY;UNTIL=20250101", "StartOffRule"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BadRule"),
        ("FREQ=DAILY;UNTIL=soon", "BadProperty"),
    ],
)
def test_rules_that_no_range_keeps_are_refused(rule: str, kind: str) -> None:
    lines = event("UID:a", "DTSTART:20260119T090000", "DURATION:PT1H", f"RRULE:{rule}")
    assert [found for _, found in _problems(*lines)] == [kind]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=MONTHLY;BYDAY=3MO", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1,5", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=19"],
)
def test_monthly_and_yearly_rules_are_kept(rule: str) -> None:
    (found,) = _ranges(*event("UID:a", "DTSTART:20260119T090000", "DURATION:PT1H", f"RRULE:{rule};BYHOUR=9;BYMINUTE=0"))
    assert found.rule == rule


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("DTSTART:20260119T090000",), (2, "EndBeforeStart")),
        (("DTSTART:20260119T090000", "DTEND:20260119T080000"), (2, "EndBeforeStart")),
        (("DTSTART:20260119T090000", "DTEND:20260120T090001"), (2, "RangeTooLong")),
        (("DTSTART;VALUE=DATE:20260119", "DTEND;VALUE=DATE:20260121"), (2, "RangeTooLong")),
        (("DTSTART:19691231T090000", "DURATION:PT1H"), (4, "OutOfTime")),
        (("DTSTART:21010101T090000", "DURATION:PT1H"), (4, "OutOfTime")),
        (("DTSTART:20260119T990000", "DURATION:PT1H"), (4, "BadProperty")),
        (("DTSTART:tomorrow", "DURATION:PT1H"), (4, "BadProperty")),
        (("DTSTART:20260119T090000", "DURATION:3 hours"), (5, "BadProperty")),
        (("DTSTART:20260119T090000", "DURATION:PT1H", "RECURRENCE-ID:20260119T090000/PT1H"), (6, "BadProperty")),
        (("DURATION:PT1H",), (2, "MissingProperty")),
        (("DTSTART:20260119T090000", "DTSTART:20260120T090000"), (5, "RepeatedProperty")),
        (("DTSTART:20260119T090000", "DURATION:PT1H", "LOCATION:a\u202eb"), (6, "BadProperty")),
        (
            ("DTSTART:20260119T090000", "DURATION:PT1H", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260119T090000"),
            (2, "ThisAndFuture"),
        ),
    ],
)
def test_what_is_no_range_is_refused_with_its_line(lines: tuple[str, ...], found: tuple[int, str]) -> None:
    assert _problems(*event("UID:a", *lines)) == [found]


@pytest.mark.parametrize("kind", ["VEVENT", "AVAILABLE"])
@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ((), set()),
        (("CATEGORIES:",), set()),
        (("CATEGORIES:Bilan",), {"Bilan"}),
        (
            ("CATEGORIES:Bilan,Visite\\, longue", "CATEGORIES;LANGUAGE=fr: bilan ,Suivi  social"),
            {"Bilan", "Visite, longue", "Suivi social"},
        ),
    ],
)
def test_categories_are_the_kinds_of_appointment(kind: str, lines: tuple[str, ...], kinds: set[str]) -> None:
    part = event("UID:a", "DTSTART:20260119T090000", "DURATION:PT3H", *lines, kind=kind)
    (found,) = _ranges(*(part if kind == "VEVENT" else event(*part, kind="VAVAILABILITY")))
    assert found.kinds == kinds


def test_each_day_of_a_series_has_its_own_kinds() -> None:
    series = event("UID:a", "DTSTART:20260119T090000", "DURATION:PT3H", "RRULE:FREQ=WEEKLY", "CATEGORIES:Bilan")
    moved = event(
        "UID:a", "RECURRENCE-ID:20260126T090000", "DTSTART:20260127T140000", "DURATION:PT1H", "CATEGORIES:Suivi"
    )
    assert [(r.rule, r.kinds) for r in _ranges(*series, *moved)] == [("FREQ=WEEKLY", {"Bilan"}), ("", {"Suivi"})]


@pytest.mark.parametrize("value", ["a" * 61, "a\u202eb", ",".join(str(n) for n in range(21))])
def test_categories_that_are_no_kinds_are_refused_with_their_line(value: str) -> None:
    lines = ("UID:a", "DTSTART:20260119T090000", "DURATION:PT1H", f"CATEGORIES:{value}")
    assert _problems(*event(*lines)) == [(6, "BadProperty")]


def test_more_ranges_than_a_worker_may_have_are_refused() -> None:
    days = ",".join(f"20260119T{n // 60:02}{n % 60:02}00" for n in range(1001))
    rows, findings = _read(calendar(*event("UID:a", "DTSTART:20260119T000000", "DURATION:PT1M", f"RDATE:{days}")))
    assert len(rows) == 1001
    assert said(findings) == [(0, "TooManyRanges")]


def test_every_fault_of_a_file_is_found_at_once() -> None:
    bad = event("UID:a", "DTSTART:20260119T090000")
    rows, findings = _read(calendar(*bad, *event("UID:b", "DTSTART:20260119T090000", "DURATION:PT1H"), *bad))
    assert len(rows) == 1
    assert said(findings) == [(2, "EndBeforeStart"), (11, "EndBeforeStart")]


def test_a_whole_day_lasts_from_midnight_to_midnight() -> None:
    (found,) = _ranges(*event("UID:a", "DTSTART;VALUE=DATE:20260329", "RRULE:FREQ=DAILY;COUNT=2"))
    assert (found.starts, found.lasts) == (time(), timedelta(days=1))
    assert [piece.during.duration for piece in open_ranges([found], YEAR)] == [timedelta(hours=23), timedelta(hours=24)]


def test_a_range_may_pass_midnight() -> None:
    (found,) = _ranges(*event("UID:a", "DTSTART:20260119T220000", "DTEND:20260120T060000", "RRULE:FREQ=DAILY"))
    assert (found.first_day, found.starts, found.lasts) == (date(2026, 1, 19), time(22), timedelta(hours=8))


AVAILABLE = event("UID:b", "DTSTART:20260119T090000", "DURATION:PT3H", "RRULE:FREQ=DAILY", kind="AVAILABLE")


def test_the_bounds_of_a_vavailability_end_its_rules() -> None:
    frame = ("DTSTART:20260101T000000", "DTEND:20260121T110000", "LOCATION:Gembloux")
    rows, findings = _read(calendar(*event(*frame, *AVAILABLE, kind="VAVAILABILITY")))
    assert findings.problems == []
    assert [(row.location, row.range.rule) for row in rows] == [("Gembloux", "FREQ=DAILY;UNTIL=20260120T000000Z")]


@pytest.mark.parametrize("frame", [("DTSTART:20260119T091500",), ("DTSTART:20260101T000000", "DURATION:P3D")])
def test_a_range_outside_its_vavailability_is_refused(frame: tuple[str, ...]) -> None:
    lines = event(*frame, *AVAILABLE, kind="VAVAILABILITY")
    assert [kind for _, kind in _problems(*lines)] == ["OutsideItsBounds"]


def test_layers_and_mixtures_are_refused() -> None:
    first = event("PRIORITY:1", *AVAILABLE, kind="VAVAILABILITY")
    assert _problems(*first, *event("PRIORITY:2", *AVAILABLE, kind="VAVAILABILITY")) == [(11, "Priorities")]
    plain = event("UID:a", "DTSTART:20260119T090000", "DURATION:PT1H")
    assert _problems(*first, *plain) == [(11, "MixedCalendar")]
