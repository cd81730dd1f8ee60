"""What only one process may do at a time: whoever has the lease does it, and another when it runs out."""

from datetime import datetime
from typing import cast

import sqlalchemy as sa

from core.ports import Transaction
from storage.sql import insert_by_dialect
from storage.tables import leases
from storage.transaction import SqlTransaction
from storage.types import Instant

_L = leases.c
_TAKE = insert_by_dialect(
    leases,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": insert.excluded.holder, "until": insert.excluded.until},
        where=sa.or_(_L.holder == insert.excluded.holder, _L.until <= sa.bindparam("now", type_=Instant())),
    ),
)
_RELEASE = sa.delete(leases).where(_L.name == sa.bindparam("what"), _L.holder == sa.bindparam("whose"))


def take_lease(tx: Transaction, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Take the lease until then, or renew one's own; False while another's runs (the database decides between two)."""
    connection = _connection(tx)
    row = {"name": name, "holder": holder, "until": until, "now": now}
    return connection.execute(_TAKE[connection.dialect.name], row).rowcount == 1


def release_lease(tx: Transaction, name: str, holder: str) -> None:
    """Let another take it at once, if it is this holder's still."""
    _connection(tx).execute(_RELEASE, {"what": name, "whose": holder})


def _connection(tx: Transaction) -> sa.Connection:
    return cast("SqlTransaction", tx).connection
