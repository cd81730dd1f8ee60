"""How much of what people offer is booked: hours by worker, place and week, for a manager."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from core.errors import EndsBeforeItStarts, ForManagers, InThePast, PeriodTooLong, TooFarAhead
from core.freetime import region_of
from core.holidays import public_holidays
from core.people import Worker
from core.ports import Transaction
from core.ranges import occurrences
from core.rules import Rules
from core.sweep import Stretch, joined
from core.times import Interval, at_second
from core.weeks import Weeks, mondays, shared, stretch

LONGEST_PERIOD = timedelta(days=366)
_NONE = timedelta(0)
_OFFERED, _BOOKED, _CANCELLED = range(3)
_Shares = list[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Hours:
    """Elapsed time: what someone offered, what of his time is booked, what was booked and cancelled."""

    offered: timedelta = _NONE
    booked: timedelta = _NONE
    cancelled: timedelta = _NONE

    def __add__(self, other: "Hours") -> "Hours":
        """Return both together."""
        return Hours(self.offered + other.offered, self.booked + other.booked, self.cancelled + other.cancelled)

    @property
    def rate(self) -> float | None:
        """The booked share of what was offered, None of nothing; past 1 for who books himself outside his ranges."""
        return self.booked / self.offered if self.offered else None


@dataclass(frozen=True, slots=True)
class Row:
    """One worker at one place (None: none was given) in one week, which its Monday stands for."""

    worker_id: int
    place_id: int | None
    monday: date
    hours: Hours


@dataclass(frozen=True, slots=True)
class Occupation:
    """The figures from `first` up to and with `last`, days in each worker's own zone.

    `rows` are those with hours, by worker as in `workers`, week and place id. Where ranges of two places overlap, the
    row of each place has the hours and `weeks` (by worker and Monday) has them once: rows may add up to more.
    """

    first: date
    last: date
    workers: tuple[Worker, ...]
    rows: tuple[Row, ...]
    weeks: Mapping[tuple[int, date], Hours]

    @property
    def mondays(self) -> tuple[date, ...]:
        """The weeks that the period touches, those without hours too."""
        return tuple(mondays(self.first, self.last))

    @property
    def total(self) -> Hours:
        """Everybody's hours in the whole period."""
        return sum(self.weeks.values(), Hours())

    def of_worker(self, worker_id: int) -> Hours:
        """Return one worker's hours in the whole period."""
        return sum((hours for (owner, _), hours in self.weeks.items() if owner == worker_id), Hours())

    def of_week(self, monday: date) -> Hours:
        """Return everybody's hours in one week."""
        return sum((hours for (_, found), hours in self.weeks.items() if found == monday), Hours())

    def of_place(self, place_id: int | None) -> Hours:
        """Return everybody's hours at one place in the whole period."""
        return sum((row.hours for row in self.rows if row.place_id == place_id), Hours())


def occupation(tx: Transaction, actor: Worker, first: date, last: date, now: datetime, rules: Rules) -> Occupation:
    """Return the figures of all active workers, for a manager.

    Raises:
        ForManagers: the actor is none.
        EndsBeforeItStarts, PeriodTooLong, InThePast, TooFarAhead: there is no such period.
    """
    if not tx.people.worker(actor.id).manager:
        raise ForManagers
    return figures(tx, tx.people.workers(), first, last, now, rules)


def figures(
    tx: Transaction, workers: Sequence[Worker], first: date, last: date, now: datetime, rules: Rules
) -> Occupation:
    """Return the figures of these workers, without asking who wants them.

    Offered are the ranges as they are today, without absences and public holidays. Booked and cancelled are the
    appointments in each one's own agenda, at their own place, as far as they lie inside the period. Raises as
    `occupation` does.
    """
    _check(first, last)
    periods = {w.id: period for w in workers if (period := Weeks.of(first, last, w.zone)) is not None}
    rows: dict[tuple[int, int | None, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    weeks: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    for worker_id, places, everywhere in _offered(tx, workers, periods, (first, last), rules):
        for place_id, offered in places.items():
            for monday, lasts in offered:
                rows[worker_id, place_id, monday][_OFFERED] += lasts
        for monday, lasts in everywhere:
            weeks[worker_id, monday][_OFFERED] += lasts
    for figure in tx.appointments.figures([*periods], _whole(periods), now) if periods else ():
        kind = _CANCELLED if figure.cancelled else _BOOKED
        for monday, lasts in periods[figure.worker_id].shares([stretch(figure.during)]):
            rows[figure.worker_id, figure.place_id, monday][kind] += lasts
            weeks[figure.worker_id, monday][kind] += lasts
    order = {w.id: number for number, w in enumerate(workers)}
    keys = sorted((k for k, lasts in rows.items() if any(lasts)), key=lambda k: (order[k[0]], k[2], k[1] or 0))
    found = tuple(Row(worker, place, monday, _hours(rows[worker, place, monday])) for worker, place, monday in keys)
    by_week = {k: _hours(lasts) for k, lasts in weeks.items() if any(lasts)}
    return Occupation(first, last, tuple(workers), found, by_week)


def _offered(
    tx: Transaction, workers: Sequence[Worker], periods: Mapping[int, Weeks], days: tuple[date, date], rules: Rules
) -> Iterator[tuple[int, dict[int | None, _Shares], _Shares]]:
    """Yield each worker's seconds on offer: of each place by week, and by week whatever the place."""
    if not periods:
        return
    ranges = tx.agendas.ranges_of([*periods])
    absences = tx.agendas.absences([*periods], _whole(periods))
    for worker in (w for w in workers if w.id in periods):
        period = periods[worker.id]
        away = [stretch(a.during) for a in absences if a.worker_id == worker.id]
        holidays = (Weeks.of(day, day, worker.zone) for day in public_holidays(region_of(worker, rules), *days))
        closed = joined([*away, *(day.during for day in holidays if day is not None)])
        places: dict[int | None, list[Stretch]] = defaultdict(list)
        for r in ranges:
            if r.worker_id == worker.id:
                places[r.place_id] += occurrences(r, *period.during)
        by_place = {place_id: _open(pieces, closed, period) for place_id, pieces in places.items()}
        yield worker.id, by_place, _open([piece for pieces in places.values() for piece in pieces], closed, period)


def _open(pieces: Iterable[Stretch], closed: Sequence[Stretch], period: Weeks) -> _Shares:
    """Return how long the pieces last together in each week, then, to be taken off, what of them is closed."""
    opened = joined(pieces)
    return [*period.shares(opened), *((monday, -lasts) for monday, lasts in period.shares(shared(opened, closed)))]


def _whole(periods: Mapping[int, Weeks]) -> Interval:
    starts, ends = zip(*(period.during for period in periods.values()), strict=True)
    return Interval(at_second(min(starts)), at_second(max(ends)))


def _hours(seconds: Sequence[int]) -> Hours:
    return Hours(*(timedelta(seconds=each) for each in seconds))


def _check(first: date, last: date) -> None:
    if first.year <= MINYEAR:
        raise InThePast
    if last.year >= MAXYEAR:
        raise TooFarAhead
    if last < first:
        raise EndsBeforeItStarts
    if last - first >= LONGEST_PERIOD:
        raise PeriodTooLong
