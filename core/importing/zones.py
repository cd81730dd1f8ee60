"""Time zones as calendars name them: IANA, Windows, a vendor's prefix, or only a definition in the file."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from core.importing.scan import Component
from core.zones import known_zones

_SAMPLES = 54
_SAMPLE_STEP = timedelta(days=13)


class Zones:
    """Resolves the TZIDs of one file; `own` is the worker's zone, `definitions` the file's VTIMEZONE parts."""

    def __init__(self, own: str, definitions: Iterable[Component], now: datetime) -> None:
        self.own = own
        self._definitions = {part.value("TZID"): part for part in definitions}
        self._now = now
        self._resolved: dict[str, str | None] = {}

    def resolve(self, tzid: str) -> str | None:
        """Return the IANA name meant by `tzid`, None if nothing tells."""
        if tzid not in self._resolved:
            self._resolved[tzid] = self._named(tzid) or self._defined(tzid)
        return self._resolved[tzid]

    def in_step(self, zone: tzinfo) -> bool:
        """Tell whether clocks in `zone` change together with the worker's, so that a rule there is one here."""
        pairs = zip(_offsets(zone, self._now), _offsets(ZoneInfo(self.own), self._now), strict=True)
        return len({own - other for other, own in pairs}) == 1

    def _named(self, tzid: str) -> str | None:
        if found := known_zones().get(tzid.casefold()):
            return found
        if tzid in WINDOWS_TO_OLSON:
            return WINDOWS_TO_OLSON[tzid]
        parts = tzid.casefold().split("/")
        suffixes = ("/".join(parts[n:]) for n in range(1, len(parts)))  # "/mozilla.org/20050126_1/Europe/Brussels"
        return next((known_zones()[suffix] for suffix in suffixes if suffix in known_zones()), None)

    def _defined(self, tzid: str) -> str | None:
        """Return the zone whose clocks show what the file's own definition says: the worker's, if it is among them."""
        part = self._definitions.get(tzid)
        if part is None:
            return None
        if found := self._named(part.value("X-LIC-LOCATION")):
            return found
        defined = _as_tzinfo(part)
        if defined is None:
            return None
        offsets = _offsets(defined, self._now)
        candidates = [self.own, *sorted(known_zones().values())]
        return next((name for name in candidates if _offsets(ZoneInfo(name), self._now) == offsets), None)


def _offsets(zone: tzinfo, now: datetime) -> list[timedelta]:
    """Return how far the clocks of `zone` are ahead of UTC, sampled from last year to next."""
    first = now.astimezone(UTC) - timedelta(days=366)
    moments = (first + n * _SAMPLE_STEP for n in range(_SAMPLES))
    return [at.astimezone(zone).utcoffset() or timedelta() for at in moments]


def _as_tzinfo(part: Component) -> tzinfo | None:
    lines = ["BEGIN:VTIMEZONE", "TZID:defined"]
    for period in part.parts:
        if "FREQ=YEARLY" not in (period.value("RRULE").upper() or "FREQ=YEARLY"):
            return None
        lines += [f"BEGIN:{period.kind}", "TZNAME:" + period.kind.title()]
        lines += [f"{item.name}{item.params}:{item.value}" for item in period.properties if item.name != "TZID"]
        lines.append(f"END:{period.kind}")
    text = "\r\n".join([*lines, "END:VTIMEZONE", ""])
    try:
        component = icalendar.Timezone.from_ical(text)
        return component.to_tz(lookup_tzid=False) if isinstance(component, icalendar.Timezone) else None
    except Exception:  # a definition may be wrong in any way; the zone is then unknown
        return None
