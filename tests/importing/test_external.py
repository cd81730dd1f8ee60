"""A worker's own calendar elsewhere, expanded over the horizon."""

from datetime import UTC, datetime, timedelta

import pytest

from core.availability import ExternalEvent
from core.importing.external import BEFORE, read_external
from core.importing.findings import Findings
from core.rules import HORIZON
from tests.importing.calendars import NOW, calendar, event, said

DAY = ("DTSTART:20260201T090000", "DTEND:20260201T100000")


def _read(data: bytes) -> tuple[list[ExternalEvent], Findings]:
    findings = Findings("x.ics")
    return read_external(data, findings, "Europe/Brussels", NOW), findings


def _events(*lines: str) -> list[ExternalEvent]:
    found, findings = _read(calendar(*lines))
    assert findings.problems == []
    return found


def _starts(*lines: str) -> list[str]:
    return [e.during.start.strftime("%Y-%m-%d %H:%M") for e in _events(*lines)]


def test_one_event() -> None:
    (found,) = _events(*event("UID:a@x", *DAY, "SUMMARY:Kiné\\, dos", "DESCRIPTION:secret"))
    assert (found.uid, found.recurrence_id, found.title, found.tentative) == ("a@x", "", "Kiné, dos", False)
    assert (found.during.start, found.during.duration) == (datetime(2026, 2, 1, 8, tzinfo=UTC), timedelta(hours=1))


def test_a_weekly_event_fills_the_horizon_and_keeps_its_wall_time() -> None:
    found = _events(
        *event("UID:a", "DTSTART;TZID=Europe/Brussels:20200107T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    )
    assert len(found) == len({e.recurrence_id for e in found}) == 57
    assert found[0].during.end > NOW - BEFORE
    assert found[-1].during.start < NOW + HORIZON
    assert {e.during.start.strftime("%m %H") for e in found} >= {"01 08", "07 07"}
    assert found[0].recurrence_id == found[0].during.start.strftime("%Y%m%dT%H%M%SZ")


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "EXDATE:20260201T090000\r\nRRULE:FREQ=DAILY;COUNT=1",
    ],
)
def test_what_leaves_the_worker_free_is_left_out(line: str) -> None:
    assert _events(*event("UID:a", *DAY, line)) == []


@pytest.mark.parametrize("line", ["STATUS:TENTATIVE", "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"])
def test_what_is_tentative_stays_so(line: str) -> None:
    assert [e.tentative for e in _events(*event("UID:a", *DAY, line))] == [True]


def test_an_event_of_no_length_occupies_nobody() -> None:
    assert _events(*event("UID:a", "DTSTART:20260201T090000")) == []


def test_whole_days_are_the_workers_days() -> None:
    (single,) = _events(*event("UID:a", "DTSTART;VALUE=DATE:20260329"))
    assert (single.during.start, single.during.duration) == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        timedelta(hours=23),
    )
    several = _events(
        *event("UID:a", "DTSTART;VALUE=DATE:20260328", "DTEND;VALUE=DATE:20260330", "RRULE:FREQ=YEARLY;COUNT=1")
    )
    assert [(e.recurrence_id, e.during.duration) for e in several] == [("20260328", timedelta(hours=47))]


def test_moved_and_cancelled_occurrences() -> None:
    series = event("UID:a", *DAY, "RRULE:FREQ=DAILY;COUNT=4", "RDATE:20260301T090000")
    moved = event("UID:a", "RECURRENCE-ID:20260202T090000", "DTSTART:20260210T150000", "DURATION:PT1H")
    off = event("UID:a", "RECURRENCE-ID:20260203T080000Z", *DAY, "STATUS:CANCELLED")
    assert _starts(*moved, *series, *off) == [
        "2026-02-01 08:00",
        "2026-02-04 08:00",
        "2026-02-10 14:00",
        "2026-03-01 08:00",
    ]


def test_a_change_of_all_later_occurrences() -> None:
    series = event("UID:a", *DAY, "RRULE:FREQ=DAILY;COUNT=3")
    later = event(
        "UID:a", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260202T090000", "DTSTART:20260202T110000", "DURATION:PT2H"
    )
    assert _starts(*series, *later) == ["2026-02-01 08:00", "2026-02-02 10:00", "2026-02-03 10:00"]


def test_the_newest_version_of_an_event_counts() -> None:
    new = event("UID:a", "SEQUENCE:3", "DTSTART:20260202T090000", "DURATION:PT1H")
    assert _starts(*new, *event("UID:a", "SEQUENCE:1", *DAY)) == ["2026-02-02 08:00"]


def test_a_changed_occurrence_without_its_series_counts() -> None:
    (found,) = _events(*event("UID:a", "RECURRENCE-ID:20260203T090000", *DAY))
    assert found.recurrence_id == "20260203T080000Z"


def test_events_without_an_identifier_are_kept_apart() -> None:
    assert len(_events(*event(*DAY), *event(*DAY))) == 2


def test_an_unknown_zone_is_read_in_the_workers_and_said_once() -> None:
    start = 'DTSTART;TZID="(UTC+01:00) Amsterdam, Berlin":20260201T090000'
    found, findings = _read(calendar(*event("UID:a", start, "DURATION:PT1H"), *event("UID:b", start, "DURATION:PT1H")))
    assert [e.during.start for e in found] == [datetime(2026, 2, 1, 8, tzinfo=UTC)] * 2
    assert findings.problems == []
    assert said(findings.warnings) == [(4, "ZoneGuessed")]


def test_only_what_touches_the_horizon_is_kept() -> None:
    far = event("UID:a", "DTSTART:20400101T090000", "DTEND:20400101T100000")
    old = event("UID:b", "DTSTART:20110101T090000", "DTEND:20110101T100000")
    running = event("UID:c", "DTSTART:20251201T090000", "DTEND:20251223T100000")
    assert [e.uid for e in _events(*far, *old, *running)] == ["c"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (("DTSTART:20260201T090000", "DTEND:20260201T080000"), (2, "EndBeforeStart")),
        (("DTSTART:20260201T090000", "DTEND:20270301T080000"), (2, "EventTooLong")),
        (("DTSTART:20260201T090000", "DURATION:P999W"), (2, "EventTooLong")),
        (("DTSTART:20260201T090000", "DTEND;VALUE=DATE:20260202"), (2, "BadProperty")),
        (("DTSTART;VALUE=DATE:20260201", "DURATION:PT1H"), (5, "BadProperty")),
        ((*DAY, "RRULE:FREQ=SECONDLY"), (6, "BadFrequency")),
        ((*DAY, "RRULE:FREQ=MINUTELY;COUNT=2"), (6, "BadFrequency")),
        ((*DAY, "RRULE:COUNT=2"), (6, "BadRule")),
        ((*DAY, "RRULE:FREQ=HOURLY"), (2, "TooManyInstances")),
        ((*DAY, "RRULE:FREQ=DAILY;BYHOUR=1,2;BYMINUTE=" + ",".join(map(str, range(60)))), (2, "TooManyInstances")),
        ((*DAY, "RRULE:FREQ=WEEKLY;UNTL=20260301"), (2, "BadRule")),
        (("DTSTART:00010101T090000", "DTEND:00010101T100000"), (4, "OutOfTime")),
        (("SUMMARY:x",), (2, "MissingProperty")),
    ],
)
def test_what_is_no_event_is_refused_with_its_line(lines: tuple[str, ...], found: tuple[int, str]) -> None:
    events, findings = _read(calendar(*event("UID:a", *lines)))
    assert events == []
    assert said(findings) == [found]


def test_titles_and_identifiers_are_made_fit_to_store() -> None:
    (found,) = _events(*event(f"UID:{'u' * 300}", *DAY, f"SUMMARY:a\u202eb \x07 {'x' * 300}"))
    assert len(found.uid) == 64
    assert found.title.startswith("a b x")
    assert (len(found.title), found.title[-1]) == (200, "…")
