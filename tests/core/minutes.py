"""Free time the slow way, minute by minute: what `core/slots.py` is held against."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from core.availability import AvailabilityRange, BusyKind, Limits
from core.holidays import public_holidays
from core.text import fold
from core.times import Interval

MINUTE = timedelta(minutes=1)
CLOSES = {BusyKind.APPOINTMENT, BusyKind.HOLD, BusyKind.ACCEPTED, BusyKind.EXTERNAL, BusyKind.ABSENCE}
WANTS_ROOM = {BusyKind.APPOINTMENT, BusyKind.ACCEPTED}
Minutes = frozenset[int]
NO_LIMITS = Limits()


@dataclass(frozen=True)
class Thing:
    """Something that occupies a person, in minutes since 1970."""

    kind: BusyKind
    start: int
    end: int
    place_id: int | None = None

    @property
    def during(self) -> Interval:
        """The same as instants."""
        return Interval(at_minute(self.start), at_minute(self.end))

    def on(self, first: int, last: int) -> bool:
        """Whether one of these minutes is its own."""
        return any(self.start <= minute < self.end for minute in range(first, last))


@dataclass(frozen=True)
class Life:
    """All that decides about one person's free time."""

    zone: str
    region: str
    ranges: tuple[AvailabilityRange, ...] = ()
    things: tuple[Thing, ...] = ()
    limits: Limits = NO_LIMITS

    def holiday(self, minute: int) -> bool:
        """Whether the clocks of his zone show a public holiday."""
        return is_holiday(self.region, self.zone, minute // 15 * 15)  # no zone has its midnight in between

    def open(self, kind: str, place_id: int | None) -> Minutes:
        """The minutes of his ranges of single days for this kind, at this place."""
        fitting = (r for r in self.ranges if not r.kinds or fold(kind) in {fold(k) for k in r.kinds})
        return frozenset(m for r in fitting if r.place_id == place_id for m in minutes_of(r))

    def closed(self, first: int, last: int) -> bool:
        """Whether something that closes, or a public holiday, lies on one of these minutes."""
        things = any(t.on(first, last) for t in self.things if t.kind in CLOSES)
        return things or any(self.holiday(minute) for minute in range(first, last))

    def unsure(self, first: int, last: int) -> bool:
        """Whether something that only marks lies on one of these minutes."""
        return any(t.on(first, last) for t in self.things if t.kind not in CLOSES)

    def free_when_invited(self, kind: str, first: int, last: int) -> bool:
        """Whether he is available all the time, wherever that is, and nothing closes it."""
        places = {r.place_id for r in self.ranges}
        opened = {m for place_id in places for m in self.open(kind, place_id)}
        return (not self.ranges or set(range(first, last)) <= opened) and not self.closed(first, last)

    def too_near(self, first: int, last: int, place_id: int | None) -> bool:
        """Whether it would leave too little room before or after something of his."""
        before, after, travel = (int(t / MINUTE) for t in (self.limits.before, self.limits.after, self.limits.travel))
        for t in self.things:
            away = travel if place_id and t.place_id and place_id != t.place_id else 0
            if t.kind in WANTS_ROOM:
                room = max(before, after) + away
                if t.on(first - room, last + room):
                    return True
            elif t.kind is BusyKind.EXTERNAL and t.on(first - before, last + after):
                return True
        return False

    def full(self, first: int) -> bool:
        """Whether the local day on which it begins has as many of his own appointments as it may have."""
        zone = ZoneInfo(self.zone)
        days = [at_minute(t.start).astimezone(zone).date() for t in self.things if t.kind is BusyKind.APPOINTMENT]
        return 0 < self.limits.daily <= days.count(at_minute(first).astimezone(zone).date())


@cache
def is_holiday(region: str, zone: str, minute: int) -> bool:
    """Tell whether the clocks of the zone show a public holiday of the region."""
    day = at_minute(minute).astimezone(ZoneInfo(zone)).date()
    return day in public_holidays(region, day, day)


def at_minute(minute: int) -> datetime:
    """Return the instant so many minutes after the beginning of 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + minute * MINUTE


def minute_at(at: datetime) -> int:
    """Return minutes since 1970."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // MINUTE


def minutes_of(r: AvailabilityRange) -> range:
    """Return the minutes of a range of a single day, as zoneinfo resolves its wall times."""
    begins = datetime.combine(r.first_day, r.starts)
    start, end = (
        minute_at(wall.replace(tzinfo=ZoneInfo(r.zone)).astimezone(UTC)) for wall in (begins, begins + r.lasts)
    )
    return range(start, end)


def offered(
    main: Life,
    window: Interval,
    length: int,
    now: datetime,
    *,
    kind: str = "",
    required: Iterable[Life] = (),
    marking: Iterable[Life] = (),
) -> list[tuple[int, int | None, bool]]:
    """Return (minute, place, marked) of every slot that must be offered."""
    required, marking = list(required), list(marking)
    return [
        (first, place_id, marked(first, first + length, main, required, marking))
        for first in quarters(window)
        if at_minute(first) >= now + main.limits.notice
        for place_id in sorted({r.place_id for r in main.ranges}, key=lambda p: p or 0)
        if set(range(first, first + length)) <= main.open(kind, place_id)
        and not main.closed(first, first + length)
        and not main.too_near(first, first + length, place_id)
        and not main.full(first)
        and all(life.free_when_invited(kind, first, first + length) for life in required)
    ]


def marked(first: int, last: int, main: Life, required: Iterable[Life], marking: Iterable[Life]) -> bool:
    """Return whether something uncertain lies on it, or anything of who is only marking."""
    unsure = any(life.unsure(first, last) for life in (main, *required, *marking))
    return unsure or any(life.closed(first, last) for life in marking)


def quarters(window: Interval) -> Iterator[int]:
    """Yield the minutes of the window at which slots may begin."""
    start, end = minute_at(window.start), minute_at(window.end)
    return (minute for minute in range(start, end) if minute % 15 == 0)
