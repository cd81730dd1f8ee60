"""Whatever a file holds, reading it ends in rows and problems, never in an exception."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.importing.apply import apply
from core.importing.availability import read_availability
from core.importing.cases import CASES, PLACES, read_cases, read_places
from core.importing.external import read_external
from core.importing.findings import Findings, Located, Refused
from core.importing.people import CLIENTS, CONTACTS, WORKERS, read_clients, read_contacts, read_workers
from core.importing.rows import AvailabilityFile, Bundle
from core.importing.tables import decode
from core.ports import Transaction
from core.ranges import open_ranges
from core.times import Interval
from storage.memory import MemoryDatabase
from tests.importing.calendars import NOW

ZONE = "Europe/Brussels"
YEAR = Interval(NOW, NOW.replace(year=2027))
CELLS = st.sampled_from(
    ["", "a", "b", "é", "a|b", "1285", "0", "regular", "personal", "professional", "2000-01-01", "oui", "x@y.zz"]
) | st.text(max_size=8)
VALUES = st.sampled_from(
    [
        "20260201T090000",
        "20260201T100000Z",
        "20260329T023000",
        "20260201",
        "00010101",
        "99991231T235959Z",
        "PT1H",
        "P1D",
        "-PT1H",
        "P9999999W",
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=SU",
        "FREQ=MONTHLY;BYDAY=1SU,-1FR;COUNT=3",
        "FREQ=YEARLY;UNTIL=20270101",
        "FREQ=DAILY;UNTIL=20260301T000000Z",
        "FREQ=WEEKLY;INTERVAL=0",
        "CANCELLED",
        "TENTATIVE",
        "TRANSPARENT",
        "a",
        "20260201T090000/PT1H",
        "20260201T090000,20260202T090000",
        "",
    ]
) | st.text(max_size=6)
NAMES = st.sampled_from(
    [
        "UID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXDATE",
        "RDATE",
        "RECURRENCE-ID",
        "SUMMARY",
        "LOCATION",
        "STATUS",
    ]
)
PARAMS = st.sampled_from(
    ["", ";VALUE=DATE", ";VALUE=PERIOD", ";TZID=Europe/London", ';TZID="(UTC+01:00) X"', ";RANGE=THISANDFUTURE", ";=,"]
)
LINES = st.builds(lambda n, p, v: f"{n}{p}:{v}", NAMES, PARAMS, VALUES) | st.text(max_size=12)
EVENTS = st.builds(
    lambda kind, lines: "\n".join([f"BEGIN:{kind}", *lines, f"END:{kind}"]),
    st.sampled_from(["VEVENT", "AVAILABLE", "VALARM", "VTIMEZONE"]),
    st.lists(LINES, max_size=8).map(lambda lines: ["DTSTART:20260201T090000", "DURATION:PT1H", *lines][-8:]),
)
CALENDARS = st.lists(EVENTS, max_size=4).map(lambda e: "\n".join(["BEGIN:VCALENDAR", *e, "END:VCALENDAR"]).encode())
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _words(findings: Findings) -> list[str]:
    return [p.error.message.format(**vars(p.error)) for p in [*findings.problems, *findings.warnings]]


def _decoded(data: bytes) -> str:
    try:
        return decode(data)
    except Located:
        return ""


def _outcome(tx: Transaction, bundle: Bundle) -> tuple[bool, int]:
    """Return whether it was saved, and how many problems were told."""
    try:
        return apply(tx, bundle, NOW).ok, 0
    except Refused as refused:
        return False, len(refused.problems)


@pytest.mark.parametrize("columns", [WORKERS, CLIENTS, CONTACTS, PLACES, CASES])
@settings(MANY, max_examples=40)
@given(cells=st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=4), junk=st.binary(max_size=6))
async def test_any_table_is_read_and_saved_or_refused(columns: object, cells: list[list[str]], junk: bytes) -> None:
    header = ",".join(getattr(columns, "all"))  # noqa: B009 - parametrised
    data = "\n".join([header, *(",".join(row) for row in cells)]).encode("utf-8", "ignore") + junk
    findings, bundle = Findings("f.csv"), Bundle()
    text = _decoded(data)
    bundle.workers += read_workers(text, findings, zone=ZONE, locale="fr") if columns is WORKERS else ()
    bundle.clients += read_clients(text, findings) if columns is CLIENTS else ()
    bundle.contacts += read_contacts(text, findings) if columns is CONTACTS else ()
    bundle.places += read_places(text, findings) if columns is PLACES else ()
    bundle.cases += read_cases(text, findings) if columns is CASES else ()
    bundle.problems += findings.problems
    assert all(_words(findings))
    saved, problems = await MemoryDatabase().write(lambda tx: _outcome(tx, bundle))
    assert saved == (problems == 0)


@MANY
@given(CALENDARS | st.binary(max_size=60))
def test_any_calendar_of_availability_is_read_and_its_ranges_open(data: bytes) -> None:
    findings = Findings("f.ics")
    rows = read_availability(data, findings, ZONE, NOW)
    file = AvailabilityFile("f.ics", "a", tuple(rows))
    assert all(piece.during.overlaps(YEAR) for piece in open_ranges([row.range for row in file.ranges], YEAR))
    assert all(_words(findings))


@MANY
@given(CALENDARS | st.binary(max_size=60))
def test_any_calendar_of_events_is_expanded(data: bytes) -> None:
    findings = Findings("f.ics")
    events = read_external(data, findings, ZONE, NOW)
    assert len({(event.uid, event.recurrence_id) for event in events}) == len(events)
    assert all(_words(findings))
