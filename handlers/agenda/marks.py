"""What shows of one person on one day: the picture and the text are made from these, so that they tell the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.agenda import Agenda
from core.availability import OpenRange
from core.cases import Place
from core.times import Interval, instant
from handlers.agenda.looks import Look
from handlers.agenda.wordings import Words, away_words, entry_words, holiday_words, moved_words, range_words
from handlers.forms import MIDNIGHT
from handlers.i18n import Texts, from_to

MOST_A_DAY = 60
"""So many things of one person on one day are told one by one; the rest are counted."""

_ORDER = {look: n for n, look in enumerate(Look)}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing, inside one day: `line` says it whole, `wordings` are what a box may hold, the longest first."""

    look: Look
    during: Interval
    line: str
    wordings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One person's day: its marks by start."""

    agenda: Agenda
    marks: tuple[Mark, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything in words, a line each."""
        return tuple(m.line for m in self.marks)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of everyone, in the order of the agendas."""

    day: date
    whole: Interval
    cells: tuple[Cell, ...]

    @property
    def empty(self) -> bool:
        """Whether nobody has anything on it."""
        return not any(cell.marks for cell in self.cells)


def days_of(
    agendas: Sequence[Agenda],
    days: Iterable[date],
    places: Mapping[int, Place],
    texts: Texts,
    now: datetime,
    *,
    moving: int | None = None,
    most: int = MOST_A_DAY,
) -> list[Day]:
    """Return what shows on each of these days on the reader's calendar; `moving` is the appointment being moved.

    Of one person's day no more than `most` things are told, the last of them how many more there are.
    """
    told = [list(_told(agenda, places, texts, now, moving)) for agenda in agendas]
    found = []
    for day in days:
        whole = day_of(day, texts)
        cells = tuple(_cell(a, of_one, whole, texts, most) for a, of_one in zip(agendas, told, strict=True))
        found.append(Day(day, whole, cells))
    return found


def day_of(day: date, texts: Texts) -> Interval:
    """Return the whole day on the reader's clock; a second of one that his zone skipped."""
    start, end = (instant(d, MIDNIGHT, texts.zone.key) for d in (day, day + timedelta(days=1)))
    return Interval(start, max(end, start + timedelta(seconds=1)))


def _told(
    agenda: Agenda, places: Mapping[int, Place], texts: Texts, now: datetime, moving: int | None
) -> Iterator[tuple[Interval, Words]]:
    for r in _joined(agenda.ranges):
        yield r.during, range_words(r, places, texts)
    for away in agenda.absences:
        yield away.during, away_words(away, texts)
    for holiday in agenda.holidays:
        yield holiday.during, holiday_words(holiday, texts)
    for entry in agenda.entries:
        moved = moving is not None and entry.appointment_id == moving
        yield entry.during, moved_words(texts) if moved else entry_words(entry, places, texts, now)


def _joined(ranges: Iterable[OpenRange]) -> list[OpenRange]:
    """Return ranges of one place and for the same kinds that touch as one: nobody can tell them apart."""
    found: list[OpenRange] = []
    for r in sorted(ranges, key=lambda r: (r.place_id or 0, sorted(r.kinds), r.during)):
        last = found[-1] if found else None
        same = last is not None and (last.place_id, last.kinds) == (r.place_id, r.kinds)
        if last is not None and same and r.during.start <= last.during.end:
            found[-1] = replace(last, during=Interval(last.during.start, max(last.during.end, r.during.end)))
        else:
            found.append(r)
    return found


def _cell(agenda: Agenda, found: Iterable[tuple[Interval, Words]], whole: Interval, texts: Texts, most: int) -> Cell:
    marks = []
    for during, words in found:
        if during.overlaps(whole):
            part = Interval(max(during.start, whole.start), min(during.end, whole.end))
            line = texts.t("{hours}: {what}", hours=_hours(part, whole, texts), what=words.whole)
            marks.append(Mark(words.look, part, line, words.shorter))
    marks.sort(key=lambda m: (m.during.start, _ORDER[m.look], m.during.end, m.line))
    if len(marks) > most:
        told, rest = marks[: most - 1], marks[most - 1 :]
        during = Interval(rest[0].during.start, max(m.during.end for m in rest))
        if told:
            count = texts.n("and {count} more", "and {count} more", len(rest))
        else:
            count = texts.n("{count} entry", "{count} entries", len(rest))
        marks = [*told, Mark(Look.MORE, during, count, (count, f"+{len(rest)}"))]
    return Cell(agenda, tuple(marks))


def _hours(part: Interval, whole: Interval, texts: Texts) -> str:
    """Return from-to inside one day: "09:00 – 12:00", "22:00 – 24:00", "all day"."""
    if part == whole:
        return texts.t("All day")
    if part.end == whole.end:
        return from_to(texts.clock(part.start), "24:00")
    return texts.hours(part)
