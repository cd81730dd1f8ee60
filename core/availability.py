"""When a worker can be booked, and what stands in his agenda."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from core.times import Interval


@dataclass(frozen=True, slots=True)
class AvailabilityRange:
    """Wall time in the worker's zone: 9:00 stays 9:00 across a clock change.

    `rule` is an RRULE value over days (RFC 5545, section 3.3.10), "" for a single day; `except_days`
    are the days it skips. `lasts` is wall time too, at most 24 hours, and may pass midnight.
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


@dataclass(frozen=True, slots=True, order=True)
class OpenRange:
    """One occurrence of an availability range, as instants."""

    during: Interval
    place_id: int | None


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


@dataclass(frozen=True, slots=True)
class Busy:
    """One thing that occupies a worker; `appointment_id` is None for external events."""

    worker_id: int
    during: Interval
    kind: BusyKind
    appointment_id: int | None = None
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class ExternalEvent:
    """One occurrence of an event in the worker's own calendar elsewhere; its title is never shown to others."""

    worker_id: int
    uid: str
    recurrence_id: str
    during: Interval
    title: str = ""
    tentative: bool = False
