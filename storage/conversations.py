"""Where platforms that cannot look it up reach people and groups: every conversation that the bot has heard of."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any, Literal, cast

import sqlalchemy as sa

from core.ports import Transaction
from storage.sql import insert_by_dialect, storable
from storage.tables import conversations
from storage.transaction import SqlTransaction


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation of the bot's; its id, the `person` and the `address` are opaque and the platform's own.

    `person` is the external id of whom a private one is with, else "". `address` is what else it takes to post there.
    """

    platform: str
    tenant: str
    id: str
    kind: Literal["private", "group", "channel"]
    person: str
    title: str
    address: str


_NAMES = tuple(f.name for f in fields(Conversation))
_KEY = _NAMES[:3]
_C = conversations.c
_THERE = sa.and_(_C.platform == sa.bindparam("where"), _C.tenant == sa.bindparam("of"))
_THIS = sa.and_(_THERE, _C.id == sa.bindparam("this"))
_ROWS = sa.select(*(_C[name] for name in _NAMES))
_FIND = _ROWS.where(_THIS)
_PRIVATE = (
    _ROWS.where(_THERE, _C.person == sa.bindparam("whom"), _C.kind == "private")
    .order_by(_C.saved_at.desc(), _C.id.desc())
    .limit(1)
)
_SHARED = _ROWS.where(_THERE, _C.kind != "private").order_by(sa.func.lower(_C.title), _C.title, _C.id)
_ANY = _ROWS.where(_THERE).order_by(_C.saved_at.desc(), _C.id.desc()).limit(1)
_FORGET = sa.delete(conversations).where(_THIS)
_SAVE = insert_by_dialect(
    conversations,
    lambda insert: insert.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={name: insert.excluded[name] for name in (*_NAMES[3:], "saved_at")},
    ),
)


def save_conversation(tx: Transaction, conversation: Conversation, now: datetime) -> None:
    """Store a conversation, or what is known of it now."""
    connection = _connection(tx)
    row: dict[str, Any] = dict(zip(_NAMES, map(storable, astuple(conversation)), strict=True))
    connection.execute(_SAVE[connection.dialect.name], {**row, "saved_at": now})


def private_conversation(tx: Transaction, platform: str, tenant: str, external_id: str) -> Conversation | None:
    """Return the private conversation with that person, the newest if there are several."""
    values = {**_there(platform, tenant), "whom": storable(external_id)}
    return _one(_connection(tx).execute(_PRIVATE, values).first())


def conversation(tx: Transaction, platform: str, tenant: str, conversation_id: str) -> Conversation | None:
    """Return the conversation with that id."""
    values = {**_there(platform, tenant), "this": storable(conversation_id)}
    return _one(_connection(tx).execute(_FIND, values).first())


def shared_conversations(tx: Transaction, platform: str, tenant: str) -> list[Conversation]:
    """Return the groups and channels, by title."""
    return [Conversation(*row) for row in _connection(tx).execute(_SHARED, _there(platform, tenant))]


def any_conversation(tx: Transaction, platform: str, tenant: str) -> Conversation | None:
    """Return the newest conversation of the tenant, whoever it is with."""
    return _one(_connection(tx).execute(_ANY, _there(platform, tenant)).first())


def forget_conversation(tx: Transaction, platform: str, tenant: str, conversation_id: str) -> None:
    """Let go of a conversation that takes nothing any more."""
    _connection(tx).execute(_FORGET, {**_there(platform, tenant), "this": storable(conversation_id)})


def _there(platform: str, tenant: str) -> dict[str, str]:
    return {"where": platform, "of": storable(tenant)}


def _one(row: Sequence[Any] | None) -> Conversation | None:
    return Conversation(*row) if row is not None else None


def _connection(tx: Transaction) -> sa.Connection:
    return cast("SqlTransaction", tx).connection
