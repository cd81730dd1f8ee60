"""What every test may ask for, and what a skipped test means on CI."""

import os
import shutil
from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
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

pytest_plugins = ("tests.postgres",)

BACKENDS = ("memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "may_skip: may be skipped on CI too")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """On CI every test can run: one that is skipped has failed."""
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and _on_ci() and item.get_closest_marker("may_skip") is None:
        report.outcome = "failed"
        report.longrepr = f"skipped on CI: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    report = yield
    if report.outcome == "skipped" and _on_ci():
        report.outcome = "failed"
        report.longrepr = f"skipped on CI: {_reason(report)}"
    return report


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


@pytest.fixture(scope="session")
def postgres_of_the_session(postgres_server: "PostgresServer") -> str:
    """One migrated database, which each test finds empty: making one takes as long as a hundred tests."""
    return postgres_server.fresh_database()


@pytest.fixture
def emptied_postgres_url(postgres_of_the_session: str) -> str:
    """The database of the session, without rows; numbers go on counting."""
    deletions = [str(table.delete()) for table in reversed(metadata.sorted_tables)]
    plain = make_url(postgres_of_the_session).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, options="-c lock_timeout=10s") as connection:
        connection.execute(";".join(deletions).encode())
    return postgres_of_the_session


@pytest.fixture(params=BACKENDS)
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """An empty database of each kind in turn."""
    if request.param == "memory":
        opened: Database = MemoryDatabase()
    else:
        fixture = {"sqlite": "sqlite_url", "postgres": "emptied_postgres_url"}[request.param]
        opened = storage.open_database(request.getfixturevalue(fixture))
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


def _on_ci() -> bool:
    return os.environ.get("CI", "").casefold() == "true"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    found = report.longrepr
    return str(found[2]) if isinstance(found, tuple) else str(found)
