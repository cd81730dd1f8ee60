"""Cards of appointments in channels, in SQL."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.shares import Share
from storage.sql import Repository, insert_by_dialect, is_number
from storage.tables import shares

_S = shares.c
_SHARES = sa.select(
    _S.id, _S.appointment_id, _S.platform, _S.tenant, _S.channel, _S.by_id, _S.messages, _S.version
)  # fmt: skip
_FIND = _SHARES.where(_S.id == sa.bindparam("share"))
_OF = _SHARES.where(_S.appointment_id == sa.bindparam("appointment")).order_by(_S.id)
_STANDING = _OF.where(
    _S.platform == sa.bindparam("platform"), _S.tenant == sa.bindparam("tenant"), _S.channel == sa.bindparam("channel")
)
_ADD = insert_by_dialect(shares, lambda insert: insert.on_conflict_do_nothing())
_UPDATE = (
    sa.update(shares)
    .where(_S.id == sa.bindparam("share"))
    .values(messages=sa.bindparam("ids"), version=sa.bindparam("shown"))
)
_DELETE = sa.delete(shares).where(_S.id == sa.bindparam("share"))


class SqlShares(Repository):
    """Implements `core.ports.Shares`."""

    def add(self, share: Share) -> Share:
        where = {"platform": share.platform, "tenant": share.tenant, "channel": share.channel}
        values = {
            "appointment_id": share.appointment_id,
            "by_id": share.by_id,
            "messages": json.dumps(share.messages),
            "version": share.version,
        }
        self._connection.execute(_ADD[self._connection.dialect.name], values | where)
        return _share(self._connection.execute(_STANDING, {"appointment": share.appointment_id, **where}).one())

    def find(self, share_id: int) -> Share | None:
        if not is_number(share_id):
            return None
        row = self._connection.execute(_FIND, {"share": share_id}).first()
        return _share(row) if row is not None else None

    def of(self, appointment_id: int) -> list[Share]:
        return [_share(row) for row in self._connection.execute(_OF, {"appointment": appointment_id})]

    def update(self, share_id: int, messages: tuple[str, ...], version: int) -> None:
        self._connection.execute(_UPDATE, {"share": share_id, "ids": json.dumps(messages), "shown": version})

    def delete(self, share_id: int) -> None:
        self._connection.execute(_DELETE, {"share": share_id})


def _share(row: Sequence[Any]) -> Share:
    share_id, appointment_id, platform, tenant, channel, by_id, messages, version = row
    return Share(share_id, appointment_id, platform, tenant, channel, by_id, tuple(json.loads(messages)), version)
