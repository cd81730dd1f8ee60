"""Everything that a typed text can say of a time and a place, read in the order that keeps one from another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.availability import AbsenceKind
from core.cases import Place
from handlers.words.dates import DAY, read_day
from handlers.words.days import Days, day_in, spans_in, weeks_in
from handlers.words.hours import Hours, hours_in
from handlers.words.places import place_in
from handlers.words.repeating import Repeats, repeats_in
from handlers.words.typed import Typed, pattern

_UNTIL = pattern(rf"(?:jusqu'(?:au|a|en)|jusque|until|till|through) (?:le |au )?({DAY})")
_ABSENCES = {
    None: r"absences?|absente?s?",
    AbsenceKind.LEAVE: r"conges?|vacances|holidays?|vacation|leave",
    AbsenceKind.SICKNESS: r"maladie|malade|sickness|sick(?: leave)?|illness|ill",
    AbsenceKind.TRAINING: r"formations?|training",
}


@dataclass(frozen=True, slots=True)
class Absent:
    """Someone says that he is away; `kind` is None where he does not say why."""

    kind: AbsenceKind | None


@dataclass(frozen=True, slots=True)
class Said:
    """What was understood; None for what was not said, or not clearly. `unclear`: the rest, as it was typed."""

    days: Days | None = None
    hours: Hours | None = None
    repeats: Repeats | None = None
    until: date | None = None
    place: Place | None = None
    absent: Absent | None = None
    unclear: tuple[str, ...] = ()


def read_words(text: str, today: date, places: Iterable[Place] = ()) -> Said:
    """Return what `text` says; `today` is the day on the reader's clock, from which the next such day is counted.

    Of a repetition, the days are its first one. A day that contradicts the repetition is unclear.
    """
    typed = Typed(text)
    place = place_in(typed, places)
    until_said = _until_in(typed, today)
    repeats = repeats_in(typed)
    days = weeks_in(typed, today) or spans_in(typed, today)
    hours = hours_in(typed)
    contradicted = ""
    if days is None:
        days, contradicted = _one_day(typed, today, repeats)
    absent = _absent_in(typed)
    until = _until(until_said, today, days)
    unclear = (contradicted,) if contradicted else ()
    return Said(days, hours, repeats, until, place, absent, (*unclear, *typed.unclear()))


def _one_day(typed: Typed, today: date, repeats: Repeats | None) -> tuple[Days | None, str]:
    """Return the day that is said, or the first of the repetition; and the words that contradict it."""
    found = day_in(typed, today)
    if found is None:
        first = repeats.first_from(today) if repeats and repeats.weekday is not None else None
        return (Days(first, first) if first else None), ""
    days, said = found
    first = repeats.first_from(days.first) if repeats else days.first
    if first != days.first and not days.onwards:
        return None, said.strip()
    return Days(first, first, onwards=days.onwards), ""


def _until_in(typed: Typed, today: date) -> str:
    found = typed.take(_UNTIL, lambda match: match if read_day(match[1], today) else None)
    return found[1] if found else ""


def _until(said: str, today: date, days: Days | None) -> date | None:
    """Return the end of a repetition, the next such day after its first one."""
    return read_day(said, days.first if days and days.first > today else today) if said else None


def _absent_in(typed: Typed) -> Absent | None:
    """Take the words for an absence out of the text, the one that says why before the one that does not."""
    for kind, words in reversed(_ABSENCES.items()):
        if typed.take(pattern(words), lambda match: match):
            typed.take(pattern(str(_ABSENCES[None])), lambda match: match)
            return Absent(kind)
    return None
