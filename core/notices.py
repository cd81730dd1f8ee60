"""What is told to whom: one row per (appointment, recipient, kind, version), written with the change."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """Why a recipient hears of an appointment."""

    INVITED = "invited"
    """Post the whole card, with the question, as a new message (booking, or a new time)."""
    SHOWN = "shown"
    """Post the whole card without a question: to the creator, and to the main worker who is not the creator."""
    REFRESH = "refresh"
    """Bring every copy of the recipient up to date in place; posts nothing new."""
    SETTLED = "settled"
    """As REFRESH, for who cancelled, deleted or declined, when Undo has run out."""
    ANSWERED = "answered"
    """Tell the organiser what `about_id` answered."""
    MOVED = "moved"
    """Tell the main worker and the organiser, when another moved it, of the new time."""
    CHANGED = "changed"
    """Tell of a new place, comment or parties."""
    REMOVED = "removed"
    """Tell a worker that he is no longer concerned."""
    CANCELLED = "cancelled"
    DELETED = "deleted"
    REMINDER = "reminder"
    """`minutes` before the start; expires at the start."""
    OPENING_ASKED = "opening_asked"
    """Ask the owner of an agenda to open a time (`opening_id`); expires at its start."""
    OPENING_REFUSED = "opening_refused"
    """Tell who asked that the time stays closed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one worker at `due_at` (UTC).

    `version` is the appointment's version that caused it (its revision, for reminders: a move makes new
    ones). `minutes` tells reminders of one revision apart. `about_id` is the worker it speaks of or the
    one who did it. Past `expires_at` it is dropped. One that speaks of an opening has `opening_id`, and 0 for its
    appointment.
    """

    appointment_id: int
    recipient_id: int
    kind: NoticeKind
    version: int
    due_at: datetime
    minutes: int = 0
    about_id: int | None = None
    expires_at: datetime | None = None
    opening_id: int = 0
