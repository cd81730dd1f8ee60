"""Appointments and questions about them, as the rules need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.appointments import Appointment, Invitation
from core.counterproposals import CounterProposal
from core.openings import Opening
from core.shares import Share
from core.times import Interval


@dataclass(frozen=True, slots=True)
class Figure:
    """One appointment, for figures of occupation: no case, no name."""

    worker_id: int
    during: Interval
    place_id: int | None
    cancelled: bool


class Appointments(Protocol):
    """Appointments with their parties and invitations."""

    def find(self, appointment_id: int) -> Appointment | None:
        """Return the appointment, ended ones too."""
        ...

    def find_all(self, appointment_ids: Sequence[int]) -> list[Appointment]:
        """Return those of these appointments that exist, ended ones too, by start and id, in a few queries."""
        ...

    def of_main_worker(self, worker_id: int, window: Interval, now: datetime) -> list[Appointment]:
        """Return the appointments in this worker's own agenda that touch `window` and are not ended, by start."""
        ...

    def figures(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Figure]:
        """Return what the agendas of these workers held in `window` as main workers: standing and cancelled, by start.

        Deleted ones are left out; an ending that has not settled at `now` does not count yet.
        """
        ...

    def coming(self, worker_id: int, now: datetime) -> list[Appointment]:
        """Return what starts after `now` of which he is the main worker or to which he is invited, by start and id.

        Whatever he answered; what has ended is left out once that has settled at `now`.
        """
        ...

    def unsettled(self, worker_id: int, now: datetime) -> list[Appointment]:
        """Return what this worker is ending, and what he is declining before it starts, by start and id.

        It has not settled at `now`: he may still take it back.
        """
        ...

    def of_case(self, number: int, viewer_id: int, now: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        """Return the appointments of a case that are not deleted for this viewer at `now`, the latest start first."""
        ...

    def invited(self, worker_id: int, since: datetime, *, limit: int, offset: int = 0) -> list[Appointment]:
        """Return appointments that start after `since`, await an answer of `worker_id` and stand for him, by start.

        One that another is ending stands for him until that settles (`ended_for` at `since`).
        """
        ...

    def count_invited(self, worker_id: int, since: datetime) -> int:
        """Return how many `invited` would return without a limit."""
        ...

    def add(self, appointment: Appointment) -> Appointment:
        """Insert it (id 0) with parties, invitations and the claim on the main worker's time.

        Claims of that worker that had expired at `created_at` are deleted first. An invitation that is not pending is
        appended to the answers kept. Returns it with its id. Raises SlotTaken.
        """
        ...

    def replace(self, old: Appointment, new: Appointment, now: datetime) -> Appointment:
        """Store `new` over `old` (same id), parties and invitations included; move the claim if worker or time differ.

        Sets `version` to `old.version + 1`, the value returned. Raises VersionConflict if the stored version is
        not `old.version`, SlotTaken if the claim is refused; claims of that worker that have expired at `now` are
        deleted first. While `new.ending` is None the claim stands (it is made anew if it had expired); a new ending
        that is not `was_cancelled` lets it expire at `settles_at`, and never makes one. Each invitation whose answer
        differs from the old one (or is new and not pending) is appended to the answers kept.
        """
        ...

    def answer(self, appointment: Appointment, invitation: Invitation, now: datetime) -> Appointment:
        """Store one invitation's new answer, append it to the answers kept, and raise the appointment's version.

        Cheaper than `replace`: touches one invitation. `invitation.sequence` is the new one; the stored one must be
        one less, else VersionConflict. Returns the appointment as stored, with the new version, which is the
        invitation's `version` too.
        """
        ...

    def lock(self, appointment_id: int) -> None:
        """Let nobody else change, answer, end or lock the appointment until the transaction ends."""
        ...

    def answers(self, appointment_id: int) -> list[tuple[int, str, datetime]]:
        """Return every answer ever given: (worker id, answer, instant), in order."""
        ...


class Openings(Protocol):
    """Questions to a colleague to open a time."""

    def add(self, opening: Opening) -> Opening:
        """Insert it (id 0); return it with its id."""
        ...

    def find(self, opening_id: int) -> Opening | None:
        """Return it, decided ones too."""
        ...

    def decide(self, opening: Opening) -> None:
        """Store its new state and appointment. Raises VersionConflict if it was decided already."""
        ...


class CounterProposals(Protocol):
    """Other times that invitees propose."""

    def add(self, proposal: CounterProposal) -> CounterProposal:
        """Insert it (id 0); return it with its id."""
        ...

    def find(self, proposal_id: int) -> CounterProposal | None:
        """Return it, decided ones too."""
        ...

    def of(self, appointment_id: int) -> list[CounterProposal]:
        """Return all of one appointment, in the order they were made."""
        ...

    def decide(self, proposal: CounterProposal) -> None:
        """Store its new state. Raises VersionConflict if it was decided already."""
        ...


class Shares(Protocol):
    """Cards of appointments in channels."""

    def add(self, share: Share) -> Share:
        """Insert it (id 0); return it with its id. One that stands in that channel already is returned instead."""
        ...

    def find(self, share_id: int) -> Share | None:
        """Return it."""
        ...

    def of(self, appointment_id: int) -> list[Share]:
        """Return the shares of an appointment, by id."""
        ...

    def update(self, share_id: int, messages: tuple[str, ...], version: int) -> None:
        """Store which messages show it, and at which version."""
        ...

    def delete(self, share_id: int) -> None:
        """Forget it: the channel or the message is gone."""
        ...
