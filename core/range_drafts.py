"""What a form says of an availability range, checked and made into one."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.availability import AvailabilityRange
from core.errors import BadRule, EndsBeforeItStarts, NotFound, OutOfYears, RangeTooLong, SkippedTime, UnknownZone
from core.kinds import read_kinds
from core.people import Worker
from core.ports import Transaction
from core.ranges import occurrences
from core.repetition import parts_of, starting
from core.rules import FIRST_YEAR, LAST_YEAR
from core.text import quoted
from core.times import instant, seconds_up
from core.zones import is_zone

_LONGEST = timedelta(hours=24)
_UNTIL = re.compile(r"(\d{8})(T\d{6}Z?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class RangeDraft:
    """What somebody asks for: wall time of `zone`, an IANA name; `rule` is an RRULE over days, "" for a single day.

    The UNTIL of the rule is its last day, whatever time stands with it.
    """

    first_day: date
    starts: time
    lasts: timedelta
    place_id: int | None
    kinds: frozenset[str]
    rule: str
    zone: str


def range_from(tx: Transaction, worker: Worker, draft: RangeDraft) -> AvailabilityRange:
    """Return the worker's range, not stored yet; it begins on `first_day` or the next day that suits its rule.

    Raises:
        UnknownZone: no IANA name.
        EndsBeforeItStarts, RangeTooLong: it lasts no time, or more than 24 hours.
        OutOfYears: its first day or its UNTIL is not within 1970 to 2100.
        UnknownRule: nothing that repeats over days.
        SkippedTime: a single day on which a clock change leaves nothing of it.
        NotFound: no such place.
        BadText, TextTooLong, TooManyKinds: the kinds cannot be kept.
    """
    if not is_zone(draft.zone):
        raise UnknownZone(quoted(draft.zone))
    if draft.lasts <= timedelta(0):
        raise EndsBeforeItStarts
    if draft.lasts > _LONGEST:
        raise RangeTooLong
    check_years(draft.first_day)
    if draft.place_id is not None and tx.places.find(draft.place_id) is None:
        raise NotFound
    first_day, rule = draft.first_day, ""
    if draft.rule.strip():
        first_day, rule = starting(draft.rule, first_day, draft.starts, _last_day(draft.rule))
    found = AvailabilityRange(
        id=0,
        worker_id=worker.id,
        place_id=draft.place_id,
        first_day=first_day,
        starts=draft.starts.replace(tzinfo=None, fold=0),
        lasts=draft.lasts,
        zone=draft.zone,
        rule=rule,
        kinds=read_kinds(sorted(draft.kinds)),
    )
    if not rule and not opens_on(found, first_day):
        raise SkippedTime(f"{draft.starts:%H:%M}")
    return found


def check_years(day: date) -> None:
    """Return if the day lies within 1970 to 2100. Raises OutOfYears."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutOfYears(FIRST_YEAR, LAST_YEAR)


def opens_on(found: AvailabilityRange, day: date) -> bool:
    """Tell whether the range takes place on `day`; not if a clock change skips all of it."""
    begins = start_on(found, day)
    return any(start == begins for start, _ in occurrences(found, begins, begins + 1))


def start_on(found: AvailabilityRange, day: date) -> int:
    """Return when the range would begin on `day`, in seconds since 1970."""
    return seconds_up(instant(day, found.starts, found.zone))


def _last_day(rule: str) -> date | None:
    text = parts_of(rule).get("UNTIL")
    if text is None:
        return None
    written = _UNTIL.fullmatch(text)
    try:
        last_day = datetime.strptime(written.group(1), "%Y%m%d").replace(tzinfo=UTC).date() if written else None
    except ValueError:
        last_day = None
    if last_day is None:
        raise BadRule(quoted(rule))
    check_years(last_day)
    return last_day
