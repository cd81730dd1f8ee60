"""Which database an address means."""

import subprocess
import sys
from pathlib import Path

import pytest

import storage
from storage.address import parse, sqlite_path
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase


@pytest.mark.parametrize(
    "address", ["sqlite:///var/rdv.db", "sqlite+pysqlite:///var/rdv.db", "sqlite+aiosqlite:///var/rdv.db"]
)
def test_sqlite_is_a_file(address: str) -> None:
    assert sqlite_path(parse(address)) == Path("var/rdv.db")


@pytest.mark.parametrize(
    "scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2", "postgresql+asyncpg"]
)
def test_postgresql_gets_our_driver(scheme: str) -> None:
    url = parse(f"{scheme}://u:p%40ss@db.example.org/rdv")
    assert (url.drivername, url.password, sqlite_path(url)) == ("postgresql+psycopg", "p@ss", None)


@pytest.mark.parametrize("address", ["", "rdv.db", "mysql://localhost/rdv", "sqlite://", "sqlite:///:memory:"])
def test_anything_else_is_refused_without_repeating_the_address(address: str) -> None:
    with pytest.raises(storage.UnknownDatabase, match="sqlite:///"):
        storage.open_database(address)


async def test_each_address_opens_its_database(tmp_path: Path) -> None:
    sqlite, postgres = (
        storage.open_database(f"sqlite:///{tmp_path}/rdv.db"),
        storage.open_database("postgresql://h/rdv"),
    )
    assert isinstance(sqlite, SqliteDatabase)
    assert isinstance(postgres, PostgresDatabase)
    await sqlite.close()
    await postgres.close()


def test_a_missing_file_is_not_current_and_not_made(tmp_path: Path) -> None:
    path = tmp_path / "rdv.db"
    assert not storage.is_current(f"sqlite:///{path}")
    assert not path.exists()


def test_starting_imports_neither_alembic_nor_another_databases_driver(sqlite_url: str) -> None:
    code = (
        "import sys, storage\n"
        f"assert storage.is_current({sqlite_url!r})\n"
        f"storage.open_database({sqlite_url!r})\n"
        "print(sorted({'alembic', 'psycopg', 'sqlalchemy.ext.asyncio'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"
