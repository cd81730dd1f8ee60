"""Asking a colleague to open a time outside his availability, for one appointment (rule 2)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.people import PartyRef
from core.times import Interval


class OpeningState(StrEnum):
    """What became of the question."""

    ASKED = "asked"
    OPENED = "opened"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Opening:
    """The whole appointment that `asker_id` wants in the agenda of `main_worker_id`: "Open 14:00–15:00 on Tuesday?".

    It claims no time while it waits. `appointment_id` is what it was booked as. `optional` are the ids of the concerned
    workers without whom it can take place.
    """

    id: int
    asker_id: int
    main_worker_id: int
    case_number: int
    during: Interval
    zone: str
    parties: tuple[PartyRef, ...]
    place_id: int | None
    comment: str
    created_at: datetime
    kind: str = ""
    optional: frozenset[int] = frozenset()
    state: OpeningState = OpeningState.ASKED
    appointment_id: int | None = None
