"""A worker's availability as a calendar (VAVAILABILITY, RFC 7953), which an import reads back as it was."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar

from core.availability import AvailabilityRange
from core.cases import Place
from core.people import Worker
from core.repetition import joined, parts_of
from core.times import instant
from core.vtimezone import vtimezone

_PRODUCT = "-//rdv//availability//EN"


def availability_calendar(
    worker: Worker, ranges: Iterable[AvailabilityRange], places: Iterable[Place], now: datetime
) -> bytes:
    """Return the ranges as AVAILABLE parts by id, in UTF-8: wall time with its zone, and the zones' definitions.

    LOCATION is the label of the place, CATEGORIES are the kinds of appointment.
    """
    ranges = sorted(ranges, key=lambda r: r.id)
    labels = {place.id: place.label for place in places}
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    for zone in sorted({r.zone for r in ranges}):
        calendar.add_component(vtimezone(zone, min(r.first_day.year for r in ranges if r.zone == zone)))
    frame = icalendar.Availability()
    frame.add("uid", f"{worker.handle}-availability@rdv")
    frame.add("dtstamp", now)
    for r in ranges:
        frame.add_component(_available(worker, r, labels, now))
    calendar.add_component(frame)
    data: bytes = calendar.to_ical()
    return data


def _available(worker: Worker, r: AvailabilityRange, labels: dict[int, str], now: datetime) -> icalendar.Available:
    part = icalendar.Available()
    part.add("uid", f"{worker.handle}-range-{r.id}@rdv")
    part.add("dtstamp", now)
    ends = datetime.combine(r.first_day, r.starts, UTC) + r.lasts  # wall time: UTC stands for "no clock change"
    part.add("dtstart", _on(r, r.first_day))
    part.add("dtend", ends.replace(tzinfo=ZoneInfo(r.zone)))
    if r.rule:
        part["RRULE"] = icalendar.prop.vInline(_rule(r))
    if r.except_days:
        part.add("exdate", [_on(r, day) for day in sorted(r.except_days)])
    if r.place_id is not None and r.place_id in labels:
        part.add("location", labels[r.place_id])
    if r.kinds:
        part.add("categories", sorted(r.kinds))
    return part


def _on(r: AvailabilityRange, day: date) -> datetime:
    return datetime.combine(day, r.starts, ZoneInfo(r.zone))


def _rule(r: AvailabilityRange) -> str:
    """Return the rule with its parts in their order; its UNTIL is the last start, in UTC (RFC 5545, section 3.3.10)."""
    parts = parts_of(r.rule)
    if "UNTIL" in parts:
        last_day = datetime.strptime(parts["UNTIL"][:8], "%Y%m%d").replace(tzinfo=UTC).date()
        parts["UNTIL"] = f"{instant(last_day, r.starts, r.zone):%Y%m%dT%H%M%SZ}"
    return joined(parts)
