"""A worker's availability from VAVAILABILITY (RFC 7953) or plain events, as wall time in his zone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.availability import AvailabilityRange
from core.errors import BadRule, BadRulePart, RangeTooLong, RdvError, TooManyRanges
from core.importing import calendar_problems as c
from core.importing.events import Event, read_bounds, read_event
from core.importing.findings import Findings, Located
from core.importing.rows import RangeRow, Source
from core.importing.scan import Component, scan
from core.importing.zones import Zones
from core.kinds import read_kinds
from core.repetition import day_rule, parts_of
from core.rules import MOST_RANGES, NAME_LIMIT
from core.text import clean, quoted

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a VAVAILABILITY says for its AVAILABLE parts; wall times in the worker's zone."""

    start: datetime | None = None
    end: datetime | None = None
    location: str = ""


def read_availability(data: bytes, findings: Findings, zone: str, now: datetime) -> list[RangeRow]:
    """Return the ranges of a file; `zone` is the worker's."""
    try:
        root = scan(data, findings)
        zones = Zones(zone, root.walk("VTIMEZONE"), now)
        parts = list(_parts(root, zones, findings))
    except Located as problem:
        findings.add(problem.line, problem.error)
        return []
    events: list[tuple[Event, _Frame]] = []
    for part, frame in parts:
        try:
            events.append((read_event(part, zones, findings, strict=True), frame))
        except Located as problem:
            findings.add(problem.line, problem.error)
    reader = _Reader(zones, findings.file, [event for event, _ in events])
    rows: list[RangeRow] = []
    for event, frame in events:
        try:
            rows += reader.rows(event, frame)
        except Located as problem:
            findings.add(problem.line, problem.error)
        except RdvError as problem:
            findings.add(event.source.line, problem)
    if len(rows) > MOST_RANGES:
        findings.add(0, TooManyRanges())
    return rows


def _parts(root: Component, zones: Zones, findings: Findings) -> Iterator[tuple[Component, _Frame]]:
    """Yield the events, or the AVAILABLE parts with what holds for them. Raises Located."""
    frames = list(root.walk("VAVAILABILITY"))
    events = list(root.walk("VEVENT"))
    if frames and events:
        raise Located(events[0].line, c.MixedCalendar())
    for event in events:
        yield event, _Frame()
    for frame in frames:
        if frame.value("PRIORITY") != frames[0].value("PRIORITY"):
            raise Located(frame.line, c.Priorities())
        start, end = read_bounds(frame, zones, findings)
        bounds = _Frame(
            start=_wall(start, zones.own) if start else None,
            end=_wall(end, zones.own) if end else None,
            location=frame.value("LOCATION"),
        )
        for part in frame.walk("AVAILABLE"):
            yield part, bounds


class _Reader:
    """Turns the events of one file into ranges; knows which days of a series were changed."""

    def __init__(self, zones: Zones, file: str, events: list[Event]) -> None:
        self._zones = zones
        self._zone = zones.own
        self._file = file
        self._changed: defaultdict[str, set[date]] = defaultdict(set)
        for event in events:
            if event.recurrence_id is not None:
                self._changed[event.uid].add(_wall(event.recurrence_id, self._zone).date())

    def rows(self, event: Event, frame: _Frame) -> Iterator[RangeRow]:
        """Yield the event's ranges: one, and one more for each RDATE. Raises RdvError, Located."""
        start, end = _wall(event.start, self._zone), _wall(event.end, self._zone)
        if start >= end:
            raise c.EndBeforeStart
        if end - start > _DAY:
            raise RangeTooLong
        if event.this_and_future:
            raise c.ThisAndFuture
        if event.source.first("EXRULE"):
            raise BadRulePart("EXRULE")
        if event.cancelled:
            return
        except_days = {_wall(skipped, self._zone).date() for skipped in event.dates("EXDATE")}
        if event.recurrence_id is None:
            except_days |= self._changed[event.uid]
        raw = event.source.value("RRULE")
        if raw:
            yield self._row(event, frame, start, end - start, self._rule(event, frame, raw, start, end), except_days)
        begins = [] if raw else [start]
        begins += [self._on(day, start.time()) for day in event.dates("RDATE")]
        for begin in dict.fromkeys(begins):
            if begin.date() not in except_days:
                self._check_inside(frame, begin, begin + (end - start))
                yield self._row(event, frame, begin, end - start, "", set())

    def _row(
        self, event: Event, frame: _Frame, start: datetime, lasts: timedelta, rule: str, except_days: set[date]
    ) -> RangeRow:
        return RangeRow(
            at=Source(self._file, event.source.line),
            location=_location(event, frame),
            range=AvailabilityRange(
                id=0,
                worker_id=0,
                place_id=None,
                first_day=start.date(),
                starts=start.time(),
                lasts=lasts,
                zone=self._zone,
                rule=rule,
                except_days=frozenset(except_days),
                kinds=_kinds(event),
            ),
        )

    def _rule(self, event: Event, frame: _Frame, raw: str, start: datetime, end: datetime) -> str:
        """Return the event's rule over days in the worker's zone, ended where the frame ends."""
        source = event.start.tzinfo if isinstance(event.start, datetime) else None
        same_day = not isinstance(event.start, datetime) or event.start.date() == start.date()
        if source is not None and not (same_day and self._zones.in_step(source)):
            raise c.RuleInOtherZone(str(source), self._zone)
        last_day = self._last_day(event, raw, start.time())
        self._check_inside(frame, start, end if frame.end is None or end <= frame.end else None)
        if frame.end is not None:
            if "COUNT" in parts_of(raw):
                raise c.OutsideItsBounds
            framed = (frame.end - (end - datetime.combine(start.date(), time()))).date()
            last_day = framed if last_day is None else min(framed, last_day)
        return day_rule(raw, start.date(), start.time(), last_day)

    def _last_day(self, event: Event, raw: str, starts: time) -> date | None:
        text = parts_of(raw).get("UNTIL", "")
        if not text:
            return None
        try:
            if "T" not in text:
                return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()
            last = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            raise BadRule(quoted(raw)) from None
        if not text.endswith("Z") and isinstance(event.start, datetime):
            last = last.replace(tzinfo=event.start.tzinfo)
        wall = _wall(last, self._zone)
        return wall.date() if wall.time() >= starts else wall.date() - _DAY

    def _on(self, day: date, starts: time) -> datetime:
        if isinstance(day, datetime):
            return _wall(day, self._zone)
        return datetime.combine(day, starts)

    def _check_inside(self, frame: _Frame, start: datetime, end: datetime | None) -> None:
        if (frame.start and start < frame.start) or (frame.end and (end is None or end > frame.end)):
            raise c.OutsideItsBounds


def _wall(moment: date, zone: str) -> datetime:
    """Return what the clocks of `zone` show then, without a zone; midnight for a day."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    return datetime.combine(moment, time())


def _location(event: Event, frame: _Frame) -> str:
    raw = str(event.item.get("LOCATION", "")) or frame.location
    try:
        return clean(" ".join(raw.split()), limit=NAME_LIMIT)
    except RdvError:
        found = event.source.first("LOCATION")
        raise Located(found.line if found else event.source.line, c.BadProperty("LOCATION")) from None


def _kinds(event: Event) -> frozenset[str]:
    try:
        return read_kinds(event.categories)
    except RdvError:
        found = event.source.first("CATEGORIES")
        raise Located(found.line if found else event.source.line, c.BadProperty("CATEGORIES")) from None
