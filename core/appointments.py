"""The appointment, its invitations and how it ends."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.people import PartyKind, PartyRef
from core.times import Interval


class Answer(StrEnum):
    """What an invited person has said (guide, step 9)."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


class EndingKind(StrEnum):
    """Annuler keeps the appointment with its reason; Supprimer takes it out of sight."""

    CANCELLED = "cancelled"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ended it and why; until `settles_at` only he sees it, and may undo it (rule 6).

    `was_cancelled`: it is a deletion of an appointment whose cancellation had settled.
    """

    kind: EndingKind
    by_id: int
    reason: str
    settles_at: datetime
    was_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Invitation:
    """One invited worker's answer.

    `sequence` counts his answers: the version of his own card. `version` is the appointment's version
    at his last answer. Until `settles_at` (a decline that can be undone) others see `previous`. `optional`: it can
    take place without him.
    """

    worker_id: int
    answer: Answer = Answer.PENDING
    previous: Answer = Answer.PENDING
    sequence: int = 0
    version: int = 0
    settles_at: datetime | None = None
    optional: bool = False

    @property
    def asked_again(self) -> bool:
        """Tell whether the appointment was moved or given to another, and no answer of his holds any more."""
        return self.answer is Answer.PENDING and self.sequence > 0 and self.version == 0

    def seen_by(self, viewer_id: int, now: datetime) -> Answer:
        """Return the answer as `viewer_id` may know it at `now`."""
        unsettled = self.settles_at is not None and now < self.settles_at
        return self.previous if unsettled and viewer_id != self.worker_id else self.answer


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment in the agenda of its main worker, inside a case.

    `revision` counts changes of its content: what a click agrees to. `version` counts every change,
    answers included: what a card copy shows. `parties` holds all concerned parties, workers included;
    the main worker is not among them. `invitations` has one for each concerned worker; the creator's own is accepted
    from the start, and he is sent no invitation. `kind` is what sort of appointment it is, "" for no particular one.
    """

    id: int
    case_number: int
    main_worker_id: int
    creator_id: int
    during: Interval
    zone: str
    place_id: int | None
    comment: str
    parties: tuple[PartyRef, ...]
    invitations: tuple[Invitation, ...]
    created_at: datetime
    revision: int = 1
    version: int = 1
    ending: Ending | None = None
    kind: str = ""

    def ended_for(self, viewer_id: int, now: datetime) -> EndingKind | None:
        """Return how it ended as `viewer_id` may know it at `now`; None while it stands."""
        if self.ending is None:
            return None
        if viewer_id == self.ending.by_id or now >= self.ending.settles_at:
            return self.ending.kind
        return EndingKind.CANCELLED if self.ending.was_cancelled else None

    def invitation_of(self, worker_id: int) -> Invitation | None:
        """Return that worker's invitation, if he is invited."""
        return next((i for i in self.invitations if i.worker_id == worker_id), None)

    @property
    def worker_ids(self) -> tuple[int, ...]:
        """The concerned workers, without the main worker."""
        return tuple(p.id for p in self.parties if p.kind is PartyKind.WORKER)

    @property
    def audience(self) -> tuple[int, ...]:
        """Everyone who holds a card of it: creator, main worker, invited workers; each once."""
        return tuple(dict.fromkeys([self.creator_id, self.main_worker_id, *(i.worker_id for i in self.invitations)]))
