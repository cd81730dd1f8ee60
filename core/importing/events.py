"""One event or AVAILABLE part, its dates bound to known zones before the calendar library reads them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar

from core.errors import BadFrequency, BadRule, UnknownZone
from core.importing import calendar_problems as c
from core.importing.findings import Findings, Located
from core.importing.scan import Component, Property
from core.importing.zones import Zones
from core.rules import FIRST_YEAR, LAST_YEAR
from core.text import quoted

MAX_LENGTH = timedelta(days=366)
_CENTURY = timedelta(days=36_525)
_DATES = {"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE"}
_DATE = re.compile(r"(\d{4})\d{4}(T\d{6}Z?)?", re.ASCII)
_TOO_FAST = {"SECONDLY", "MINUTELY"}
_FREQUENCY = re.compile(r"FREQ\s*=\s*([A-Za-z-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Event:
    """A part that can be read: `start` and `end` are both dates, or both aware.

    `recurrence_id` is the occurrence that it takes the place of, if any.
    """

    source: Component
    item: icalendar.Component
    start: date
    end: date
    recurrence_id: date | None

    @property
    def recurring(self) -> bool:
        """Tell whether it stands for several."""
        return "RRULE" in self.item or "RDATE" in self.item

    @property
    def uid(self) -> str:
        """What joins a changed occurrence to its series."""
        return str(self.item.get("UID", ""))

    @property
    def cancelled(self) -> bool:
        """Tell whether it is called off."""
        return str(self.item.get("STATUS", "")).upper() == "CANCELLED"

    @property
    def categories(self) -> list[str]:
        """What its CATEGORIES name, of which there may be several."""
        lists: object = self.item.get("CATEGORIES", [])
        several = lists if isinstance(lists, list) else [lists]
        return [str(name) for one in several for name in getattr(one, "cats", ())]

    @property
    def this_and_future(self) -> bool:
        """Tell whether it changes all later occurrences too."""
        found = self.source.first("RECURRENCE-ID")
        return found is not None and found.param("RANGE") != ""

    def dates(self, name: str) -> Iterator[date]:
        """Yield the days and instants of EXDATE or RDATE. Raises Located for periods."""
        lists: object = self.item.get(name, [])
        for several in lists if isinstance(lists, list) else [lists]:
            for one in getattr(several, "dts", ()):
                yield _date(self.source, name, one.dt)


def read_event(part: Component, zones: Zones, findings: Findings, *, strict: bool) -> Event:
    """Return the part as an event; with `strict` an unknown zone is a problem, else it is taken for the worker's.

    Raises Located.
    """
    item = _parsed(part, zones, findings, strict=strict)
    if "DTSTART" not in item:
        raise Located(part.line, c.MissingProperty("DTSTART"))
    start = _moment(part, item, "DTSTART")
    end = _end(part, item, start)
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise Located(part.line, c.BadProperty("DTEND"))
    if _as_instant(end) < _as_instant(start):
        raise Located(part.line, c.EndBeforeStart())
    if _as_instant(end) - _as_instant(start) > MAX_LENGTH:
        raise Located(part.line, c.EventTooLong(MAX_LENGTH.days))
    return Event(part, item, start, end, _moment(part, item, "RECURRENCE-ID") if "RECURRENCE-ID" in item else None)


def read_bounds(part: Component, zones: Zones, findings: Findings) -> tuple[date | None, date | None]:
    """Return the DTSTART and DTEND of a VAVAILABILITY, None where it is open. Raises Located."""
    item = _parsed(part, zones, findings, strict=True)
    start = _moment(part, item, "DTSTART") if "DTSTART" in item else None
    if "DTEND" in item:
        return start, _moment(part, item, "DTEND")
    if start is None or "DURATION" not in item:
        return start, None
    return start, start + _duration(part, item, start)


def _bound(item: Property, zones: Zones, findings: Findings, *, strict: bool) -> list[str]:
    """Return the property as content lines in which every wall time names a zone that exists."""
    if item.name == "RRULE":
        _check_rule(item)
    if item.name not in _DATES:
        return [f"{item.name}{item.params}:{item.value}"]
    keep = "".join(f";{name}={value}" for name in ("RANGE",) if (value := item.param(name)))
    return [
        f"{item.name}{keep}{_zone_of(item, value, zones, findings, strict=strict)}:{value}"
        for value in (value.strip().upper() for value in item.value.split(","))
    ]


def _zone_of(item: Property, value: str, zones: Zones, findings: Findings, *, strict: bool) -> str:
    first, _, period = value.partition("/")
    found = _DATE.fullmatch(first)
    if found is None:
        raise Located(item.line, c.BadProperty(item.name))
    if not FIRST_YEAR <= int(found.group(1)) <= LAST_YEAR:
        raise Located(item.line, c.OutOfTime(item.name, FIRST_YEAR, LAST_YEAR))
    kind = ";VALUE=PERIOD" if period else ""
    if found.group(2) is None:
        return ";VALUE=DATE"
    if first.endswith("Z"):
        return kind
    tzid = item.param("TZID")
    zone = zones.resolve(tzid) if tzid else zones.own
    if zone is None:
        if strict:
            raise Located(item.line, UnknownZone(quoted(tzid)))
        guessed = c.ZoneGuessed(quoted(tzid), zones.own)
        if not any(isinstance(w.error, c.ZoneGuessed) and w.error.zone == guessed.zone for w in findings.warnings):
            findings.warn(item.line, guessed)
        zone = zones.own
    return f"{kind};TZID={zone}"


def _check_rule(item: Property) -> None:
    frequency = _FREQUENCY.search(item.value)
    if frequency is None:
        raise Located(item.line, BadRule(quoted(item.value)))
    if frequency.group(1).upper() in _TOO_FAST:
        raise Located(item.line, BadFrequency(frequency.group(1).upper()))


def _parsed(part: Component, zones: Zones, findings: Findings, *, strict: bool) -> icalendar.Component:
    lines = [line for item in part.properties for line in _bound(item, zones, findings, strict=strict)]
    if not part.value("UID"):
        lines = [line for line in lines if not line.startswith("UID")] + [f"UID:line-{part.line}"]
    try:
        item = icalendar.Component.from_ical("\r\n".join([f"BEGIN:{part.kind}", *lines, f"END:{part.kind}", ""]))
    except Exception:  # the library lets many kinds of error through
        raise Located(part.line, c.BadProperty(part.kind)) from None
    if item.errors:
        raise _bad(part, str(item.errors[0][0]))
    return item


def _end(part: Component, item: icalendar.Component, start: date) -> date:
    if "DTEND" in item:
        return _moment(part, item, "DTEND")
    if "DURATION" in item:
        return start + _duration(part, item, start)
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _duration(part: Component, item: icalendar.Component, start: date) -> timedelta:
    lasts = getattr(item["DURATION"], "dt", None)
    if not isinstance(lasts, timedelta) or (not isinstance(start, datetime) and lasts % timedelta(days=1)):
        raise _bad(part, "DURATION")
    if abs(lasts) > _CENTURY:
        raise _bad(part, "DURATION")
    return lasts


def _moment(part: Component, item: icalendar.Component, name: str) -> date:
    return _date(part, name, getattr(item[name], "dt", None))


def _date(part: Component, name: str, value: object) -> date:
    if isinstance(value, date):
        return value
    raise _bad(part, name)


def _bad(part: Component, name: str) -> Located:
    found = part.first(name)
    return Located(found.line if found else part.line, c.BadProperty(name))


def _as_instant(moment: date) -> datetime:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
