"""Opening a database, and bringing its tables up to date."""

from typing import Final

import sqlalchemy as sa

from core.ports import Database
from storage.address import parse, sqlite_path
from storage.sqlite import SqliteDatabase

HEAD: Final = "0011"
"""The newest migration; known here so that starting need not import Alembic."""


def open_database(address: str) -> Database:
    """Return the database at `sqlite:///path` or `postgresql://…`; it connects when it is first used.

    Raises UnknownDatabase.
    """
    url = parse(address)
    path = sqlite_path(url)
    if path is not None:
        return SqliteDatabase(path)
    from storage.postgres import PostgresDatabase  # noqa: PLC0415 - brings a driver and asyncio's extension

    return PostgresDatabase(url)


def is_current(address: str) -> bool:
    """Tell whether the tables are those of this version. Raises if a PostgreSQL server does not answer."""
    url = parse(address)
    path = sqlite_path(url)
    if path is not None and not path.exists():
        return False
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return False
        return connection.scalars(sa.text("SELECT version_num FROM alembic_version")).all() == [HEAD]


def migrate(address: str, revision: str = "head") -> None:
    """Bring the tables up to `revision`, making an SQLite file that is not there yet."""
    url = parse(address)
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    from storage.migrations.run import upgrade  # noqa: PLC0415 - brings Alembic

    upgrade(url, revision)


def downgrade(address: str, revision: str) -> None:
    """Take the tables back to `revision`; "base" takes them all away, with what they hold."""
    from storage.migrations.run import downgrade as take_back  # noqa: PLC0415 - brings Alembic

    take_back(parse(address), revision)
