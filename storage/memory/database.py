"""Transactions over a copy of the state: kept on success, forgotten on any exception."""

import threading
from collections.abc import Callable
from typing import TypeVar

from core.errors import DuplicateDelivery, VersionConflict
from core.ports import Transaction
from storage.memory.accounts import MemoryAccounts
from storage.memory.agendas import MemoryAgendas
from storage.memory.appointments import MemoryAppointments
from storage.memory.cases import MemoryCases, MemoryPlaces
from storage.memory.codes import MemoryLinkCodes
from storage.memory.counterproposals import MemoryCounterProposals
from storage.memory.openings import MemoryOpenings
from storage.memory.outbox import MemoryOutbox
from storage.memory.people import MemoryPeople
from storage.memory.preferences import MemoryPreferences
from storage.memory.records import MemoryAudit, MemoryDeliveries
from storage.memory.shares import MemoryShares
from storage.memory.state import State

T = TypeVar("T")

_ATTEMPTS = 5


class MemoryTransaction:
    """One transaction's view of the state."""

    def __init__(self, state: State) -> None:
        self.people = MemoryPeople(state)
        self.cases = MemoryCases(state)
        self.places = MemoryPlaces(state)
        self.agendas = MemoryAgendas(state)
        self.appointments = MemoryAppointments(state)
        self.deliveries = MemoryDeliveries(state)
        self.accounts = MemoryAccounts(state)
        self.codes = MemoryLinkCodes(state)
        self.choices = MemoryPreferences(state)
        self.openings = MemoryOpenings(state)
        self.counterproposals = MemoryCounterProposals(state)
        self.shares = MemoryShares(state)
        self.outbox = MemoryOutbox(state)
        self.audit = MemoryAudit(state)


class MemoryDatabase:
    """`core.ports.Database` without a database: one transaction at a time, nothing outlives the process."""

    def __init__(self) -> None:
        self._state = State()
        self._lock = threading.Lock()

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a snapshot; what it would write is forgotten."""
        with self._lock:
            return work(MemoryTransaction(self._state.copy()))

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` and keep its changes, unless it raises; a lost race runs it again."""
        with self._lock:
            for _ in range(_ATTEMPTS - 1):
                try:
                    return self._once(work)
                except (DuplicateDelivery, VersionConflict):
                    continue
            return self._once(work)

    async def close(self) -> None:
        """Hold on to nothing."""

    def _once(self, work: Callable[[Transaction], T]) -> T:
        state = self._state.copy()
        result = work(MemoryTransaction(state))
        self._state = state
        return result
