"""What is wanted, read from the form's values, and looked up: who, how long, when, where."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.errors import EndsBeforeItStarts
from core.finding import Search
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from core.times import Interval, instant
from handlers import forms
from handlers.booking import fields as booking
from handlers.booking.chosen import Misread
from handlers.booking.draft import DEFAULT_DURATION
from handlers.finding import fields
from handlers.forms import many, one, whole
from handlers.i18n import Texts
from handlers.ui import Value

WEEKS = (2, 4, 12)
"""How many weeks ahead may be searched; also the values of the field."""
_SINCE = timedelta(weeks=4)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form's values; None or "" where nothing is chosen."""

    nonce: str = ""
    main: int | None = None
    required: tuple[int, ...] = ()
    optional: tuple[int, ...] = ()
    duration: timedelta = DEFAULT_DURATION
    period: str = str(WEEKS[0])
    since: str = ""
    after: str = ""
    before: str = ""
    place: str = fields.ANYWHERE
    kind: str = ""
    slot: str = ""
    why: bool = False
    day: str = ""
    starts: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """The workers that are meant, as they are: who has left is not among them; nobody is there twice."""

    main: Worker | None
    required: tuple[Worker, ...]
    optional: tuple[Worker, ...]

    @property
    def all(self) -> tuple[Worker, ...]:
        """Everyone, the main worker first."""
        return ((self.main,) if self.main else ()) + self.required + self.optional


def read_wanted(nonce: str, values: Mapping[str, Value]) -> Wanted:
    """Return what a form sent."""
    minutes = whole(one(values, booking.DURATION))
    return Wanted(
        nonce=nonce,
        main=whole(one(values, fields.MAIN)),
        required=_numbers(many(values, fields.REQUIRED)),
        optional=_numbers(many(values, fields.OPTIONAL)),
        duration=timedelta(minutes=minutes) if minutes and minutes <= 24 * 60 else DEFAULT_DURATION,
        period=one(values, fields.PERIOD) or str(WEEKS[0]),
        since=one(values, fields.SINCE),
        after=one(values, fields.AFTER),
        before=one(values, fields.BEFORE),
        place=one(values, fields.PLACE) or fields.ANYWHERE,
        kind=one(values, booking.KIND),
        slot=one(values, fields.SLOT),
        why=one(values, fields.WHY) == "yes",
        day=one(values, booking.DATE),
        starts=one(values, booking.FROM),
        ends=one(values, booking.UNTIL),
    )


def people_of(tx: Transaction, wanted: Wanted) -> People:
    """Return who is meant."""
    ids = [wanted.main or 0, *wanted.required, *wanted.optional]
    found = tx.people.find(PartyRef(PartyKind.WORKER, w) for w in ids)
    known = {w.id: w for w in found.values() if isinstance(w, Worker) and w.active}
    required = [w for w in dict.fromkeys(wanted.required) if w in known and w != wanted.main]
    optional = [w for w in dict.fromkeys(wanted.optional) if w in known and w not in {wanted.main, *required}]
    return People(known.get(wanted.main or 0), tuple(known[w] for w in required), tuple(known[w] for w in optional))


def search_of(wanted: Wanted, people: People, texts: Texts, now: datetime) -> Search | Misread:
    """Return the search that is asked for, or what is wrong with which field."""
    if people.main is None:
        return Misread(fields.MAIN, texts.t("Choose the main worker."))
    window = _window(wanted, texts, now)
    if isinstance(window, Misread):
        return window
    hours = _hours(wanted, texts)
    if isinstance(hours, Misread):
        return hours
    return Search(
        main_id=people.main.id,
        required=tuple(w.id for w in people.required),
        optional=tuple(w.id for w in people.optional),
        duration=wanted.duration,
        window=window,
        hours=hours,
        zone=texts.zone.key,
        place_id=whole(wanted.place),
        kind=wanted.kind,
    )


def _window(wanted: Wanted, texts: Texts, now: datetime) -> Interval | Misread:
    today = texts.local(now).date()
    monday = today - timedelta(days=today.weekday()) + _WEEK
    next_week = instant(monday, forms.MIDNIGHT, texts.zone.key)
    match wanted.period:
        case fields.THIS_WEEK:
            return Interval(now, next_week)
        case fields.NEXT_WEEK:
            return Interval(next_week, instant(monday + _WEEK, forms.MIDNIGHT, texts.zone.key))
        case fields.FROM_A_DAY:
            day = forms.day(wanted.since)
            if day is None:
                return Misread(fields.SINCE, texts.t("Give the day."))
            start = max(instant(day, forms.MIDNIGHT, texts.zone.key), now)
            return Interval(start, start + _SINCE)
        case _:
            weeks = whole(wanted.period)
            return Interval(now, now + _WEEK * (weeks if weeks in WEEKS else WEEKS[0]))


def _hours(wanted: Wanted, texts: Texts) -> tuple[time, time] | Misread | None:
    if not wanted.after and not wanted.before:
        return None
    after = forms.clock(wanted.after) if wanted.after else forms.MIDNIGHT
    before = forms.clock(wanted.before) if wanted.before else forms.MIDNIGHT  # of the next day
    if after is None:
        return Misread(fields.AFTER, texts.t("Give a time such as 14:15."))
    if before is None:
        return Misread(fields.BEFORE, texts.t("Give a time such as 14:15."))
    if forms.MIDNIGHT < before <= after:
        return Misread(fields.BEFORE, texts.error(EndsBeforeItStarts()))
    return after, before


def _numbers(values: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(found for value in values if (found := whole(value)))
