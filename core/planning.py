"""Changing one's own availability (rule 2): nothing half-saved, and nobody's appointment left outside in silence."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from core.availability import AvailabilityRange
from core.errors import InThePast, NotFound, Stale, TooManyRanges
from core.people import Worker
from core.ports import Transaction
from core.range_drafts import RangeDraft, check_years, opens_on, range_from, start_on
from core.ranges import occurrences
from core.rules import MOST_RANGES
from core.series import Scope, changed, days_of, first_day_of_change, removed
from core.stranding import check_stranding
from core.times import instant, seconds_down, seconds_up

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


def add_range(tx: Transaction, actor: Worker, draft: RangeDraft, now: datetime) -> AvailabilityRange:
    """Add a range to the actor's own availability.

    Raises TooManyRanges, InThePast if it is over already, and as `range_from`.
    """
    ranges = tx.agendas.edit_ranges(actor.id)
    new = range_from(tx, actor, draft)
    if _is_over(new, now):
        raise InThePast
    _check_number(len(ranges) + 1)
    return tx.agendas.save_range(new)


def change_range(
    tx: Transaction,
    actor: Worker,
    range_id: int,
    day: date,
    scope: Scope,
    draft: RangeDraft,
    now: datetime,
    *,
    accepted: Collection[int] = frozenset(),
) -> None:
    """Change the actor's own range: its occurrence of `day`, that and the following, or all, past days included.

    `draft.first_day` is where that occurrence falls now: `day` itself if it stays. Of a series, ONE takes no heed of
    the draft's rule, and ALL moves the whole by as many days; what was skipped stays skipped, and a COUNT that was not
    changed goes on counting. `accepted` are the ids of the appointments that may be left outside.

    Raises:
        NotFound: no such range of the actor's.
        Stale: `day` is not one of its days any more.
        Strands: appointments inside the availability would lie outside, and are not all accepted.
        TooManyRanges: there is no room for the day or the days that are split off.
        RdvError: as `range_from`.
    """
    before = tx.agendas.edit_ranges(actor.id)
    series = _series(before, range_id, day)
    if scope is Scope.ONE and series.rule:
        draft = replace(draft, rule="")
    elif draft.rule:
        check_years(draft.first_day)
        draft = replace(draft, first_day=first_day_of_change(series, day, scope, draft.first_day))
    new = range_from(tx, actor, draft)
    _put(tx, before, series, changed(series, day, scope, new), accepted, now)


def remove_range(
    tx: Transaction,
    actor: Worker,
    range_id: int,
    day: date,
    scope: Scope,
    now: datetime,
    *,
    accepted: Collection[int] = frozenset(),
) -> None:
    """Remove from the actor's own range its occurrence of `day`, that and the following, or all, past days included.

    Raises NotFound, OutOfYears, Stale, Strands as `change_range`.
    """
    before = tx.agendas.edit_ranges(actor.id)
    series = _series(before, range_id, day)
    _put(tx, before, series, removed(series, day, scope), accepted, now)


def copy_day(tx: Transaction, actor: Worker, day: date, to: Sequence[date], now: datetime) -> list[AvailabilityRange]:
    """Add what the actor has on `day` to each day of `to`, as single days; return what was added.

    Wall time, place and kinds stay. What a day has already, and what a clock change skips there, is left out.
    Raises InThePast if a day is over, OutOfYears, TooManyRanges.
    """
    if any(target < _today(actor, now) for target in to):
        raise InThePast
    return _copy(tx, actor, [(day, target) for target in to], now)


def copy_week(
    tx: Transaction, actor: Worker, monday: date, to: Sequence[date], now: datetime
) -> list[AvailabilityRange]:
    """Add what the actor has in the week of `monday` to each week of `to`, day by day as `copy_day` does.

    Of the week that runs, the days to come. Raises InThePast if a week is over, OutOfYears, TooManyRanges.
    """
    for day in (monday, *to):
        check_years(day)
    weeks = [_monday(day) for day in to]
    if any(week + _WEEK <= _today(actor, now) for week in weeks):
        raise InThePast
    offsets = [timedelta(days=n) for n in range(7)]
    return _copy(tx, actor, [(_monday(monday) + n, week + n) for week in weeks for n in offsets], now)


def _series(ranges: Iterable[AvailabilityRange], range_id: int, day: date) -> AvailabilityRange:
    series = next((r for r in ranges if r.id == range_id), None)
    if series is None:
        raise NotFound
    check_years(day)
    if next(days_of(series, day), None) != day:
        raise Stale
    return series


def _put(
    tx: Transaction,
    before: Sequence[AvailabilityRange],
    series: AvailabilityRange,
    put: Sequence[AvailabilityRange],
    accepted: Collection[int],
    now: datetime,
) -> None:
    """Store what takes the place of the series."""
    after = [*(r for r in before if r.id != series.id), *put]
    if len(after) > len(before):
        _check_number(len(after))
    check_stranding(tx, series.worker_id, before, after, accepted, now)
    if all(r.id != series.id for r in put):
        tx.agendas.delete_range(series.worker_id, series.id)
    for r in put:
        if r != series:
            tx.agendas.save_range(r)


def _copy(tx: Transaction, actor: Worker, pairs: Sequence[tuple[date, date]], now: datetime) -> list[AvailabilityRange]:
    """Add to the second day of each pair what the first has."""
    for day in dict.fromkeys(day for pair in pairs for day in pair):
        check_years(day)
    today = _today(actor, now)
    ranges = tx.agendas.edit_ranges(actor.id)
    added = _copies(ranges, [(day, target) for day, target in pairs if target >= today])
    _check_number(len(ranges) + len(added))
    return [tx.agendas.save_range(new) for new in added]


def _copies(ranges: Iterable[AvailabilityRange], pairs: Sequence[tuple[date, date]]) -> list[AvailabilityRange]:
    """Return as single days, by day, what the second day of a pair lacks of the first."""
    targets: dict[date, list[date]] = {}
    for day, target in pairs:
        targets.setdefault(day, []).append(target)
    alike: dict[AvailabilityRange, list[AvailabilityRange]] = {}
    for r in ranges:
        alike.setdefault(_shape(r), []).append(r)
    added: list[AvailabilityRange] = []
    for shape, several in alike.items():
        wanted = [t for day in targets if any(opens_on(r, day) for r in several) for t in targets[day]]
        taken = _starts(several, wanted)
        lacking = (t for t in dict.fromkeys(wanted) if start_on(shape, t) not in taken)
        added += [replace(shape, first_day=target) for target in lacking]
    opened = (r for r in added if opens_on(r, r.first_day))
    return sorted(opened, key=lambda r: (r.first_day, r.starts, r.lasts, r.place_id or 0))


def _starts(ranges: Iterable[AvailabilityRange], days: Sequence[date]) -> set[int]:
    """Return when the ranges begin on these days, and on those between them, in seconds since 1970."""
    if not days:
        return set()
    first, last = (datetime.combine(day, time(), UTC) for day in (min(days) - _DAY, max(days) + 2 * _DAY))
    return {start for r in ranges for start, _ in occurrences(r, seconds_down(first), seconds_up(last))}


def _shape(r: AvailabilityRange) -> AvailabilityRange:
    """Return what two ranges have in common that open the same, each on its days."""
    return replace(r, id=0, first_day=date.min, rule="", except_days=frozenset())


def _check_number(count: int) -> None:
    if count > MOST_RANGES:
        raise TooManyRanges


def _is_over(new: AvailabilityRange, now: datetime) -> bool:
    """Tell whether the range has no day left; one that passes midnight may have begun yesterday."""
    yesterday = now.astimezone(ZoneInfo(new.zone)).date() - _DAY
    nearest = islice(days_of(new, yesterday), 2)
    return all(instant(day, new.starts, new.zone) + new.lasts <= now for day in nearest)


def _today(actor: Worker, now: datetime) -> date:
    return now.astimezone(ZoneInfo(actor.zone)).date()


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
