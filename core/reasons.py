"""Why a time is not offered ("Pourquoi pas à cette heure ?"), without anyone's private title."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.availability import Busy, BusyKind
from core.freetime import Facts, facts_of, region_of
from core.holidays import public_holidays
from core.obstacles import CLOSING, obstacles, occupying, open_anywhere, open_places
from core.people import Worker
from core.ports import Transaction
from core.rules import HORIZON, LONGEST, STEP, Rules
from core.times import Interval


class ReasonKind(StrEnum):
    """Why a time is not offered."""

    PAST = "past"
    TOO_FAR = "too_far"
    TOO_LONG = "too_long"
    OFF_STEP = "off_step"
    """Times are offered every quarter of an hour; this one can be typed."""
    OUTSIDE = "outside"
    TWO_PLACES = "two_places"
    """It is open, but he would have to change places halfway."""
    OTHER_KIND = "other_kind"
    """It is open, for other kinds of appointment."""
    ABSENCE = "absence"
    HOLIDAY = "holiday"
    APPOINTMENT = "appointment"
    HOLD = "hold"
    INVITATION = "invitation"
    """He has accepted to be at another appointment."""
    EXTERNAL = "external"
    NOTICE = "notice"
    BUFFER = "buffer"
    TRAVEL = "travel"
    FULL_DAY = "full_day"
    INVITEE = "invitee"
    """Someone else who must be there is not free."""


_OF_BUSY = {
    BusyKind.APPOINTMENT: ReasonKind.APPOINTMENT,
    BusyKind.ACCEPTED: ReasonKind.INVITATION,
    BusyKind.EXTERNAL: ReasonKind.EXTERNAL,
    BusyKind.HOLD: ReasonKind.HOLD,
    BusyKind.ABSENCE: ReasonKind.ABSENCE,
    BusyKind.PUBLIC_HOLIDAY: ReasonKind.HOLIDAY,
    BusyKind.NOTICE: ReasonKind.NOTICE,
    BusyKind.BUFFER: ReasonKind.BUFFER,
    BusyKind.TRAVEL: ReasonKind.TRAVEL,
    BusyKind.FULL_DAY: ReasonKind.FULL_DAY,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, in the agenda of `worker_id`.

    `during` is what lies there or too near, None where the reason is no stretch of time; `label` is the name of a
    public holiday, in the viewer's language.
    """

    kind: ReasonKind
    worker_id: int
    during: Interval | None = None
    label: str = ""


def reasons_against(
    tx: Transaction,
    worker_id: int,
    during: Interval,
    now: datetime,
    rules: Rules,
    *,
    kind: str = "",
    invitees: Sequence[int] = (),
    ignoring: int | None = None,
    viewer_id: int = 0,
) -> list[Reason]:
    """Return why this time is not offered: nothing exactly when `free_slots(..., everyone=bool(invitees))` offers it.

    Raises NotFound for an unknown worker.
    """
    facts = facts_of(tx, [worker_id, *invitees], during, now, rules)
    main = facts[worker_id]
    found = [Reason(k, worker_id) for k in (*_of_time(during, now), *_of_ranges(main, during, kind))]
    locale = tx.people.worker(viewer_id).locale if viewer_id else main.worker.locale
    found += [_reason(o, main.worker, rules, locale) for o in _closing(main, during, kind, ignoring, viewer_id)]
    for invitee in invitees:
        found += _of_invitee(facts[invitee], during, kind, ignoring, viewer_id)
    if found and found[0].kind is ReasonKind.PAST:  # nobody could have been told in time
        found = [r for r in found if r.kind is not ReasonKind.NOTICE]
    return found


def _of_time(during: Interval, now: datetime) -> Iterable[ReasonKind]:
    if during.start < now:
        yield ReasonKind.PAST
    if during.start > now + HORIZON:
        yield ReasonKind.TOO_FAR
    if during.duration > LONGEST:
        yield ReasonKind.TOO_LONG
    if during.start.timestamp() % STEP.total_seconds():
        yield ReasonKind.OFF_STEP


def _of_ranges(main: Facts, during: Interval, kind: str) -> Iterable[ReasonKind]:
    if open_places(main, during, kind):
        return
    if open_anywhere(main, during, kind):
        yield ReasonKind.TWO_PLACES
    elif open_anywhere(_for_any_kind(main), during):
        yield ReasonKind.OTHER_KIND
    else:
        yield ReasonKind.OUTSIDE


def _for_any_kind(facts: Facts) -> Facts:
    return replace(facts, ranges=[replace(r, kinds=frozenset()) for r in facts.ranges])


def _closing(main: Facts, during: Interval, kind: str, ignoring: int | None, viewer_id: int) -> Iterable[Busy]:
    """Return what closes the time at that of its places where the least does; only the way there differs."""
    at_each = (
        [
            o
            for o in obstacles(main, during, place_id=place_id, ignoring=ignoring, viewer_id=viewer_id)
            if o.kind in CLOSING
        ]
        for place_id in open_places(main, during, kind) or [None]
    )
    return min(at_each, key=len)


def _reason(o: Busy, worker: Worker, rules: Rules, locale: str) -> Reason:
    if o.kind is BusyKind.NOTICE:
        return Reason(ReasonKind.NOTICE, worker.id)
    label = ""
    if o.kind is BusyKind.PUBLIC_HOLIDAY:
        day = o.during.start.astimezone(ZoneInfo(worker.zone)).date()
        label = public_holidays(region_of(worker, rules), day, day, locale).get(day, "")
    return Reason(_OF_BUSY[o.kind], worker.id, o.during, label)


def _of_invitee(facts: Facts, during: Interval, kind: str, ignoring: int | None, viewer_id: int) -> Iterable[Reason]:
    """Return what keeps one invitee; of him no more is told than that he is not free."""
    worker_id = facts.worker.id
    if facts.ranges and not open_anywhere(facts, during, kind):
        yield Reason(ReasonKind.INVITEE, worker_id)
    for o in occupying(facts, during, ignoring=ignoring, viewer_id=viewer_id):
        if o.kind in CLOSING:
            yield Reason(ReasonKind.INVITEE, worker_id, o.during)
