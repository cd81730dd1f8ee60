"""One transaction over SQL, for both databases."""

import sqlalchemy as sa

from storage.accounts import SqlAccounts
from storage.agendas import SqlAgendas
from storage.appointments import SqlAppointments
from storage.cases import SqlCases, SqlPlaces
from storage.codes import SqlLinkCodes
from storage.counterproposals import SqlCounterProposals
from storage.openings import SqlOpenings
from storage.outbox import SqlOutbox
from storage.people import SqlPeople
from storage.preferences import SqlPreferences
from storage.records import SqlAudit, SqlDeliveries
from storage.shares import SqlShares
from storage.sql import Seen


class SqlTransaction:
    """Implements `core.ports.Transaction` on a connection whose transaction another begins and ends."""

    def __init__(self, connection: sa.Connection, *, lock_keys: bool = False, writes: bool = True) -> None:
        """`connection` is for the modules of storage that stand beside the port.

        With `lock_keys`, two transactions that look for one delivery follow each other; SQLite has one writer anyway.
        """
        self.connection = connection
        self._seen: Seen | None = None if writes else {}
        self.people = SqlPeople(connection)
        self.cases = SqlCases(connection)
        self.places = SqlPlaces(connection)
        self.agendas = SqlAgendas(connection, self._seen)
        self.appointments = SqlAppointments(connection)
        self.deliveries = SqlDeliveries(connection, lock_keys=lock_keys)
        self.accounts = SqlAccounts(connection)
        self.codes = SqlLinkCodes(connection)
        self.choices = SqlPreferences(connection)
        self.openings = SqlOpenings(connection)
        self.counterproposals = SqlCounterProposals(connection)
        self.shares = SqlShares(connection)
        self.outbox = SqlOutbox(connection)
        self.audit = SqlAudit(connection)

    def begin(self) -> None:
        """Forget what the transaction before has read, where one is used again."""
        if self._seen is not None:
            self._seen.clear()
