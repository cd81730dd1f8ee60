"""What decides about workers' free time, read for all of them at once: a handful of queries, however many they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from operator import attrgetter

from core.availability import Absence, AvailabilityRange, BusyKind, EventSpans, Limits, Span
from core.errors import NotFound
from core.holidays import public_holidays
from core.kinds import takes
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from core.ranges import occurrences
from core.rules import Rules
from core.sweep import Stretch, joined
from core.times import Interval, instant, seconds_down, seconds_up

_DAY = timedelta(days=1)
_WORKER_ID = attrgetter("worker_id")
_LONGEST_DAY = timedelta(hours=48)
"""No local day lasts longer: clocks have been put by a whole day at most."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about one worker's free time at `now`, around the window it was read for.

    `spans` hold, beside what `Agendas.spans` returns, his absences and the public holidays of his region, as ABSENCE
    and PUBLIC_HOLIDAY; `events` are his external events. `limits` are his own or the organisation's.
    """

    worker: Worker
    limits: Limits
    ranges: Sequence[AvailabilityRange]
    spans: Sequence[Span]
    events: Sequence[EventSpans]
    now: datetime


def facts_of(
    tx: Transaction, worker_ids: Iterable[int], window: Interval, now: datetime, rules: Rules
) -> dict[int, Facts]:
    """Return the facts about each of these workers, for times inside `window`.

    They reach as far beyond it as anyone's limits do. Raises NotFound for an unknown worker.
    """
    ids = list(dict.fromkeys(worker_ids))
    found = tx.people.find(PartyRef(PartyKind.WORKER, worker_id) for worker_id in ids)
    workers = {person.id: person for person in found.values() if isinstance(person, Worker)}
    if len(workers) < len(ids):
        raise NotFound
    own_limits = tx.agendas.limits(ids)
    limits = {worker_id: own_limits.get(worker_id, rules.limits) for worker_id in ids}
    around = _around(window, limits.values())
    ranges: dict[int, list[AvailabilityRange]] = {worker_id: [] for worker_id in ids}
    for r in tx.agendas.ranges_of(ids):
        ranges[r.worker_id].append(r)
    spans: dict[int, list[Span]] = {worker_id: [] for worker_id in ids}
    for worker_id, some in groupby(tx.agendas.spans(ids, around, now), key=_WORKER_ID):
        spans[worker_id] += some
    events: dict[int, list[EventSpans]] = {worker_id: [] for worker_id in ids}
    for some_events in tx.agendas.event_spans(ids, around):
        events[some_events.worker_id].append(some_events)
    for absence in tx.agendas.absences(ids, around):
        spans[absence.worker_id].append(_absent(absence))
    for worker_id in ids:
        spans[worker_id] += _holidays(workers[worker_id], around, rules)
    return {w: Facts(workers[w], limits[w], ranges[w], spans[w], events[w], now) for w in ids}


def region_of(worker: Worker, rules: Rules) -> str:
    """Return the region whose public holidays the worker has, "" for none."""
    return worker.region or rules.region


def opened(facts: Facts, start: int, end: int, kind: str) -> dict[int | None, list[Stretch]]:
    """Return what is open for an appointment of `kind` from `start` to `end`, by place.

    Stretches of one place that overlap or touch are one. Raises UnknownRule.
    """
    found: dict[int | None, list[Stretch]] = {}
    for r in _fitting(facts, kind):
        found.setdefault(r.place_id, []).extend(occurrences(r, start, end))
    return {place_id: joined(pieces) for place_id, pieces in found.items()}


def opened_anywhere(facts: Facts, start: int, end: int, kind: str) -> list[Stretch]:
    """Return the same whatever the place. Raises UnknownRule."""
    return joined(piece for r in _fitting(facts, kind) for piece in occurrences(r, start, end))


def _fitting(facts: Facts, kind: str) -> Iterable[AvailabilityRange]:
    return (r for r in facts.ranges if takes(r.kinds, kind))


def _around(window: Interval, limits: Iterable[Limits]) -> Interval:
    """Return the window with all that may matter to a time in it: neighbours, and the days it lies on."""
    reach = max((max(each.before, each.after) + each.travel for each in limits), default=timedelta(0))
    if any(each.daily for each in limits):
        reach = max(reach, _LONGEST_DAY)
    return Interval(window.start - reach, window.end + reach)


def _absent(absence: Absence) -> Span:
    start, end = seconds_down(absence.during.start), seconds_up(absence.during.end)
    return Span(absence.worker_id, start, end, BusyKind.ABSENCE.value, 0, 0, 0)


def _holidays(worker: Worker, window: Interval, rules: Rules) -> Iterable[Span]:
    first, last = window.start.date() - _DAY, window.end.date() + _DAY  # of UTC, from which no zone is further
    for day in public_holidays(region_of(worker, rules), first, last):
        start, end = (seconds_down(instant(d, time(), worker.zone)) for d in (day, day + _DAY))
        if start < end:  # Apia once left a day out
            yield Span(worker.id, start, end, BusyKind.PUBLIC_HOLIDAY.value, 0, 0, 0)
