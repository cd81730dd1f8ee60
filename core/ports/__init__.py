"""What the rules need from the outside.

A use case is a synchronous function over a `Transaction`. `Database.write` runs it in one transaction and
may run it again (a lost race, a repeated delivery), so it has no other effect than through its transaction.
"""

from core.ports.agendas import Agendas
from core.ports.appointments import Appointments, CounterProposals, Figure, Openings, Shares
from core.ports.people import Accounts, Cases, Choices, LinkCodes, People, Places
from core.ports.records import Audit, Copy, Deliveries, Outbox, OutboxRow
from core.ports.transactions import Database, Transaction

__all__ = [
    "Accounts",
    "Agendas",
    "Appointments",
    "Audit",
    "Cases",
    "Choices",
    "Copy",
    "CounterProposals",
    "Database",
    "Deliveries",
    "Figure",
    "LinkCodes",
    "Openings",
    "Outbox",
    "OutboxRow",
    "People",
    "Places",
    "Shares",
    "Transaction",
]
