"""Absences, and what people have chosen for themselves, in memory."""

from collections.abc import Sequence
from dataclasses import replace

from core.availability import Absence, Limits, Shown
from core.errors import NotFound
from core.times import Interval
from storage.memory.state import State


class MemoryAbsences:
    """The part of `core.ports.Agendas` that keeps absences."""

    _state: State

    def absences(self, worker_ids: Sequence[int], window: Interval) -> list[Absence]:
        wanted = set(worker_ids)
        found = [a for a in self._state.absences.values() if a.worker_id in wanted and a.during.overlaps(window)]
        return sorted(found, key=lambda a: (a.during.start, a.id))

    def save_absence(self, absence: Absence) -> Absence:
        if absence.id:
            self._check(absence.worker_id, absence.id)
        else:
            absence = replace(absence, id=self._state.new_id("absences"))
        self._state.absences[absence.id] = absence
        return absence

    def delete_absence(self, worker_id: int, absence_id: int) -> None:
        self._check(worker_id, absence_id)
        del self._state.absences[absence_id]

    def _check(self, worker_id: int, absence_id: int) -> None:
        stored = self._state.absences.get(absence_id)
        if stored is None or stored.worker_id != worker_id:
            raise NotFound


class MemoryChoices:
    """The part of `core.ports.Agendas` that keeps workers' limits and viewers' toggles."""

    _state: State

    def limits(self, worker_ids: Sequence[int]) -> dict[int, Limits]:
        return {w: self._state.limits[w] for w in worker_ids if w in self._state.limits}

    def save_limits(self, worker_id: int, limits: Limits) -> None:
        self._state.limits[worker_id] = limits

    def shown(self, viewer_id: int, worker_ids: Sequence[int]) -> dict[int, Shown]:
        toggles = self._state.toggles
        return {w: toggles[viewer_id, w] for w in worker_ids if (viewer_id, w) in toggles}

    def save_shown(self, viewer_id: int, worker_id: int, shown: Shown) -> None:
        self._state.toggles[viewer_id, worker_id] = shown
