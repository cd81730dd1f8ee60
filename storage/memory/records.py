"""Deliveries and the audit, in memory."""

from datetime import datetime

from core.errors import DuplicateDelivery
from storage.memory.state import State


class MemoryDeliveries:
    """Implements `core.ports.Deliveries`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, key: str) -> str | None:
        return self._state.deliveries.get(key)

    def add(self, key: str, outcome: str, now: datetime) -> None:  # noqa: ARG002 - nothing is pruned here
        if key in self._state.deliveries:
            raise DuplicateDelivery
        self._state.deliveries[key] = outcome


class MemoryAudit:
    """Implements `core.ports.Audit`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, actor_id: int, action: str, appointment_id: int, now: datetime, detail: str = "") -> None:
        line = (actor_id, str(action), now, detail)
        self._state.audit[appointment_id] = (*self._state.audit.get(appointment_id, ()), line)

    def of(self, appointment_id: int) -> list[tuple[int, str, datetime, str]]:
        return list(self._state.audit.get(appointment_id, ()))
