"""Agendas to draw, with every kind of thing in them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from core.agenda import Agenda, Away, Entry, Holiday
from core.availability import AbsenceKind, BusyKind, OpenRange, Shown
from core.cases import Place
from core.people import Client, Worker
from handlers.agenda import agenda_picture
from handlers.i18n import Texts
from handlers.ui import Picture
from tests.builders import at, between, make_worker

FRENCH = Texts("fr", "Europe/Brussels")
MONDAY = date(2026, 1, 26)
WEEK = [MONDAY + timedelta(days=n) for n in range(7)]
NOW = at("2026-01-27 11:07")
GISELE = Client(1, "Gisèle", "Lafraise", date(1999, 5, 4))
PLACES = {
    1: Place(1, "Gembloux", "Implantations"),
    2: Place(2, "Namur", "Implantations"),
    3: Place(3, "Maison médicale des Trois-Rivières", "Partenaires"),
}
NAMES = ("Agathe", "seforme", "ecoute", "Jean-Baptiste Vandermeersch", "Étienne")


def colleague(number: int, name: str) -> Worker:
    """Return a worker as if he were stored."""
    return replace(make_worker(name), id=number)


def agenda_of(worker: Worker, **changes: object) -> Agenda:
    """Return an empty agenda of that week."""
    window = between("2026-01-26 00:00", "2026-02-02 00:00")
    whole = Agenda(worker, window, Shown(), ranges=(), absences=(), holidays=(), entries=())
    return replace(whole, **changes)  # type: ignore[arg-type]


def on(day: int, start: str, end: str) -> tuple[str, str]:
    """Return the ends of a stretch on that day of the week, 0 for Monday."""
    found = MONDAY + timedelta(days=day)
    return f"{found} {start}", f"{found + timedelta(days=1)} 00:00" if end == "24:00" else f"{found} {end}"


def full_agenda(worker: Worker) -> Agenda:
    """Return a week with everything in it that can be there; five of them are as full as a real one."""
    n = worker.id
    ranges = [
        OpenRange(between(*on(day, start, end)), place, frozenset({"permanence"}) if day == 3 else frozenset())
        for day in range(5)
        for start, end, place in (("09:00", "12:00", 1 + (n + day) % 2), ("13:00", "17:00", 3 if day == 2 else 2))
    ]
    kinds = BusyKind
    entries = [
        Entry(between(*on(0, "10:00", "12:00")), kinds.APPOINTMENT, 1, 1, 1285, (GISELE,)),
        Entry(between(*on(0, "14:15", "16:30")), kinds.ACCEPTED, 2, 2),
        Entry(between(*on(1, "09:00", "09:45")), kinds.APPOINTMENT, 3, 1, 1290, (GISELE,)),
        Entry(between(*on(1, "10:00", "11:00")), kinds.PENDING, 4, 1, 1285, (GISELE,)),
        Entry(between(*on(1, "13:30", "15:00")), kinds.EXTERNAL, title="Dentiste" if n == 1 else ""),
        Entry(between(*on(2, "09:30", "11:00")), kinds.TENTATIVE, 5, 2),
        Entry(between(*on(2, "11:15", "12:15")), kinds.TENTATIVE, title="Réunion d’équipe" if n == 1 else ""),
        Entry(between(*on(2, "15:00", "15:45")), kinds.HOLD, own=n == 2),
        Entry(between(*on(3, "12:00", "12:15")), kinds.EXTERNAL),
        Entry(between(*on(4, "08:30", "09:15")), kinds.APPOINTMENT, 6),
    ]
    if n == 2:
        entries.append(Entry(between(*on(0, "15:00", "17:30")), kinds.EXTERNAL))
    absences = [Away(between(*on(3, "00:00", "24:00")), AbsenceKind.LEAVE if n == 1 else None)] if n in {1, 4} else []
    absences += [Away(between(*on(4, "13:00", "15:00")))] if n == 3 else []
    holidays = [Holiday(between(*on(4, "00:00", "24:00")), "Fête de la Communauté française")] if n == 5 else []
    return agenda_of(
        worker, ranges=tuple(ranges), absences=tuple(absences), holidays=tuple(holidays), entries=tuple(entries)
    )


def five_agendas() -> list[Agenda]:
    """Return the agendas of five people."""
    return [full_agenda(colleague(n, name)) for n, name in enumerate(NAMES, 1)]


def drawn(
    agendas: Sequence[Agenda], days: Sequence[date] = WEEK, texts: Texts = FRENCH, now: datetime = NOW
) -> Picture:
    """Return the picture of these days."""
    return agenda_picture(agendas, days, PLACES, texts, now)
