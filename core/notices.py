"""What is told to whom: one row per (appointment, recipient, kind, version), written with the change."""

from dataclasses import dataclass
from datetime import date, datetime
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
    REASSIGNED = "reassigned"
    """Tell whoever was part of it, and is not asked anew, who is its main worker now; its time stays the same."""
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
    COUNTER_PROPOSED = "counter_proposed"
    """Ask the organiser whether to move the appointment to the time that `about_id` proposes (`proposal_id`)."""
    COUNTER_REFUSED = "counter_refused"
    """Tell who proposed it that the appointment keeps its time."""
    SHARED = "shared"
    """Post the card of share `version` to its channel and tell `about_id` what came of it (`minutes`: which time)."""
    SUMMARY = "summary"
    """The recipient's own `day`, in the morning; expires at its end."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one worker at `due_at` (UTC).

    `version` is the appointment's version that caused it (its revision, for reminders: a move makes new
    ones). `minutes` tells reminders of one revision apart. `about_id` is the worker it speaks of or the
    one who did it. Past `expires_at` it is dropped. It speaks of one thing: an appointment, or with 0 for its
    appointment of an opening, a counter-proposal, or a day on the recipient's clock.
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
    proposal_id: int = 0
    day: date | None = None
