"""What the stores of slack_sdk keep: its columns, as its modules `oauth.*_store.sqlalchemy` define them."""

from typing import Any

import sqlalchemy as sa

from storage.tables.base import metadata


def _name(name: str, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(32), nullable=nullable)


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(200))


def _of_bot() -> tuple[sa.Column[Any], ...]:
    return (
        _words("bot_token"),
        _name("bot_id"),
        _name("bot_user_id"),
        sa.Column("bot_scopes", sa.String(1000)),
        _words("bot_refresh_token"),
        sa.Column("bot_token_expires_at", sa.DateTime),
    )


def _installed() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("is_enterprise_install", sa.Boolean, default=False, nullable=False),
        sa.Column("installed_at", sa.DateTime, nullable=False, default=sa.func.now()),
    )


slack_installations = sa.Table(
    "slack_installations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _name("client_id", nullable=False),
    _name("app_id", nullable=False),
    _name("enterprise_id"),
    _words("enterprise_name"),
    _words("enterprise_url"),
    _name("team_id"),
    _words("team_name"),
    *_of_bot(),
    _name("user_id", nullable=False),
    _words("user_token"),
    sa.Column("user_scopes", sa.String(1000)),
    _words("user_refresh_token"),
    sa.Column("user_token_expires_at", sa.DateTime),
    _words("incoming_webhook_url"),
    _words("incoming_webhook_channel"),
    _words("incoming_webhook_channel_id"),
    _words("incoming_webhook_configuration_url"),
    _name("token_type"),
    *_installed(),
    sa.Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

slack_bots = sa.Table(
    "slack_bots",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    _name("client_id", nullable=False),
    _name("app_id", nullable=False),
    _name("enterprise_id"),
    _words("enterprise_name"),
    _name("team_id"),
    _words("team_name"),
    *_of_bot(),
    *_installed(),
    sa.Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_oauth_states = sa.Table(
    "slack_oauth_states",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(200), nullable=False),
    sa.Column("expire_at", sa.DateTime, nullable=False),
)
