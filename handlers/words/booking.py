"""An appointment in words: when, how long, where, for which case; nothing is guessed, the rest is handed back."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.cases import Place
from handlers.words.dates import other_day
from handlers.words.days import Days, day_in, spans_in, weeks_in
from handlers.words.durations import length_beside_a_start, length_in, loose_length_in
from handlers.words.hours import Hours, range_in, time_in
from handlers.words.numbers import marked_numbers, other_numbers
from handlers.words.parts import Part, SaidPart, part_in, within
from handlers.words.places import place_in
from handlers.words.typed import Typed
from handlers.words.vague import no_days_in, no_quarters_in, no_times_in


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was understood; None for what was not said, or not clearly. `unclear`: the rest, as it was typed.

    `other_day` is what the day may mean as well. `part` is set where only a part of the day was said;
    `contradicted` tells that the hours do not lie in the part of the day that was said beside them. `cases` are the
    numbers that were named, each once, whether there is such a case or not. `vague` tells that something unclear was
    said of a day, a time or how long.
    """

    days: Days | None = None
    other_day: date | None = None
    hours: Hours | None = None
    part: Part | None = None
    contradicted: bool = False
    length: timedelta | None = None
    cases: tuple[int, ...] = ()
    place: Place | None = None
    unclear: tuple[str, ...] = ()
    vague: bool = False

    @property
    def anything(self) -> bool:
        """Whether it speaks of an appointment."""
        said = (self.days, self.hours, self.part, self.length, self.cases, self.place)
        return self.vague or self.contradicted or any(said)


def read_booking(
    text: str, today: date, places: Iterable[Place] = (), known: Callable[[int], bool] = lambda _: False
) -> Spoken:
    """Return what `text` says of an appointment; `today` is the day on the reader's clock.

    `known` tells of a bare number whether it is a case's. A time that is not exact ("vers 10h") is unclear.
    """
    typed = Typed(text)
    place = place_in(typed, places)
    no_days_in(typed, today)
    cases = [*marked_numbers(typed)]
    length = length_in(typed)
    part = part_in(typed)
    day = day_in(typed, today, worded=True)
    days = None if day else weeks_in(typed, today) or spans_in(typed, today)
    no_times_in(typed)
    hours = range_in(typed)
    length = length or loose_length_in(typed)
    no_quarters_in(typed)
    hours = hours or time_in(typed)
    if hours and hours.starts and not hours.ends:
        length = length or length_beside_a_start(typed)
    if days is None and day is None:
        day = day_in(typed, today)
    cases += other_numbers(typed, known)
    meant = within(part.part, hours) if part and hours else hours
    return Spoken(
        days=_days(days, day, part, today),
        other_day=other_day(day[1], today) if day else None,
        hours=meant,
        part=part.part if part and hours is None else None,
        contradicted=meant is None and hours is not None,
        length=length,
        cases=tuple(dict.fromkeys(cases)),
        place=place,
        unclear=typed.unclear(),
        vague=typed.aside,
    )


def _days(days: Days | None, day: tuple[Days, str] | None, part: SaidPart | None, today: date) -> Days | None:
    if day is not None:
        return day[0]
    return Days(today, today) if days is None and part and part.today else days
