"""What slack_sdk's stores cannot be asked: everywhere the app is installed, and letting go of what is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import sqlalchemy as sa

from core.ports import Transaction
from storage.tables import accounts, slack_bots, slack_installations, slack_oauth_states, workers
from storage.transaction import SqlTransaction


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the app is installed: a workspace, or with `whole` all of an organisation; with Slack's ids and name."""

    enterprise_id: str | None
    team_id: str | None
    whole: bool
    name: str

    @property
    def tenant(self) -> str:
        """What the ids of accounts belong to there."""
        return (self.enterprise_id if self.whole else self.team_id) or ""


_B = slack_bots.c
_CLIENT: sa.BindParameter[Any] = sa.bindparam("client")
_INSTALLED = (
    sa.select(_B.enterprise_id, _B.team_id, _B.is_enterprise_install, _B.team_name, _B.enterprise_name)
    .where(_B.client_id == _CLIENT, _B.bot_token.is_not(None))
    .order_by(_B.installed_at, _B.id)
)
_PLACES = tuple(
    sa.delete(table).where(
        table.c.client_id == _CLIENT,
        table.c.enterprise_id.is_not_distinct_from(sa.bindparam("enterprise", type_=sa.String)),
        table.c.team_id.is_not_distinct_from(sa.bindparam("team", type_=sa.String)),
        table.c.installed_at < sa.bindparam("before", type_=sa.DateTime),
    )
    for table in (slack_bots, slack_installations)
)
_TOKENS = tuple(
    sa.delete(table).where(table.c.client_id == _CLIENT, table.c.bot_token == sa.bindparam("token"))
    for table in (slack_bots, slack_installations)
)
_STATES = sa.delete(slack_oauth_states).where(slack_oauth_states.c.expire_at < sa.bindparam("now", type_=sa.DateTime))
_CURRENT = sa.select(accounts.c.tenant).where(accounts.c.platform == "slack", accounts.c.is_current)

_BY_HAND = (
    sa.select(workers.c.handle, accounts.c.tenant, accounts.c.external_id)
    .join_from(accounts, workers)
    .where(accounts.c.platform == "slack", accounts.c.email == "", workers.c.active)
    .order_by(accounts.c.id.desc())
    .limit(sa.bindparam("most"))
)


def installed(tx: Transaction, client_id: str) -> list[Installed]:
    """Return where the app with that client id is installed, the oldest first."""
    rows = _connection(tx).execute(_INSTALLED, {"client": client_id})
    found = [_row(row) for row in rows]
    return list({place.tenant: place for place in found if place.tenant}.values())


def forget_installation(
    tx: Transaction, client_id: str, enterprise_id: str | None, team_id: str | None, before: datetime
) -> None:
    """Let go of what was installed there before an instant; what was installed again since then stays."""
    values = {"client": client_id, "enterprise": enterprise_id, "team": team_id, "before": _as_stored(before)}
    for statement in _PLACES:
        _connection(tx).execute(statement, values)


def forget_token(tx: Transaction, client_id: str, token: str) -> None:
    """Let go of the installations with that bot token, which Slack no longer takes."""
    for statement in _TOKENS:
        _connection(tx).execute(statement, {"client": client_id, "token": token})


def forget_states(tx: Transaction, now: datetime) -> None:
    """Let go of the installations that were begun and never finished."""
    _connection(tx).execute(_STATES, {"now": _as_stored(now)})


def tenants_in_use(tx: Transaction) -> list[str]:
    """Return the workspace of each account in Slack to which a worker's notices go."""
    return [str(tenant) for tenant in _connection(tx).scalars(_CURRENT)]


def linked_by_hand(tx: Transaction, limit: int) -> list[tuple[str, str, str]]:
    """Return (worker's handle, tenant, external id) of accounts in Slack that an administrator linked.

    The newest first; only those of workers who are still here.
    """
    rows = _connection(tx).execute(_BY_HAND, {"most": limit})
    return [(str(handle), str(tenant), str(external_id)) for handle, tenant, external_id in rows]


def _row(row: Sequence[Any]) -> Installed:
    enterprise, team, whole, team_name, enterprise_name = row
    return Installed(enterprise, team, bool(whole), str((enterprise_name if whole else team_name) or ""))


def _as_stored(instant: datetime) -> datetime:
    """Return an instant as slack_sdk stores it: in UTC, without saying so."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def _connection(tx: Transaction) -> sa.Connection:
    return cast("SqlTransaction", tx).connection
