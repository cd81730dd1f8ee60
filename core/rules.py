"""The figures that an organisation may choose."""

from dataclasses import dataclass, field
from datetime import timedelta

from core.availability import Limits

STEP = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
HORIZON = timedelta(days=366)
COMMENT_LIMIT = 2_000
REASON_LIMIT = 500
NAME_LIMIT = 200
KIND_LIMIT = 60
MOST_KINDS = 20
"""How many kinds of appointment one range may be for."""
FIRST_YEAR, LAST_YEAR = 1970, 2100
"""The years of which days are kept."""
MOST_RANGES = 1_000
"""How many ranges one worker may have: more are a mistake, and would slow everyone who looks at his agenda."""

MOST_REMINDERS = 5
"""Of one appointment to one worker."""
LATEST_REMINDER, EARLIEST_REMINDER = timedelta(minutes=5), timedelta(days=7)
"""How long before the start a worker may choose to be reminded."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for everyone who has not chosen otherwise.

    `reminders`: how long before the start; `undo`: how long a cancellation or decline can be taken back; `hold`: how
    long a slot chosen in an open form stays held; `limits`: for workers without their own; `region`: whose public
    holidays ("BE", "FR-57"; "" for none).
    """

    reminders: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=1))
    undo: timedelta = timedelta(seconds=10)
    hold: timedelta = timedelta(minutes=5)
    limits: Limits = field(default_factory=Limits)
    region: str = "BE"
