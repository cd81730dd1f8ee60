"""A worker's own calendar elsewhere, expanded over the horizon within which one can book."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events  # type: ignore[import-untyped]

from core.availability import ExternalEvent
from core.errors import BadRule
from core.importing import calendar_problems as c
from core.importing.events import Event, read_event
from core.importing.findings import Findings, Located
from core.importing.scan import Component, scan
from core.importing.zones import Zones
from core.rules import HORIZON, NAME_LIMIT
from core.text import quoted
from core.times import Interval, instant

BEFORE = timedelta(days=30)
MAX_INSTANCES = 5_000
MAX_OCCURRENCES = 50_000
MAX_TIMES_A_DAY = 24
_MARGIN = timedelta(days=2)
_UID_LIMIT = 255


def read_external(data: bytes, findings: Findings, zone: str, now: datetime) -> list[ExternalEvent]:
    """Return what occupies the worker from 30 days before `now` to the booking horizon; `zone` is his."""
    window = Interval(now - BEFORE, now + HORIZON)
    try:
        root = scan(data, findings)
    except Located as problem:
        findings.add(problem.line, problem.error)
        return []
    zones = Zones(zone, root.walk("VTIMEZONE"), now)
    series: defaultdict[str, list[Event]] = defaultdict(list)
    for part in root.walk("VEVENT"):
        if _surely_outside(part, window):
            continue
        try:
            event = read_event(part, zones, findings, strict=False)
            series[event.uid].append(event)
        except Located as problem:
            findings.add(problem.line, problem.error)
    found: dict[tuple[str, str], ExternalEvent] = {}
    for uid, events in series.items():
        try:
            for busy in _occurrences(_stored_uid(uid), events, window, zone):
                found[busy.uid, busy.recurrence_id] = busy
        except Located as problem:
            findings.add(problem.line, problem.error)
        if len(found) > MAX_OCCURRENCES:
            findings.add(events[0].source.line, c.TooManyInstances(MAX_OCCURRENCES))
            break
    return sorted(found.values(), key=lambda event: (event.during, event.uid))


def _surely_outside(part: Component, window: Interval) -> bool:
    """Tell whether a single event is so far away that it need not be read: most of an old calendar is."""
    if any(part.first(name) for name in ("RRULE", "RDATE", "RECURRENCE-ID", "DURATION")):
        return False
    start, end = (part.value(name)[:8] for name in ("DTSTART", "DTEND"))
    first, last = f"{window.start - _MARGIN:%Y%m%d}", f"{window.end + _MARGIN:%Y%m%d}"
    digits = start.isascii() and start.isdigit() and (not end or (end.isascii() and end.isdigit()))
    return digits and "19700101" <= start <= (end or start) <= "21001231" and (start > last or (end or start) < first)


def _occurrences(uid: str, events: list[Event], window: Interval, zone: str) -> Iterator[ExternalEvent]:
    """Yield what one series occupies. Raises Located."""
    if not any(event.recurring for event in events):
        newest = sorted(events, key=lambda event: _sequence(event.item))
        for event in newest:
            yield from _busy(uid, event.item, event.start, event.end, event.recurrence_id, window, zone)
        return
    master = next(event for event in events if event.recurring)
    calendar = icalendar.Calendar()
    for event in events:
        raw = event.source.value("RRULE")
        if raw and _times_a_day(raw) > MAX_TIMES_A_DAY:
            raise Located(event.source.line, c.TooManyInstances(MAX_INSTANCES))
        calendar.add_component(event.item)
    try:
        found = recurring_ical_events.of(calendar).between(window.start - _MARGIN, window.end + _MARGIN)
    except Exception:  # the library lets many kinds of error through
        raise Located(master.source.line, BadRule(quoted(master.source.value("RRULE")))) from None
    if len(found) > MAX_INSTANCES:
        raise Located(master.source.line, c.TooManyInstances(MAX_INSTANCES))
    for item in found:
        start, replaced = item["DTSTART"].dt, item["RECURRENCE-ID"]
        # of a change to all later ones, the library gives each the same RECURRENCE-ID
        recurrence_id = start if "RANGE" in replaced.params else replaced.dt
        yield from _busy(uid, item, start, item["DTEND"].dt, recurrence_id, window, zone)


def _times_a_day(raw: str) -> int:
    """Return how often at most the rule puts an event on one day."""
    parts = dict(piece.upper().split("=", 1) for piece in raw.split(";") if "=" in piece)
    hours = 24 if parts.get("FREQ") == "HOURLY" and "BYHOUR" not in parts else 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        hours *= parts[name].count(",") + 1 if name in parts else 1
    return hours


def _busy(
    uid: str,
    item: icalendar.Component,
    start: date,
    end: date,
    recurrence_id: date | None,
    window: Interval,
    zone: str,
) -> Iterable[ExternalEvent]:
    """Return the occurrence, unless it is called off, leaves the worker free, lasts no time or lies elsewhere."""
    status, outlook = (str(item.get(name, "")).upper() for name in ("STATUS", "X-MICROSOFT-CDO-BUSYSTATUS"))
    free = str(item.get("TRANSP", "")).upper() == "TRANSPARENT" or outlook == "FREE"
    begin, finish = _instant(start, zone), _instant(end, zone)
    if status == "CANCELLED" or free or begin >= finish or not Interval(begin, finish).overlaps(window):
        return []
    tentative = "TENTATIVE" in {status, outlook}
    title = _title(str(item.get("SUMMARY", "")))
    return [ExternalEvent(0, uid, _stamp(recurrence_id), Interval(begin, finish), title, tentative)]


def _instant(moment: date, zone: str) -> datetime:
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    return instant(moment, datetime.min.time(), zone)


def _stamp(recurrence_id: date | None) -> str:
    if recurrence_id is None:
        return ""
    if isinstance(recurrence_id, datetime):
        return f"{recurrence_id.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{recurrence_id:%Y%m%d}"


def _sequence(item: icalendar.Component) -> int:
    sequence = item.get("SEQUENCE", 0)
    return sequence if isinstance(sequence, int) else 0


def _stored_uid(uid: str) -> str:
    if len(uid) <= _UID_LIMIT and uid.isprintable():
        return uid
    return hashlib.sha256(uid.encode()).hexdigest()


def _title(summary: str) -> str:
    printable = "".join(sign if sign.isprintable() else " " for sign in summary)
    title = " ".join(printable.split())
    return title if len(title) <= NAME_LIMIT else title[: NAME_LIMIT - 1] + "…"
