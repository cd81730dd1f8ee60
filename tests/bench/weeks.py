"""The twelve weeks of eight people in which free time is looked for, and what finds it without us."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from core.availability import AvailabilityRange, BusyKind, EventSpans, Limits
from core.freetime import Facts
from core.people import Worker
from core.times import Interval, seconds_down
from tests.builders import WORK_DAYS, make_range, make_worker

PEOPLE = 8
WEEKS = 12
A_WEEK = 40
LASTS = timedelta(minutes=45)
LASTS_SECONDS = int(LASTS.total_seconds())
FIRST = date(2026, 3, 2)
"""A Monday; the clocks change on the fourth Sunday after it."""
NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
WINDOW = Interval.lasting(datetime(2026, 3, 1, 23, tzinfo=UTC), timedelta(weeks=WEEKS))
START, END = seconds_down(WINDOW.start), seconds_down(WINDOW.end)
STEP = 900

Stretch = tuple[int, int]
Expand = Callable[[AvailabilityRange], Iterable[Stretch]]


def ranges_of(person: int) -> list[AvailabilityRange]:
    """Return Monday to Friday from 9 to 12 and from 13 to 17; each person has begun on another day."""
    first = date(2026, 1, 5) + timedelta(days=person)
    return [
        make_range(person, id=2 * person, first_day=first, starts=time(9), lasts=timedelta(hours=3), rule=WORK_DAYS),
        make_range(
            person, id=2 * person + 1, first_day=first, starts=time(13), lasts=timedelta(hours=4), rule=WORK_DAYS
        ),
    ]


def busy_of(person: int) -> list[Stretch]:
    """Return forty stretches a week, of ten minutes to half an hour on working days before four, in no order."""
    chance = random.Random(person)  # noqa: S311 - the same in every run
    found = []
    for week in range(WEEKS):
        for _ in range(A_WEEK):
            day, quarter = chance.randrange(5), chance.randrange(8 * 4, 15 * 4)
            start = START + (week * 7 + day) * 86_400 + quarter * STEP + chance.choice((0, 300, 600))
            found.append((start, start + chance.choice((10, 15, 30)) * 60))
    return found


def facts_about(person: int) -> Facts:
    """Return what `core.freetime.facts_of` would read of this person."""
    worker: Worker = make_worker(f"worker{person}", id=person)
    starts, ends = zip(*busy_of(person), strict=True)
    events = [EventSpans(person, BusyKind.EXTERNAL.value, list(starts), list(ends))]
    return Facts(worker, Limits(), ranges_of(person), [], events, NOW)


def busy_in(facts: Facts) -> Iterator[Stretch]:
    """Yield what occupies this person."""
    for _, _, starts, ends in facts.events:
        yield from zip(starts, ends, strict=True)


def bare_sweep(people: Sequence[Facts], expand: Expand) -> list[int]:
    """Return the starts by the plainest sweep: all that closes is sorted, and what lies between is free."""
    closed = [stretch for facts in people for stretch in busy_in(facts)]
    for facts in people:
        at = START
        for start, end in sorted(piece for r in facts.ranges for piece in expand(r)):
            if start > at:
                closed.append((at, start))
            at = max(at, end)
        closed.append((at, END + LASTS_SECONDS))
    closed.sort()
    found: list[int] = []
    at = START
    for start, end in closed:
        if start - at >= LASTS_SECONDS:
            first = -(-at // STEP) * STEP
            found += range(first, min(start - LASTS_SECONDS + 1, END), STEP)
        if end > at:  # noqa: PLR1730 - a call would cost more than the rest of the sweep
            at = end
    return found
