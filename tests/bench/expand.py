"""Row `ranges_expand`: 200 recurring ranges over twelve weeks as seconds since 1970, nothing remembered from before.

The baseline is dateutil with a start that was brought forward beforehand; it yields wall time, so it resolves no zone.
"""

import random
import statistics
import time
from datetime import UTC, date, datetime, timedelta

from dateutil.rrule import rrulestr

from core.availability import AvailabilityRange
from core.ranges import occurrences
from core.recurring import _fast_forward, _read
from tests.bench.freetime import forget
from tests.bench.row import emit
from tests.bench.weeks import END, START, WINDOW
from tests.builders import make_range

RANGES = 200
RUNS = 30
FIRST, LAST = WINDOW.start - timedelta(days=2), WINDOW.end + timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR")


def main() -> None:
    """Print the row."""
    ranges, first = _ranges(), FIRST.toordinal()
    begins = [date.fromordinal(_fast_forward(_read(r.rule), r.first_day.toordinal(), first)) for r in ranges]
    ours, plain = [], []
    for _ in range(RUNS):
        forget()
        begin = time.perf_counter()
        found = [occurrences(r, START, END) for r in ranges]
        middle = time.perf_counter()
        wall = [_wall_times(r, first_day) for r, first_day in zip(ranges, begins, strict=True)]
        plain.append((time.perf_counter() - middle) * 1000)
        ours.append((middle - begin) * 1000)
        if not 0 <= sum(map(len, wall)) - sum(map(len, found)) < 2 * RANGES:  # which reaches three days further
            raise AssertionError("the two have expanded different things")
    emit("ranges_expand", statistics.median(ours), "ms", "dateutil from a start nearby", statistics.median(plain))


def _wall_times(r: AvailabilityRange, begin: date) -> list[tuple[datetime, datetime]]:
    rule = rrulestr(r.rule, dtstart=datetime.combine(begin, r.starts, UTC))
    return [(start, start + r.lasts) for start in rule.between(FIRST, LAST, inc=True)]


def _ranges() -> list[AvailabilityRange]:
    """Return weekly ranges and some monthly ones, begun in the last four years; hardly two fall on the same days."""
    chance = random.Random(1285)  # noqa: S311 - the same in every run
    found = []
    for number in range(RANGES):
        days = ",".join(sorted(chance.sample(WEEKDAYS, chance.randrange(1, 6)), key=WEEKDAYS.index))
        weekly = f"FREQ=WEEKLY;INTERVAL={chance.choice((1, 1, 1, 2, 2, 3, 4))};BYDAY={days}"
        until = f";UNTIL={2027 + number % 3}0630T000000Z"
        rule = chance.choice((weekly, weekly + until, f"FREQ=MONTHLY;BYDAY={chance.choice(range(1, 5))}MO"))
        first_day = date(2021, 1, 4) + timedelta(days=7 * number)
        found.append(make_range(1, id=number, first_day=first_day, rule=rule))
    return found
