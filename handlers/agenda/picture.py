"""Agendas as pictures and as text: both made from the same marks, so that they tell the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from core.agenda import Agenda
from core.cases import Place
from handlers.agenda.drawing import draw
from handlers.agenda.looks import Look
from handlers.agenda.marks import MOST_A_DAY, Day, days_of
from handlers.agenda.view import MOST_PEOPLE
from handlers.i18n import Texts
from handlers.ui import Drawing, Picture, Text

PICTURED = 3 * MOST_PEOPLE
"""More people than that are told in words alone: nobody compares that many pictures."""
_FULLNESS = (MOST_A_DAY, 12, 5, 2, 1)
_LONGEST = 40_000
_SATURDAY = 5
_BULLET, _DASH = "• ", "\u00a0– "


def agenda_picture(
    agendas: Sequence[Agenda], days: Iterable[date], places: Mapping[int, Place], texts: Texts, now: datetime
) -> Picture:
    """Return these days side by side, as SVG and as lines; of several, a weekend day only if something is on it."""
    shown = _shown(days_of(agendas, days, places, texts, now))
    notes = list(_notes(agendas, texts))
    return Picture(draw(shown, notes, texts, now), _words(shown, notes, texts))


def agendas_to_choose_from(
    agendas: Sequence[Agenda],
    days: Sequence[date],
    places: Mapping[int, Place],
    texts: Texts,
    now: datetime,
    *,
    moving: int | None = None,
) -> tuple[Picture | Text, ...]:
    """Return the agendas of any number of people, in pictures that are drawn when they are wanted.

    As many stand side by side as can be read. However full they are, the words stay short enough for a form: the
    fuller all of them are, the more of a day is counted rather than told. `moving` is the appointment being moved.
    """
    for most in _FULLNESS:
        parts = tuple(_parts(agendas, days, places, texts, now, moving, most))
        if sum(len(part.alt if isinstance(part, Picture) else part.text) for part in parts) <= _LONGEST:
            break
    return parts


def _parts(
    agendas: Sequence[Agenda],
    days: Sequence[date],
    places: Mapping[int, Place],
    texts: Texts,
    now: datetime,
    moving: int | None,
    most: int,
) -> Iterator[Picture | Text]:
    if len(agendas) > PICTURED:
        found = days_of(agendas, days, places, texts, now, moving=moving, most=most)
        for n, agenda in enumerate(agendas):
            yield Text("\n".join([agenda.worker.name, *_week(found, n, texts), *_notes([agenda], texts)]))
        return
    for at in range(0, len(agendas), MOST_PEOPLE):
        group = agendas[at : at + MOST_PEOPLE]
        shown = _shown(days_of(group, days, places, texts, now, moving=moving, most=most))
        notes = list(_notes(group, texts))
        yield Picture(_later(shown, notes, texts, now), _words(shown, notes, texts))


def _week(days: Iterable[Day], number: int, texts: Texts) -> list[str]:
    """Return the days of one of many people, a line each."""
    told = [(day.day, day.cells[number].lines) for day in days]
    lines = [f"{_BULLET}{texts.day_and_month(day)}{_DASH}{'; '.join(said)}" for day, said in told if said]
    return lines or [f"{_BULLET}{texts.t('Nothing in this agenda.')}"]


def _later(shown: Sequence[Day], notes: Sequence[str], texts: Texts, now: datetime) -> Drawing:
    return Drawing(lambda: draw(shown, notes, texts, now))


def _shown(days: Sequence[Day]) -> list[Day]:
    """Leave out a weekend day on which nothing is, unless no other day is left."""
    return [day for day in days if day.day.weekday() < _SATURDAY or _busy(day)] or list(days)


def _busy(day: Day) -> bool:
    """Tell whether there is more on a day than what closes it."""
    return any(m.look not in {Look.ABSENCE, Look.HOLIDAY} for cell in day.cells for m in cell.marks)


def _words(days: Sequence[Day], notes: Sequence[str], texts: Texts) -> str:
    return "\n".join(_lines(days, notes, texts))


def _lines(days: Sequence[Day], notes: Sequence[str], texts: Texts) -> Iterator[str]:
    for n, day in enumerate(days):
        if n:
            yield ""
        said = texts.day(day.day)
        yield f"{said[:1].upper()}{said[1:]}"
        for cell in day.cells:
            if len(day.cells) > 1:
                yield cell.agenda.worker.name
            lines = cell.lines or (texts.t("Nothing in this agenda."),)
            yield from (f"{_BULLET}{line}" for line in lines)
    if notes:
        yield ""
        yield from notes


def _notes(agendas: Sequence[Agenda], texts: Texts) -> Iterator[str]:
    """Say what the reader has switched off, so that nobody takes it for empty."""
    hidden = [a.worker.name for a in agendas if not a.shown.availability]
    if hidden:
        yield texts.t("Availability not shown: {names}.", names=texts.listed(hidden))
    hidden = [a.worker.name for a in agendas if not a.shown.external]
    if hidden:
        yield texts.t("External agenda not shown: {names}.", names=texts.listed(hidden))
