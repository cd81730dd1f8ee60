"""One transaction, and the database that runs it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from core.ports.agendas import Agendas
from core.ports.appointments import Appointments, CounterProposals, Openings, Shares
from core.ports.people import Accounts, Cases, Choices, LinkCodes, People, Places
from core.ports.records import Audit, Deliveries, Outbox

T = TypeVar("T")


class Transaction(Protocol):
    """Everything one use case may read and write, all or nothing."""

    @property
    def people(self) -> People: ...
    @property
    def cases(self) -> Cases: ...
    @property
    def places(self) -> Places: ...
    @property
    def agendas(self) -> Agendas: ...
    @property
    def appointments(self) -> Appointments: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def accounts(self) -> Accounts: ...
    @property
    def codes(self) -> LinkCodes: ...
    @property
    def choices(self) -> Choices: ...
    @property
    def openings(self) -> Openings: ...
    @property
    def counterproposals(self) -> CounterProposals: ...
    @property
    def shares(self) -> Shares: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def audit(self) -> Audit: ...


class Database(Protocol):
    """Runs use cases in transactions."""

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a consistent view; it writes nothing."""
        ...

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` and commit, durably, before returning; on any exception nothing is kept.

        Runs it again after DuplicateDelivery, VersionConflict, a deadlock or a serialization failure.
        """
        ...

    async def close(self) -> None:
        """Release what is held."""
        ...
