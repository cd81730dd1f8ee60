"""Rows `free_slots_one`, `free_slots_all` and the same against portion: eight people, twelve weeks, from memory.

Wall time is resolved by the same function on both sides, and nothing that was remembered of it is left between runs.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence

import portion

from core import ranges, recurring
from core.availability import AvailabilityRange
from core.freetime import Facts
from core.offers import Wanted, offered
from tests.bench.row import emit
from tests.bench.weeks import (
    END,
    LASTS,
    LASTS_SECONDS,
    NOW,
    PEOPLE,
    START,
    STEP,
    WINDOW,
    Stretch,
    bare_sweep,
    busy_in,
    facts_about,
)

RUNS = 40
RUNS_OF_PORTION = 5
WANTED = Wanted(WINDOW, LASTS, NOW)


def main() -> None:
    """Print the rows."""
    everyone = [facts_about(person) for person in range(1, PEOPLE + 1)]
    for name, people in (("one", everyone[:1]), ("all", everyone)):
        if not _ours(people) or not _ours(people) == _bare(people) == _by_portion(people):
            raise AssertionError("three ways to find free time have found three times")
        ours, bare = _alternating(RUNS, lambda p=people: _ours(p), lambda p=people: _bare(p))
        what = "a bare union sweep of all eight" if name == "all" else "a bare sweep of one person"
        emit(f"free_slots_{name}", ours, "ms", what, bare)
        ours, other = _alternating(RUNS_OF_PORTION, lambda p=people: _ours(p), lambda p=people: _by_portion(p))
        who = "all eight" if name == "all" else "one person"
        emit(f"free_slots_portion_{name}", other, "ms by portion", f"ours, {who}", ours)


def _ours(people: Sequence[Facts]) -> list[int]:
    return [at for at, _ in offered(WANTED, people[0], people[1:]).starts()]


def _bare(people: Sequence[Facts]) -> list[int]:
    return bare_sweep(people, _expanded)


def _by_portion(people: Sequence[Facts]) -> list[int]:
    free = portion.closedopen(START, END + LASTS_SECONDS)
    for facts in people:
        opened = portion.Interval(*(portion.closedopen(*piece) for r in facts.ranges for piece in _expanded(r)))
        busy = portion.Interval(*(portion.closedopen(*stretch) for stretch in busy_in(facts)))
        free &= opened - busy
    found: list[int] = []
    for piece in free:
        first = -(-piece.lower // STEP) * STEP
        found += range(first, min(piece.upper - LASTS_SECONDS + 1, END), STEP)
    return found


def _expanded(r: AvailabilityRange) -> Iterable[Stretch]:
    return ranges.occurrences(r, START, END + LASTS_SECONDS)


def _alternating(runs: int, *works: Callable[[], object]) -> list[float]:
    """Return the median milliseconds of each, measured in turn."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for times, work in zip(found, works, strict=True):
            forget()
            begin = time.perf_counter()
            work()
            times.append((time.perf_counter() - begin) * 1000)
    return [statistics.median(times) for times in found]


def forget() -> None:
    """Drop what was remembered of rules and zones."""
    recurring._days_from.cache_clear()
    recurring._read.cache_clear()
    ranges._offset.cache_clear()
