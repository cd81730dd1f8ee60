"""Files that would keep a calendar library busy for minutes are refused before it sees them."""

import pytest

from core.importing.external import read_external
from core.importing.findings import Findings, Located
from core.importing.scan import MAX_COMPONENTS, MAX_DEPTH, MAX_LINE, scan
from tests.importing.calendars import NOW, calendar, event, said


def _refused(data: bytes) -> tuple[int, str]:
    with pytest.raises(Located) as refused:
        scan(data, Findings("x.ics"))
    return refused.value.line, type(refused.value.error).__name__


def _nested(depth: int) -> bytes:
    return calendar(*("BEGIN:VEVENT",) * depth, *("END:VEVENT",) * depth)


HOSTILE = {
    "empty": (b"", (1, "NotACalendar")),
    "blank": (b"\r\n \r\n", (1, "NotACalendar")),
    "html": (b"<html></html>", (1, "NotACalendar")),
    "no calendar": (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", (1, "NotACalendar")),
    "latin 1": (b"BEGIN:VCALENDAR\r\n\xe9", (2, "NotUtf8")),
    "never ended": (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", (2, "Unbalanced")),
    "ended twice": (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nEND:VCALENDAR", (3, "Unbalanced")),
    "crossed": (b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR", (3, "Unbalanced")),
    "crossed unread": (b"BEGIN:VCALENDAR\r\nBEGIN:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR", (3, "Unbalanced")),
    "calendar in calendar": (b"BEGIN:VCALENDAR\r\nBEGIN:VCALENDAR\r\n", (2, "Unbalanced")),
    "long line": (calendar("X" * (MAX_LINE + 1)), (2, "LineTooLong")),
    "long folded line": (calendar("BEGIN:VEVENT", "SUMMARY:" + "\r\n ".join(["x" * 70] * 1000)), (3, "LineTooLong")),
    "no line end": (b"x" * 9_000_000, (1, "LineTooLong")),
    "many events": (
        calendar(*event("SUMMARY:x") * (MAX_COMPONENTS + 1)),
        (3 * MAX_COMPONENTS - 1, "TooManyComponents"),
    ),
    "many alarms": (calendar(*event(kind="VALARM") * (MAX_COMPONENTS + 1)), (2 * MAX_COMPONENTS, "TooManyComponents")),
    "deep": (_nested(MAX_DEPTH), (MAX_DEPTH + 1, "NestedTooDeep")),
    "very deep": (_nested(100_000), (MAX_DEPTH + 1, "NestedTooDeep")),
    "huge": (b"BEGIN:VCALENDAR\r\n" + b"x" * 50_000_000, (0, "TooBig")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_its_line(name: str) -> None:
    data, found = HOSTILE[name]
    assert _refused(data) == found


def test_what_an_import_does_not_need_is_dropped_however_long_it_is() -> None:
    long = "\r\n ".join(["ATTACH:", *["x" * 70] * 2000])
    alarm = event("TRIGGER:-PT15M", *event("X:1", kind="X-DEEPER"), kind="VALARM")
    root = scan(calendar(*event("UID:a", long, *alarm, "summary;language=fr:B")), Findings("x.ics"))
    (kept,) = root.walk("VEVENT")
    assert [(item.name, item.line, item.value) for item in kept.properties] == [("UID", 3, "a"), ("SUMMARY", 2011, "B")]
    assert kept.parts == []


def test_folded_lines_are_joined_and_counted_from_their_first() -> None:
    root = scan(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUM\n MARY:a\n\t b\n\nUID:c\nEND:VEVENT\nEND:VCALENDAR", Findings("x"))
    (kept,) = root.walk("VEVENT")
    assert [(item.name, item.line, item.value) for item in kept.properties] == [("SUMMARY", 3, "a b"), ("UID", 7, "c")]


def test_a_line_that_means_nothing_is_a_warning() -> None:
    findings = Findings("x.ics")
    scan(calendar("VERSION", *event("UID:a", "so", "DTSTART;X:20260101")), findings)
    assert said(findings.warnings) == [(2, "BadLine"), (5, "BadLine"), (6, "BadLine")]


def test_the_same_line_twice_is_one_and_empty_rules_are_none() -> None:
    root = scan(calendar(*event("UID:a", "UID:a", "RRULE:", "EXDATE:")), Findings("x.ics"))
    assert [len(part.properties) for part in root.walk("VEVENT")] == [1]


def test_what_is_quoted_from_a_file_is_short_and_steers_no_terminal() -> None:
    findings = Findings("x.ics")
    start = f"DTSTART;TZID=\x1b[2J{'x' * 200}:20260201T090000"
    read_external(calendar(*event("UID:a", start, "DURATION:PT1H")), findings, "Europe/Brussels", NOW)
    (warning,) = findings.warnings
    assert vars(warning.error)["zone"] == "\ufffd[2J" + "x" * 75 + "…"


def test_fast_rules_hidden_in_a_zone_do_no_harm() -> None:
    period = event("DTSTART:19700101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "RRULE:FREQ=SECONDLY")
    zone = event("TZID:mine", "BEGIN:STANDARD", *period[1:-1], "END:STANDARD", kind="VTIMEZONE")
    findings = Findings("x.ics")
    found = read_external(
        calendar(*zone, *event("UID:a", "DTSTART;TZID=mine:20260201T090000", "DURATION:PT1H")),
        findings,
        "Europe/Brussels",
        NOW,
    )
    assert len(found) == 1
    assert said(findings.warnings) == [(13, "ZoneGuessed")]
