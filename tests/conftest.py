"""What every test may ask for."""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import settings
from sqlalchemy import make_url

import storage
from core.ports import Database
from core.rules import Rules
from storage.memory import MemoryDatabase
from storage.tables import metadata
from tests.builders import Guide, store_guide
from tests.clock import SetClock

if TYPE_CHECKING:
    from tests.postgres import PostgresServer  # a plugin: pytest imports it

settings.register_profile("home", deadline=None)  # a busy machine is no failure
settings.register_profile("ci", settings.get_profile("home"), derandomize=True)
ON_CI = os.environ.get("CI", "").casefold() == "true"
settings.load_profile("ci" if ON_CI else "home")  # on CI, what passes for one change passes for the next

pytest_plugins = ("tests.postgres", "tests.skips")

BACKENDS = ("memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands still until the test moves it."""
    return SetClock()


@pytest.fixture
def rules() -> Rules:
    """The default figures."""
    return Rules()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables of this version, and no rows."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    storage.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh, migrated database for one test."""
    path = tmp_path / "rdv.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def db(sqlite_url: str) -> AsyncIterator[Database]:
    """An empty SQLite file."""
    opened = storage.open_database(sqlite_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def postgres_of_the_session(postgres_server: "PostgresServer") -> str:
    """One migrated database, which each test finds empty: making one takes as long as a hundred tests."""
    return postgres_server.fresh_database()


@pytest.fixture
def empty_postgres(postgres_of_the_session: str) -> Callable[[], str]:
    """Empties the database of the session and returns its URL; numbers go on counting."""
    deletions = [str(table.delete()) for table in reversed(metadata.sorted_tables)]
    plain = make_url(postgres_of_the_session).set(drivername="postgresql").render_as_string(hide_password=False)

    def empty() -> str:
        with psycopg.connect(plain, options="-c lock_timeout=10s") as connection:
            connection.execute(";".join(deletions).encode())
        return postgres_of_the_session

    return empty


@pytest.fixture(params=BACKENDS)
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """An empty database of each kind in turn."""
    if request.param == "memory":
        opened: Database = MemoryDatabase()
    elif request.param == "sqlite":
        opened = storage.open_database(request.getfixturevalue("sqlite_url"))
    else:
        opened = storage.open_database(request.getfixturevalue("empty_postgres")())
    yield opened
    await opened.close()


@pytest.fixture
async def guide(database: Database) -> Guide:
    """The guide's people, in the database of the test."""
    return await database.write(store_guide)


@pytest.fixture
def memory() -> MemoryDatabase:
    """An empty database in memory."""
    return MemoryDatabase()
