"""Availability as VAVAILABILITY, and back: what an export writes, an import reads as it was."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events  # type: ignore[import-untyped]
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st

from core.availability import AvailabilityRange
from core.cases import Place
from core.exporting import availability_calendar
from core.importing.availability import read_availability
from core.importing.findings import Findings
from core.kinds import read_kinds
from core.people import Worker
from core.ranges import open_ranges
from core.times import Interval
from core.vtimezone import vtimezone
from core.zones import known_zones
from tests.builders import ZONE, make_range, make_worker
from tests.clock import START
from tests.core.test_series import series

ZONES = [ZONE, "Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Jerusalem", "UTC"]
GEMBLOUX = Place(3, "Gembloux", "Implantations")
HOME = Place(4, "À domicile; chez l’usager, ou tout près")
ZOE = make_worker("zoe", id=9)
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Z", "C"]), min_size=1, max_size=30)


def exported(ranges: Iterable[AvailabilityRange], worker: Worker = ZOE) -> bytes:
    return availability_calendar(worker, ranges, [GEMBLOUX, HOME], START)


def read_back(data: bytes, zone: str) -> list[tuple[str, AvailabilityRange]]:
    findings = Findings("x.ics")
    rows = read_availability(data, findings, zone, START)
    assert (findings.problems, findings.warnings) == ([], [])
    return [(row.location, row.range) for row in rows]


def as_read(ranges: Iterable[AvailabilityRange]) -> list[tuple[str, AvailabilityRange]]:
    """Return the ranges as an import knows them: a place by its label, and no ids."""
    labels = {place.id: place.label for place in (GEMBLOUX, HOME)}
    by_id = sorted(ranges, key=lambda r: r.id)
    return [(labels.get(r.place_id or 0, ""), replace(r, id=0, worker_id=0, place_id=None)) for r in by_id]


@st.composite
def ranges_in(draw: st.DrawFn, zone: str) -> AvailabilityRange:
    found = draw(series())
    if draw(st.booleans()):
        found = replace(found, rule="", except_days=frozenset())
    return replace(
        found,
        starts=time(draw(st.integers(0, 23)), draw(st.sampled_from([0, 15, 30, 59]))),
        lasts=timedelta(minutes=draw(st.sampled_from([15, 90, 480, 1440]))),
        zone=zone,
        place_id=draw(st.sampled_from([None, GEMBLOUX.id, HOME.id])),
        kinds=read_kinds(draw(st.lists(WORDS, max_size=3))),
    )


@pytest.mark.slow
@settings(deadline=None)
@given(st.data())
def test_what_is_exported_is_read_back_as_it_was(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    drawn = data.draw(st.lists(ranges_in(zone), max_size=4))
    ranges = [replace(r, id=n) for n, r in enumerate(drawn, start=1)]
    assert read_back(exported(ranges), zone) == as_read(ranges)


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_others_find_the_same_times_in_it(data: st.DataObject) -> None:
    """recurring-ical-events on the file is the judge; it knows events, so each AVAILABLE is one."""
    zone = data.draw(st.sampled_from([ZONE, "Europe/London", "America/New_York", "Australia/Lord_Howe"]))
    r = replace(data.draw(ranges_in(zone)), starts=time(9), id=1)
    text = exported([r]).decode().replace("VAVAILABILITY", "X-FRAME").replace("AVAILABLE", "VEVENT")
    start = datetime.combine(r.first_day, time(), ZoneInfo(zone)) + timedelta(days=data.draw(st.integers(0, 400)))
    window = Interval(start, start + timedelta(days=60))
    calendar = icalendar.Calendar.from_ical(text)
    found = recurring_ical_events.of(calendar).between(window.start, window.end)
    theirs = {Interval(event["DTSTART"].dt, event["DTEND"].dt) for event in found}
    ours = {o.during for o in open_ranges([r], window)}
    # of 24 hours over a clock change, which lasts 23 or 25, they make 24
    assert {i.start for i in theirs} == {i.start for i in ours}
    assert len(theirs) == len(ours)


def _check_definition(zone: str, since: int, until: int, every: timedelta = timedelta(hours=99)) -> None:
    """Tell whether the clocks of the definition, as dateutil reads it, are those of the zone."""
    calendar = icalendar.Calendar()
    calendar.add_component(vtimezone(zone, since))
    defined = tzical(StringIO(calendar.to_ical().decode())).get(zone)
    clock = ZoneInfo(zone)
    at = datetime(since, 1, 1, tzinfo=UTC)
    while at.year < until:
        shown = at.astimezone(clock)
        if shown.utcoffset() == (at - timedelta(hours=3)).astimezone(clock).utcoffset():
            assert shown.replace(tzinfo=defined).utcoffset() == shown.utcoffset(), (zone, at)
        at += every


@pytest.mark.parametrize(
    ("zone", "since"),
    [
        *((zone, 2025) for zone in ZONES),
        ("Pacific/Apia", 2009),  # its missing day, and the end of summer time
        ("America/New_York", 2004),  # other rules until 2007
        ("America/Sao_Paulo", 2010),
        ("Africa/Casablanca", 2024),
        ("Africa/Cairo", 2024),
        ("Europe/Dublin", 1995),
        ("Asia/Kolkata", 2026),
    ],
)
def test_the_definition_of_a_zone_shows_what_its_clocks_show(zone: str, since: int) -> None:
    _check_definition(zone, since, since + 25)


@pytest.mark.slow
@pytest.mark.parametrize("area", sorted({zone.partition("/")[0] for zone in known_zones().values() if "/" in zone}))
def test_so_does_that_of_every_zone(area: str) -> None:
    for zone in known_zones().values():
        if zone.startswith(f"{area}/"):
            _check_definition(zone, 1990, 2045, every=timedelta(hours=377))


def test_the_definition_of_brussels_is_two_rules() -> None:
    rules = [str(part["RRULE"].to_ical(), "ascii") for part in vtimezone(ZONE, 2026).subcomponents if "RRULE" in part]
    assert rules == ["FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"]


def test_icalendar_reads_its_own_kind_of_availability() -> None:
    ranges = [
        make_range(
            ZOE, id=4, first_day=date(2026, 1, 20), place_id=HOME.id, kinds=frozenset({"Visite, longue", "Bilan"})
        ),
        make_range(ZOE, id=2, first_day=date(2026, 1, 20), rule="", lasts=timedelta(hours=24)),
    ]
    data = exported(ranges)
    calendar = icalendar.Calendar.from_ical(data)
    assert isinstance(calendar, icalendar.Calendar)
    [frame] = calendar.availabilities
    assert (frame.uid, frame.stamp) == ("zoe-availability@rdv", START)
    single, repeated = frame.available
    assert (single.uid, repeated.uid) == ("zoe-range-2@rdv", "zoe-range-4@rdv")
    assert (single.start, single.end) == (
        datetime(2026, 1, 20, 9, tzinfo=ZoneInfo(ZONE)),
        datetime(2026, 1, 21, 9, tzinfo=ZoneInfo(ZONE)),
    )
    assert repeated.location == HOME.label
    assert repeated.categories == ["Bilan", "Visite, longue"]
    assert not any(part.errors for part in calendar.walk())
    assert exported(ranges) == data


def test_lines_are_folded_and_end_as_they_must() -> None:
    kinds = frozenset({"é" * 60, "è" * 60})
    lines = exported([make_range(ZOE, id=1, kinds=kinds)]).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)
    assert lines[-1] == b""


def test_the_end_of_a_rule_is_its_last_start_in_utc() -> None:
    rule = "FREQ=WEEKLY;UNTIL=20260630T000000Z;BYDAY=TU"
    data = exported([make_range(ZOE, id=1, first_day=date(2026, 1, 20), rule=rule)])
    assert b"RRULE:FREQ=WEEKLY;UNTIL=20260630T070000Z;BYDAY=TU" in data
