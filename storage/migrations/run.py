"""Runs Alembic without an ini file, from wherever this package is installed; all steps in one transaction."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from storage.address import sqlite_path
from storage.sqlite import connect

_MIGRATING = 7_500_918


def config(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's configuration; `env.py` uses `connection`."""
    found = Config(attributes={"connection": connection})
    found.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    found.set_main_option("path_separator", "os")
    return found


def upgrade(url: sa.URL, revision: str) -> None:
    """Go up to `revision`."""
    _run(url, lambda settings: command.upgrade(settings, revision))


def downgrade(url: sa.URL, revision: str) -> None:
    """Go down to `revision`."""
    _run(url, lambda settings: command.downgrade(settings, revision))


def _run(url: sa.URL, step: Callable[[Config], None]) -> None:
    path = sqlite_path(url)
    engine = sa.create_engine(
        url if path is None else "sqlite+pysqlite://",
        poolclass=sa.pool.NullPool,
        **({} if path is None else {"creator": lambda: connect(path)}),
    )
    # One process migrates, the others wait.
    lock = f"SELECT pg_advisory_xact_lock({_MIGRATING})" if path is None else "BEGIN IMMEDIATE"
    with engine.begin() as connection:
        connection.exec_driver_sql(lock)
        step(config(connection))
