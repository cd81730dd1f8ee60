"""What stands in the way of a booking that the booker may override (rule 3)."""

from dataclasses import dataclass

from core.availability import Busy
from core.errors import RdvError
from core.message import N_


@dataclass(eq=False)
class NeedsConfirmation(RdvError):
    """Something stands in the way that the booker may override, after seeing exactly it."""

    conflicts: tuple[Busy, ...] = ()
    message = N_("Someone is not free at this time. Book all the same?")


def conflict_key(conflict: Busy) -> str:
    """Return the name under which a conflict is shown and confirmed."""
    start, end = int(conflict.during.start.timestamp()), int(conflict.during.end.timestamp())
    return f"{conflict.worker_id}.{conflict.kind}.{start}.{end}"
