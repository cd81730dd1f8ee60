"""When an appointment is meant to be that was said in words: day and hours, and what is still to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from core.errors import InThePast, TooFarAhead
from core.message import N_
from core.rules import HORIZON
from core.times import Interval, instant
from handlers.booking.chosen import Misread, spoken_time, spoken_values
from handlers.booking.draft import DEFAULT_DURATION, monday
from handlers.i18n import Texts
from handlers.words import Part, Spoken

_AT_WHAT_TIME = {
    None: N_("At what time? Choose a slot on {day}."),
    Part.MORNING: N_("At what time in the morning? Choose a slot on {day}."),
    Part.AFTERNOON: N_("At what time in the afternoon? Choose a slot on {day}."),
    Part.EVENING: N_("At what time in the evening? Choose a slot on {day}."),
}
_DAWN = 6


@dataclass(frozen=True, slots=True)
class When:
    """`day`, `starts` and `ends` as the fields of another time hold them, "" where they are not known.

    `during` once all three are known and can be; `doubts` are what is to be asked, for a person to read.
    """

    day: date | None = None
    week: date | None = None
    starts: str = ""
    ends: str = ""
    during: Interval | None = None
    duration: timedelta = DEFAULT_DURATION
    doubts: tuple[str, ...] = field(default=())

    @property
    def typed(self) -> tuple[str, str, str]:
        """The values of the three fields."""
        return self.day.isoformat() if self.day else "", self.starts, self.ends


def when_of(said: Spoken, texts: Texts, now: datetime) -> When:
    """Return when it is meant to be, on the reader's clock."""
    days = said.days
    day = days.first if days and days.first == days.last and not days.onwards else None
    week = monday(days.first) if days else None
    starts, ends = _clock(said, day, texts)
    during, doubts = None, [*_doubts(said, day, texts, now)]
    if day and starts and ends:
        read = spoken_time(day.isoformat(), starts, ends, texts)
        if isinstance(read, Misread):
            doubts.append(read.message)
        else:
            during = read
    duration = during.duration if during else said.length or DEFAULT_DURATION
    return When(day, week, starts, ends, during, duration, tuple(doubts))


def _clock(said: Spoken, day: date | None, texts: Texts) -> tuple[str, str]:
    """Return start and end; the one that was not said follows from how long it lasts."""
    first, last = (said.hours.starts, said.hours.ends) if said.hours else (None, None)
    length, on = said.length or DEFAULT_DURATION, day or date(1970, 1, 1)
    if first and not last:
        start = instant(on, first, texts.zone.key)
        return f"{first:%H:%M}", spoken_values(Interval.lasting(start, length), texts)[2]
    if last and not first and said.length:
        end = instant(on, last, texts.zone.key)
        return spoken_values(Interval(end - length, end), texts)[1], f"{last:%H:%M}"
    return f"{first:%H:%M}" if first else "", f"{last:%H:%M}" if last else ""


def _doubts(said: Spoken, day: date | None, texts: Texts, now: datetime) -> Iterator[str]:
    t, hours = texts.t, said.hours
    if said.other_day:
        yield t("You may also mean {day}: check the day.", day=texts.day(said.other_day))
    if said.contradicted:
        yield t("The hours do not lie in the part of the day that you named: give them again.")
    if hours is None:
        yield from _no_hours(said, day, texts, now)
        return
    if day is None:
        yield t("On which day?")
    if hours.starts is None and said.length is None:
        yield t("When does it begin?")
    elif hours.starts and hours.ends is None and said.length is None:
        yield t("You did not say how long it takes: one hour is proposed.")
    elif hours.starts and hours.ends and said.length and said.length != _between(said):
        yield t("The end that you named and the duration ({duration}) differ.", duration=texts.duration(said.length))
    if hours.starts and hours.starts.hour < _DAWN:
        yield t("{time} is in the night: check the time.", time=f"{hours.starts:%H:%M}")


def _no_hours(said: Spoken, day: date | None, texts: Texts, now: datetime) -> Iterator[str]:
    first = said.days.first if said.days else None
    if first and (said.days and said.days.last < texts.local(now).date()):
        yield texts.error(InThePast())
    elif first and first > texts.local(now + HORIZON).date():
        yield texts.error(TooFarAhead())
    elif day:
        yield texts.t(_AT_WHAT_TIME[said.part], day=texts.day(day))
    elif said.days:
        yield texts.t("On which day, at what time? Choose a slot.")
    elif said.part:
        yield texts.t("On which day?")
    elif not said.contradicted:
        yield texts.t("When? Choose a slot.")


def _between(said: Spoken) -> timedelta:
    """Return how long it is from the start to the end on a clock."""
    if said.hours is None or said.hours.starts is None or said.hours.ends is None:
        return timedelta()
    first, last = (timedelta(hours=at.hour, minutes=at.minute) for at in (said.hours.starts, said.hours.ends))
    return (last - first) % timedelta(days=1)
