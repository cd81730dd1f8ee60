"""When a worker can be booked, and what stands in his agenda."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from core.times import Interval


@dataclass(frozen=True, slots=True)
class AvailabilityRange:
    """Wall time in the worker's zone: 9:00 stays 9:00 across a clock change.

    `rule` is an RRULE value over days (RFC 5545, section 3.3.10), "" for a single day; `except_days`
    are the days it skips. `lasts` is wall time too, at most 24 hours, and may pass midnight. `kinds` are the
    kinds of appointment it is for; none means any.
    """

    id: int
    worker_id: int
    place_id: int | None
    first_day: date
    starts: time
    lasts: timedelta
    zone: str
    rule: str = ""
    except_days: frozenset[date] = frozenset()
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenRange:
    """One occurrence of an availability range, as instants."""

    during: Interval
    place_id: int | None
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that is offered; `marked` when something uncertain lies on it (rule 3)."""

    during: Interval
    place_id: int | None
    marked: bool = False


class BusyKind(StrEnum):
    """What occupies a worker (rule 3's rows)."""

    APPOINTMENT = "appointment"
    """He is the main worker of it: a claim on his time."""
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    PENDING = "pending"
    EXTERNAL = "external"
    HOLD = "hold"
    """A slot that someone has chosen in an open form, for some minutes."""
    ABSENCE = "absence"
    PUBLIC_HOLIDAY = "public_holiday"
    NOTICE = "notice"
    """Too soon: he wants to know earlier. Found when a time is checked, never stored; so are the next three."""
    BUFFER = "buffer"
    TRAVEL = "travel"
    FULL_DAY = "full_day"


@dataclass(frozen=True, slots=True)
class Busy:
    """One thing that occupies a worker; `appointment_id` is None for what is no appointment.

    `held_by` is who holds it, for HOLD.
    """

    worker_id: int
    during: Interval
    kind: BusyKind
    appointment_id: int | None = None
    place_id: int | None = None
    held_by: int | None = None


class Span(NamedTuple):
    """What `Busy` tells, as plain numbers: thousands of them are swept for one answer.

    `start` and `end` are seconds since 1970, rounded outwards; 0 stands for no appointment, place or holder.
    """

    worker_id: int
    start: int
    end: int
    kind: str
    appointment_id: int
    place_id: int
    held_by: int


class EventSpans(NamedTuple):
    """External events of one worker, all EXTERNAL or all TENTATIVE, as plain numbers: they are most of what is swept.

    `starts` and `ends` hold one number for each, as a `Span` has them.
    """

    worker_id: int
    kind: str
    starts: Sequence[int]
    ends: Sequence[int]


class AbsenceKind(StrEnum):
    """Why someone is away; only he himself is shown it."""

    LEAVE = "leave"
    SICKNESS = "sickness"
    TRAINING = "training"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Absence:
    """A stretch of time that closes a worker's ranges; given in whole days or hours of `zone`, his own."""

    id: int
    worker_id: int
    kind: AbsenceKind
    during: Interval
    zone: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How a worker wants to be booked; nothing is limited unless he says so.

    `notice`: how long before; `before` and `after`: free time around what he has; `travel`: more of it between two
    different places; `daily`: how many appointments a day as main worker at most, 0 for any number.
    """

    notice: timedelta = timedelta(0)
    before: timedelta = timedelta(0)
    after: timedelta = timedelta(0)
    travel: timedelta = timedelta(0)
    daily: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A person's two toggles as one viewer has set them (guide, step 7)."""

    availability: bool = True
    external: bool = True


@dataclass(frozen=True, slots=True)
class ExternalEvent:
    """One occurrence of an event in the worker's own calendar elsewhere; its title is never shown to others."""

    worker_id: int
    uid: str
    recurrence_id: str
    during: Interval
    title: str = ""
    tentative: bool = False
