"""One transaction over SQL, for both databases."""

import sqlalchemy as sa

from storage.accounts import SqlAccounts
from storage.agendas import SqlAgendas
from storage.appointments import SqlAppointments
from storage.cases import SqlCases, SqlPlaces
from storage.openings import SqlOpenings
from storage.outbox import SqlOutbox
from storage.people import SqlPeople
from storage.records import SqlAudit, SqlDeliveries


class SqlTransaction:
    """Implements `core.ports.Transaction` on a connection whose transaction another begins and ends."""

    def __init__(self, connection: sa.Connection, *, lock_keys: bool = False) -> None:
        """`connection` is for the modules of storage that stand beside the port.

        With `lock_keys`, two transactions that look for one delivery follow each other; SQLite has one writer anyway.
        """
        self.connection = connection
        self.people = SqlPeople(connection)
        self.cases = SqlCases(connection)
        self.places = SqlPlaces(connection)
        self.agendas = SqlAgendas(connection)
        self.appointments = SqlAppointments(connection)
        self.deliveries = SqlDeliveries(connection, lock_keys=lock_keys)
        self.accounts = SqlAccounts(connection)
        self.openings = SqlOpenings(connection)
        self.outbox = SqlOutbox(connection)
        self.audit = SqlAudit(connection)
