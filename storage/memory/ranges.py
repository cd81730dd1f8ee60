"""Availability ranges in memory."""

from collections.abc import Sequence
from dataclasses import replace

from core.availability import AvailabilityRange
from core.errors import NotFound
from storage.memory.state import State


class MemoryRanges:
    """The part of `core.ports.Agendas` that keeps availability; one transaction at a time, so nothing is locked."""

    def __init__(self, state: State) -> None:
        self._state = state

    def ranges(self, worker_id: int) -> list[AvailabilityRange]:
        return list(self._state.ranges.get(worker_id, ()))

    def ranges_of(self, worker_ids: Sequence[int]) -> list[AvailabilityRange]:
        return sorted((r for worker_id in set(worker_ids) for r in self.ranges(worker_id)), key=lambda r: r.id)

    def lock_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        return self.ranges(worker_id)

    def edit_ranges(self, worker_id: int) -> list[AvailabilityRange]:
        return self.ranges(worker_id)

    def save_range(self, found: AvailabilityRange) -> AvailabilityRange:
        own = self._state.ranges.get(found.worker_id, ())
        if not found.id:
            found = replace(found, id=self._state.new_id("ranges"))
            self._state.ranges[found.worker_id] = (*own, found)
            return found
        if all(r.id != found.id for r in own):
            raise NotFound
        self._state.ranges[found.worker_id] = tuple(found if r.id == found.id else r for r in own)
        return found

    def delete_range(self, worker_id: int, range_id: int) -> None:
        own = self._state.ranges.get(worker_id, ())
        left = tuple(r for r in own if r.id != range_id)
        if left == own:
            raise NotFound
        self._state.ranges[worker_id] = left

    def replace_ranges(self, worker_id: int, ranges: Sequence[AvailabilityRange]) -> None:
        self._state.ranges[worker_id] = tuple(
            replace(r, id=self._state.new_id("ranges"), worker_id=worker_id) for r in ranges
        )
