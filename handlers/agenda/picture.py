"""An agenda as a picture and as text: both made from the same marks, so that they tell the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from core.agenda import Agenda
from core.cases import Place
from handlers.agenda.drawing import draw
from handlers.agenda.looks import Look
from handlers.agenda.marks import Day, days_of
from handlers.i18n import Texts
from handlers.ui import Picture

_SATURDAY = 5
_BULLET = "• "


def agenda_picture(
    agendas: Sequence[Agenda], days: Iterable[date], places: Mapping[int, Place], texts: Texts, now: datetime
) -> Picture:
    """Return these days side by side, as SVG and as lines; of several, a weekend day only if something is on it."""
    found = days_of(agendas, days, places, texts, now)
    shown = [day for day in found if len(found) == 1 or day.day.weekday() < _SATURDAY or _busy(day)]
    notes = list(_notes(agendas, texts))
    return Picture(draw(shown, notes, texts, now), "\n".join(_lines(shown, notes, texts)))


def _busy(day: Day) -> bool:
    """Tell whether there is more on a day than what closes it."""
    return any(m.look not in {Look.ABSENCE, Look.HOLIDAY} for cell in day.cells for m in cell.marks)


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
