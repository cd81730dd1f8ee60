"""Running a state machine on any database: each run on one of its own."""

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

import storage
from core.ports import Database


def play(
    machine: Callable[[Callable[[], Database]], RuleBasedStateMachine],
    open_database: Callable[[], Database],
    *,
    runs: int,
    steps: int,
) -> None:
    """Run the machine at least `runs` times, each on a database that `open_database` makes."""
    opened = itertools.count()

    def fresh() -> Database:
        next(opened)
        return open_database()

    chosen = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(lambda: machine(fresh), settings=chosen)  # type: ignore[arg-type]
    assert next(opened) >= runs


def sqlite_copies(template: Path, folder: Path) -> Callable[[], Database]:
    """Return what opens a fresh copy of the file each time."""
    numbers = itertools.count()

    def fresh() -> Database:
        path = folder / f"{next(numbers)}.db"
        shutil.copyfile(template, path)
        return storage.open_database(f"sqlite:///{path}")

    return fresh
