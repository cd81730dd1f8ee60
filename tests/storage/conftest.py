"""What the tests of storage share: both databases that are stored, without the one in memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

import storage
from core.ports import Database, Transaction
from storage.address import parse, sqlite_path
from storage.sqlite import connect

STORED = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=STORED)
def url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, migrated database of each stored kind."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture(params=STORED)
def empty_url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    """The address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new folder' / 'rdv.db'}"
    made: str = request.getfixturevalue("postgres_server").empty_database()
    return made


@pytest.fixture
async def stored(url: str) -> AsyncIterator[Database]:
    """The database behind `url`, opened."""
    database = storage.open_database(url)
    yield database
    await database.close()


@dataclass(frozen=True)
class Plain:
    """A plain connection beside the product's, for what the port does not offer."""

    engine: sa.Engine

    def __call__(self, statement: str, **values: object) -> list[Any]:
        with self.engine.begin() as connection:
            result = connection.execute(sa.text(statement), values)
            return list(result.all()) if result.returns_rows else []


def plain(address: str) -> Plain:
    """Return a function that runs one statement in a transaction of its own."""
    parsed = parse(address)
    path = sqlite_path(parsed)
    if path is None:
        return Plain(sa.create_engine(parsed, poolclass=sa.pool.NullPool))
    return Plain(sa.create_engine("sqlite://", creator=lambda: connect(path), poolclass=sa.pool.NullPool))


def execute(tx: Transaction, statement: str, **values: object) -> Any:
    """Run SQL in the transaction of a work."""
    return tx.connection.execute(sa.text(statement), values)  # type: ignore[attr-defined]
