"""An engine of SQLAlchemy's own kind on the product's database, for libraries that bring statements of their own."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.address import parse, sqlite_path
from storage.sqlite import BUSY_SECONDS, PRAGMAS


def async_engine(address: str) -> AsyncEngine:
    """Return an engine that holds no connection open: what uses it is seldom called. Raises UnknownDatabase."""
    url = parse(address)
    if sqlite_path(url) is None:
        # Nothing that is stored reaches a log with a fault: there are tokens among it.
        connect = {"application_name": "rdv"}
        return create_async_engine(url, poolclass=sa.NullPool, connect_args=connect, hide_parameters=True)
    url, connect_to = url.set(drivername="sqlite+aiosqlite"), {"timeout": BUSY_SECONDS}
    engine = create_async_engine(url, poolclass=sa.NullPool, connect_args=connect_to, hide_parameters=True)
    sa.event.listen(engine.sync_engine, "connect", _prepared)
    sa.event.listen(engine.sync_engine, "begin", _begun)
    return engine


def _prepared(driver: Any, _: object) -> None:
    """Set a connection up as `storage.sqlite` does its own."""
    driver.isolation_level = None
    cursor = driver.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begun(connection: sa.Connection) -> None:
    # A transaction that reads before it writes would else find the lock taken, however long it may wait.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
