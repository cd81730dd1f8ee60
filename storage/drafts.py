"""What waits between two messages of one person: any process may go on with it, and two never overwrite each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import sqlalchemy as sa

from core.ports import Transaction
from storage.sql import insert_by_dialect, short_key, storable
from storage.tables import drafts
from storage.transaction import SqlTransaction
from storage.types import Instant


@dataclass(frozen=True, slots=True)
class Draft:
    """What was saved last; `version` changes whenever that does, and never comes back for another draft of that key."""

    payload: str
    version: int


_D = drafts.c
_THIS = _D.key == sa.bindparam("of")
_SEEN = sa.and_(_THIS, _D.payload.is_not(None))
_FIND = sa.select(_D.payload, _D.version).where(_SEEN)
_BEGIN = insert_by_dialect(
    drafts,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["key"],
        set_={"payload": insert.excluded.payload, "version": _D.version + 1, "saved_at": insert.excluded.saved_at},
        where=_D.payload.is_(None),
    ),
)
_SAVE = (
    sa.update(drafts)
    .where(_SEEN, _D.version == sa.bindparam("seen"))
    .values(payload=sa.bindparam("said"), version=_D.version + 1, saved_at=sa.bindparam("now", type_=Instant()))
)
_DROP = sa.update(drafts).where(_SEEN).values(payload=None, version=_D.version + 1)
_PRUNE = sa.delete(drafts).where(_D.saved_at < sa.bindparam("before", type_=Instant()))


def find_draft(tx: Transaction, key: str) -> Draft | None:
    """Return what waits under that key."""
    row = _connection(tx).execute(_FIND, {"of": short_key(key)}).first()
    return Draft(*row) if row is not None else None


def save_draft(tx: Transaction, key: str, payload: str, version: int, now: datetime) -> bool:
    """Store what waits in the place of `version`, or where nothing waited (0); its version is one that was not before.

    False if somebody else was faster: nothing is stored then.
    """
    connection = _connection(tx)
    if version == 0:
        row = {"key": short_key(key), "payload": storable(payload), "version": 1, "saved_at": now}
        return connection.execute(_BEGIN[connection.dialect.name], row).rowcount == 1
    values = {"of": short_key(key), "said": storable(payload), "seen": version, "now": now}
    return connection.execute(_SAVE, values).rowcount == 1


def drop_draft(tx: Transaction, key: str) -> None:
    """Let go of what waits under that key; whoever is about to save it is too late."""
    _connection(tx).execute(_DROP, {"of": short_key(key)})


def prune_drafts(tx: Transaction, before: datetime) -> None:
    """Forget everything that was saved before then."""
    _connection(tx).execute(_PRUNE, {"before": before})


def _connection(tx: Transaction) -> sa.Connection:
    return cast("SqlTransaction", tx).connection
