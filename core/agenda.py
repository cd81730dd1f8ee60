"""One worker's agenda over a stretch of time, as a colleague may see it (guide, steps 6 and 7)."""

from dataclasses import dataclass
from datetime import datetime

from core.availability import Busy, OpenRange
from core.people import Worker
from core.ports import Transaction
from core.ranges import open_ranges
from core.times import Interval


@dataclass(frozen=True, slots=True)
class Agenda:
    """Availability and what occupies the worker: never a title, never a client (rule 9)."""

    worker: Worker
    window: Interval
    ranges: tuple[OpenRange, ...]
    busy: tuple[Busy, ...]


def agenda_of(
    tx: Transaction,
    worker: Worker,
    window: Interval,
    now: datetime,
    *,
    availability: bool = True,
    external: bool = True,
) -> Agenda:
    """Return the worker's agenda; the two switches are the guide's toggles (step 7). Appointments always show."""
    ranges = open_ranges(tx.agendas.ranges(worker.id), window) if availability else []
    busy = tx.agendas.busy([worker.id], window, now)
    shown = tuple(b for b in busy if external or b.appointment_id is not None)
    return Agenda(worker, window, tuple(ranges), shown)
