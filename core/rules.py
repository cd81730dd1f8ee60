"""The figures that an organisation may choose."""

from dataclasses import dataclass
from datetime import timedelta

STEP = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
HORIZON = timedelta(days=366)
COMMENT_LIMIT = 2_000
REASON_LIMIT = 500
NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Rules:
    """`reminders`: how long before the start; `undo`: how long a cancellation or decline can be taken back."""

    reminders: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=1))
    undo: timedelta = timedelta(seconds=10)
