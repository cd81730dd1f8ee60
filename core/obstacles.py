"""What stands in the way of a time: rule 3's table, for one time and for the sweep over many alike.

A worker's limits mean (none of them binds himself):

- notice: it begins that long after now, or later;
- buffers: what is new wants `before` free in front of it and `after` behind it. His own appointments, and those he has
  accepted to be at, want the same: two of them keep the longer of the two apart. An external event asks for nothing
  itself. Holds, absences and what is uncertain keep nobody off but where they are;
- travel: between appointments at two places that are known, so much more;
- daily maximum: of his own appointments, by the day of his zone on which they begin.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import chain
from operator import itemgetter
from zoneinfo import ZoneInfo

from core.availability import Busy, BusyKind, Span
from core.freetime import Facts, opened, opened_anywhere
from core.sweep import Stretch
from core.times import Interval, at_second, instant, seconds_down, seconds_up

_STORED = (
    BusyKind.APPOINTMENT,
    BusyKind.HOLD,
    BusyKind.ACCEPTED,
    BusyKind.EXTERNAL,
    BusyKind.ABSENCE,
    BusyKind.PUBLIC_HOLIDAY,
)
CLOSING = frozenset({*_STORED, BusyKind.NOTICE, BusyKind.BUFFER, BusyKind.TRAVEL, BusyKind.FULL_DAY})
"""What is not offered."""
MARKING = frozenset({BusyKind.TENTATIVE, BusyKind.PENDING})
"""What is offered, and marked."""
CLOSING_SPANS = frozenset(kind.value for kind in _STORED)
MARKING_SPANS = frozenset(kind.value for kind in MARKING)
_KIND = Span._fields.index("kind")
_BOUNDS = itemgetter(Span._fields.index("start"), Span._fields.index("end"))
_APPOINTMENT = BusyKind.APPOINTMENT.value
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_Margins = Mapping[str, tuple[int, int]]
"""By kind, how many seconds what is new must end before such a thing, and begin after it."""


def obstacles(
    facts: Facts, during: Interval, *, place_id: int | None = None, ignoring: int | None = None, viewer_id: int = 0
) -> list[Busy]:
    """Return what is in the way of an appointment in this worker's agenda, at `place_id`, by start.

    All that lies on it, and which of his limits it breaks; his ranges apart. Left out: the appointment being moved
    (`ignoring`) and what the viewer holds himself. Each `during` stays as it is while nothing changes, so that it can
    be confirmed: BUFFER and TRAVEL have that of what is too near, NOTICE the time asked for, FULL_DAY the whole day.
    """
    start, end = seconds_down(during.start), seconds_up(during.end)
    near, far = _margins(facts, travels=False), _margins(facts, travels=True)
    found: list[Busy] = []
    for span in (*standing(facts, ignoring, viewer_id), *_events(facts)):
        if span.start < end and start < span.end:
            found.append(_busy(span))
        elif _too_near(span, start, end, near):
            found.append(_busy(span, BusyKind.BUFFER))
        elif _elsewhere(span.place_id, place_id) and _too_near(span, start, end, far):
            found.append(_busy(span, BusyKind.TRAVEL))
    if facts.limits.notice and during.start < facts.now + facts.limits.notice:
        found.append(Busy(facts.worker.id, during, BusyKind.NOTICE))
    for begins, ends in full_days(facts, ignoring):
        if begins <= start < ends:
            found.append(Busy(facts.worker.id, Interval(at_second(begins), at_second(ends)), BusyKind.FULL_DAY))
    return sorted(found, key=lambda b: (b.during, b.kind))


def occupying(facts: Facts, during: Interval, *, ignoring: int | None = None, viewer_id: int = 0) -> list[Busy]:
    """Return what occupies this worker then, by start, when he is invited: his limits are for his own agenda."""
    start, end = seconds_down(during.start), seconds_up(during.end)
    spans = (*standing(facts, ignoring, viewer_id), *_events(facts))
    found = [_busy(span) for span in spans if span.start < end and start < span.end]
    return sorted(found, key=lambda b: (b.during, b.kind))


def open_places(facts: Facts, during: Interval, kind: str = "") -> list[int | None]:
    """Return the places at which `during` lies wholly inside the worker's ranges for this kind of appointment."""
    start, end = seconds_down(during.start), seconds_up(during.end)
    places = [
        place_id
        for place_id, pieces in opened(facts, start, end, kind).items()
        if any(begins <= start and end <= stops for begins, stops in pieces)
    ]
    return sorted(places, key=lambda place_id: place_id or 0)


def open_anywhere(facts: Facts, during: Interval, kind: str = "") -> bool:
    """Tell whether `during` lies wholly inside the worker's ranges for this kind, even if he changes places in it."""
    start, end = seconds_down(during.start), seconds_up(during.end)
    return any(begins <= start and end <= stops for begins, stops in opened_anywhere(facts, start, end, kind))


def standing(facts: Facts, ignoring: int | None, viewer_id: int) -> Sequence[Span]:
    """Return the worker's spans without the appointment being moved and what the viewer holds himself."""
    spans = facts.spans
    if ignoring:
        spans = [span for span in spans if span.appointment_id != ignoring]
    if viewer_id:
        spans = [span for span in spans if span.held_by != viewer_id]
    return spans


def bounds(facts: Facts, spans: Sequence[Span], kinds: frozenset[str]) -> Iterable[Stretch]:
    """Return the stretches of those spans, and of the external events, that are of these kinds, in no order."""
    present = {span[_KIND] for span in spans}
    if not present <= kinds:
        spans = [span for span in spans if span[_KIND] in kinds] if present & kinds else ()
    return chain(map(_BOUNDS, spans), *(zip(e.starts, e.ends, strict=True) for e in facts.events if e.kind in kinds))


def closed(facts: Facts, spans: Sequence[Span], place_id: int | None) -> Iterable[Stretch]:
    """Return the stretches on which no second of a new appointment at `place_id` may lie, in no order."""
    if facts.limits.before or facts.limits.after or facts.limits.travel:
        return _widened(facts, spans, place_id)
    return bounds(facts, spans, CLOSING_SPANS)


def full_days(facts: Facts, ignoring: int | None) -> Iterator[Stretch]:
    """Yield the days, by his zone, on which the worker has his daily maximum: no other may begin on them."""
    if not facts.limits.daily:
        return
    zone = ZoneInfo(facts.worker.zone)
    counted = Counter(
        datetime.fromtimestamp(span.start, zone).date()
        for span in facts.spans
        if span.kind == _APPOINTMENT and span.appointment_id != ignoring
    )
    for day, count in counted.items():
        if count >= facts.limits.daily:
            begins, ends = (seconds_down(instant(d, time(), facts.worker.zone)) for d in (day, day + _DAY))
            yield begins, ends


def _events(facts: Facts) -> Iterator[Span]:
    for worker_id, kind, starts, ends in facts.events:
        for start, end in zip(starts, ends, strict=True):
            yield Span(worker_id, start, end, kind, 0, 0, 0)


def _widened(facts: Facts, spans: Sequence[Span], place_id: int | None) -> Iterator[Stretch]:
    near, far = _margins(facts, travels=False), _margins(facts, travels=True)
    for _, start, end, kind, _, place, _ in chain(spans, _events(facts)):
        if kind in CLOSING_SPANS:
            before, after = (far if _elsewhere(place, place_id) else near)[kind]
            yield start - before, end + after


def _margins(facts: Facts, *, travels: bool) -> _Margins:
    before, after, travel = (
        -(-each // _SECOND) for each in (facts.limits.before, facts.limits.after, facts.limits.travel)
    )
    apart = max(before, after) + (travel if travels else 0)
    own = {BusyKind.APPOINTMENT.value: (apart, apart), BusyKind.ACCEPTED.value: (apart, apart)}
    return dict.fromkeys(CLOSING_SPANS, (0, 0)) | own | {BusyKind.EXTERNAL.value: (after, before)}


def _elsewhere(place: int, place_id: int | None) -> bool:
    return bool(place and place_id) and place != place_id


def _too_near(span: Span, start: int, end: int, margins: _Margins) -> bool:
    before, after = margins.get(span.kind, (0, 0))
    return span.start - before < end and start < span.end + after


def _busy(span: Span, kind: BusyKind | None = None) -> Busy:
    return Busy(
        worker_id=span.worker_id,
        during=Interval(at_second(span.start), at_second(span.end)),
        kind=kind or BusyKind(span.kind),
        appointment_id=span.appointment_id or None,
        place_id=span.place_id or None,
        held_by=span.held_by or None,
    )
