"""The migrations and the tables say the same, up and down, and every step keeps overlaps out (rule 1)."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import IntegrityError

import storage
from storage.database import HEAD
from storage.migrations.run import config
from storage.tables import metadata
from tests.storage.conftest import Plain, plain
from tests.storage.migrated import claim, fill, instant, times

SCRIPTS = ScriptDirectory.from_config(config())
STEPS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
CLAIMS_SINCE = "0002"


def test_the_head_that_starting_knows_is_the_newest_migration() -> None:
    assert SCRIPTS.get_heads() == [HEAD]


def test_going_up_makes_exactly_the_tables(empty_url: str) -> None:
    assert not storage.is_current(empty_url)
    storage.migrate(empty_url)
    assert storage.is_current(empty_url)
    with plain(empty_url).engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_checks_are_those_of_the_tables(empty_url: str) -> None:
    storage.migrate(empty_url)
    with plain(empty_url).engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.sorted_tables:
            stored = {check["name"] for check in inspector.get_check_constraints(table.name)}
            wanted = {c.name for c in table.constraints if isinstance(c, sa.CheckConstraint)}
            assert stored == wanted, table.name


def test_going_down_takes_everything_away(empty_url: str) -> None:
    storage.migrate(empty_url)
    storage.downgrade(empty_url, "base")
    assert not storage.is_current(empty_url)
    with plain(empty_url).engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
    storage.migrate(empty_url)
    assert storage.is_current(empty_url)


@pytest.mark.slow
def test_each_step_goes_up_down_and_up_again(empty_url: str) -> None:
    for before, step in zip(["base", *STEPS], STEPS, strict=False):
        storage.migrate(empty_url, step)
        with plain(empty_url).engine.connect() as connection:
            made = set(sa.inspect(connection).get_table_names())
        storage.downgrade(empty_url, before)
        storage.migrate(empty_url, step)
        with plain(empty_url).engine.connect() as connection:
            assert set(sa.inspect(connection).get_table_names()) == made
    assert storage.is_current(empty_url)


def test_migrating_twice_changes_nothing(url: str) -> None:
    storage.migrate(url)
    assert storage.is_current(url)


def test_a_step_that_fails_leaves_nothing_behind(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("in the middle")

    storage.migrate(empty_url, "0001")
    monkeypatch.setattr("alembic.op.create_index", broken)
    with pytest.raises(RuntimeError, match="in the middle"):
        storage.migrate(empty_url)
    with plain(empty_url).engine.connect() as connection:
        assert not sa.inspect(connection).has_table("appointments")


@pytest.fixture(
    params=[
        *((step, "up") for step in STEPS if step >= CLAIMS_SINCE),
        *((step, "down") for step in STEPS if CLAIMS_SINCE <= step < HEAD),
    ],
    ids="-".join,
)
def run(request: pytest.FixtureRequest, empty_url: str) -> Iterator[Plain]:
    """One worker with two claims on a day, at each migration that knows of claims, reached from both sides."""
    step, way = request.param
    if way == "down":
        storage.migrate(empty_url)
        storage.downgrade(empty_url, step)
    else:
        storage.migrate(empty_url, step)
    sql = plain(empty_url)
    fill(sql)
    yield sql
    sql.engine.dispose()


@pytest.mark.slow
def test_an_overlap_cannot_be_inserted_moved_into_or_revived(run: Plain) -> None:
    """All on one database for each step: making it takes longest."""
    _an_overlap_cannot_be_inserted(run)
    _an_overlap_cannot_be_moved_into(run)
    _an_overlap_cannot_be_revived(run)
    _touching_claims_can_be_inserted(run)


def _an_overlap_cannot_be_inserted(run: Plain) -> None:
    for start, end in ((10, 12), (9, 11), (11, 13), (9, 17), (11, 12), (13, 15), (12, 17)):
        with pytest.raises(IntegrityError):
            claim(run, 3, start, end)
    assert len(run("SELECT id FROM claims")) == 2


def _an_overlap_cannot_be_moved_into(run: Plain) -> None:
    for start, end in ((10, 12), (11, 14), (9, 20)):
        with pytest.raises(IntegrityError):
            _move(run, 2, start, end)
    _move(run, 2, 15, 17)
    _move(run, 2, 12, 14)
    assert len(run("SELECT id FROM claims WHERE starts_at = :at", at=instant(run, 12))) == 1
    _move(run, 2, 14, 16)


def _an_overlap_cannot_be_revived(run: Plain) -> None:
    run("DELETE FROM claims WHERE appointment_id = 1")
    claim(run, 3, 11, 12)
    with pytest.raises(IntegrityError):
        claim(run, 1, 10, 12)
    run("DELETE FROM claims WHERE appointment_id = 3")
    claim(run, 1, 10, 12)
    assert len(run("SELECT id FROM claims")) == 2


def _touching_claims_can_be_inserted(run: Plain) -> None:
    claim(run, 3, 12, 14)
    assert len(run("SELECT id FROM claims")) == 3


def _move(run: Plain, appointment: int, start: int, end: int) -> None:
    run(
        "UPDATE claims SET starts_at = :starts, ends_at = :ends WHERE appointment_id = :appointment",
        appointment=appointment,
        **times(run, start, end),
    )
