"""Availability and what occupies people, as the rules need them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from core.availability import Absence, AvailabilityRange, Busy, EventSpans, ExternalEvent, Limits, Shown, Span
from core.times import Interval


class Agendas(Protocol):
    """Availability and what occupies people."""

    def ranges(self, worker_id: int) -> list[AvailabilityRange]:
        """Return all availability ranges of a worker."""
        ...

    def ranges_of(self, worker_ids: Sequence[int]) -> list[AvailabilityRange]:
        """Return all availability ranges of these workers, in one query, by id."""
        ...

    def lock_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        """Return the ranges as `ranges` does, and keep anyone else from changing them until the transaction ends."""
        ...

    def edit_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        """Return the ranges as `ranges` does; nobody books in this agenda or edits it until the transaction ends."""
        ...

    def save_range(self, found: AvailabilityRange) -> AvailabilityRange:
        """Insert (id 0) or update one range; return it with its id. Raises NotFound if that id is not the worker's."""
        ...

    def delete_range(self, worker_id: int, range_id: int) -> None:
        """Delete one range of the worker's. Raises NotFound."""
        ...

    def replace_ranges(self, worker_id: int, ranges: Sequence[AvailabilityRange]) -> None:
        """Put `ranges` (ids ignored) in the place of all of the worker's."""
        ...

    def busy(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Busy]:
        """Return what occupies these workers inside `window`, by start.

        APPOINTMENT: claims of which he is the main worker, a cancellation that can still be undone included,
        expired ones left out. ACCEPTED, TENTATIVE, PENDING: standing appointments to which he is invited, by his
        own answer (declined ones are left out). EXTERNAL: his external events, the tentative ones as TENTATIVE.
        HOLD: his time held in someone's open form, not expired. An appointment whose ending has settled occupies
        nobody. Absences and public holidays are not among them.
        """
        ...

    def spans(self, worker_ids: Sequence[int], window: Interval, now: datetime) -> list[Span]:
        """Return what `busy` returns, external events apart, as plain numbers and in no order."""
        ...

    def event_spans(self, worker_ids: Sequence[int], window: Interval) -> list[EventSpans]:
        """Return the external events of these workers that touch `window`, in no order."""
        ...

    def absences(self, worker_ids: Sequence[int], window: Interval) -> list[Absence]:
        """Return the absences of these workers that touch `window`, by start and id."""
        ...

    def save_absence(self, absence: Absence) -> Absence:
        """Insert (id 0) or update; return it with its id. Raises NotFound if that id is not the worker's."""
        ...

    def delete_absence(self, worker_id: int, absence_id: int) -> None:
        """Delete one of the worker's. Raises NotFound."""
        ...

    def limits(self, worker_ids: Sequence[int]) -> dict[int, Limits]:
        """Return the limits of those of these workers who have chosen their own."""
        ...

    def save_limits(self, worker_id: int, limits: Limits) -> None:
        """Store the worker's own limits."""
        ...

    def hold(self, worker_id: int, holder_id: int, during: Interval, now: datetime, expires_at: datetime) -> None:
        """Hold a time in the worker's agenda for the holder, in the place of what he held before: one at most.

        The worker's claims that had expired at `now` are deleted first. Raises SlotTaken; what he held before is
        let go even then.
        """
        ...

    def release(self, holder_id: int) -> None:
        """Let go of what this person holds, if anything."""
        ...

    def shown(self, viewer_id: int, worker_ids: Sequence[int]) -> dict[int, Shown]:
        """Return the toggles that this viewer has set for these workers; who is not there has both on."""
        ...

    def save_shown(self, viewer_id: int, worker_id: int, shown: Shown) -> None:
        """Remember the toggles for this viewer."""
        ...

    def external_events(self, worker_id: int, window: Interval) -> list[ExternalEvent]:
        """Return the worker's external events that touch `window`, by start: with their titles, for himself alone."""
        ...

    def replace_external_events(self, worker_id: int, events: Sequence[ExternalEvent]) -> None:
        """Put `events` in the place of all of the worker's."""
        ...
