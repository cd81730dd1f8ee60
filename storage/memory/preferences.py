"""What workers have chosen for themselves, in memory."""

from collections.abc import Sequence
from datetime import datetime

from core.preferences import Preferences
from storage.memory.state import State


class MemoryPreferences:
    """Implements `core.ports.Choices`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, worker_ids: Sequence[int]) -> dict[int, Preferences]:
        return {worker_id: self._state.preferences.get(worker_id, Preferences()) for worker_id in worker_ids}

    def lock(self, worker_ids: Sequence[int]) -> dict[int, Preferences]:
        return self.of(worker_ids)

    def save(self, worker_id: int, preferences: Preferences, summary_due: datetime | None) -> None:
        self._state.preferences[worker_id] = preferences
        self._state.summaries.pop(worker_id, None)
        if summary_due is not None:
            self._state.summaries[worker_id] = summary_due

    def summary_due(self, worker_id: int) -> datetime | None:
        return self._state.summaries.get(worker_id)

    def summaries_due(self, now: datetime, limit: int) -> list[tuple[int, datetime]]:
        due = sorted((at, worker_id) for worker_id, at in self._state.summaries.items() if at <= now)
        return [(worker_id, at) for at, worker_id in due[:limit]]

    def summary_next(self, worker_id: int, due: datetime, after: datetime) -> bool:
        if self._state.summaries.get(worker_id) != due:
            return False
        self._state.summaries[worker_id] = after
        return True
