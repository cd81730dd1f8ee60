"""Which database an address means, with the driver that we use for it."""

from pathlib import Path

import sqlalchemy as sa

_POSTGRESQL = ("postgresql", "postgres")


class UnknownDatabase(ValueError):
    """The address is none of a database that can be used."""


def parse(address: str) -> sa.URL:
    """Return the address with its driver. Raises UnknownDatabase."""
    try:
        url = sa.make_url(address)
    except sa.exc.ArgumentError as fault:
        raise UnknownDatabase("a database's address begins with sqlite:/// or postgresql://") from fault
    backend = url.drivername.partition("+")[0]
    if backend in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UnknownDatabase("a database's address begins with sqlite:/// or postgresql://")
    if url.database in {None, "", ":memory:"}:
        raise UnknownDatabase("SQLite needs a file: sqlite:///path")
    return url.set(drivername="sqlite+pysqlite")


def sqlite_path(url: sa.URL) -> Path | None:
    """Return the file of an SQLite address, None for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None
