"""What each thing in an agenda is called: whole for the text, and shorter and shorter for a box of the picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.agenda import Away, Entry, Holiday
from core.appointments import Answer
from core.availability import AbsenceKind, BusyKind, OpenRange
from core.cases import Place
from core.message import N_
from handlers.agenda.looks import Look
from handlers.cards.planning import ABSENCE_WORDS
from handlers.cards.words import ANSWER_WORDS, client_names
from handlers.i18n import Texts

_STATES = {
    BusyKind.ACCEPTED: N_("invitation accepted"),
    BusyKind.TENTATIVE: ANSWER_WORDS[Answer.TENTATIVE],
    BusyKind.PENDING: N_("invitation without an answer yet"),
}
_UNSURE = {BusyKind.TENTATIVE, BusyKind.PENDING}
_DASH = "\u00a0– "


@dataclass(frozen=True, slots=True)
class Words:
    """`whole` stands in the text; `shorter` are for boxes, the longest first."""

    look: Look
    whole: str
    shorter: tuple[str, ...]


def range_words(r: OpenRange, places: Mapping[int, Place], texts: Texts) -> Words:
    """Return the words for availability: its place, and the kinds of appointment it is for."""
    place, available = places.get(r.place_id or 0), texts.t("Available")
    kinds = texts.t("for {kinds}", kinds=", ".join(sorted(r.kinds))) if r.kinds else ""
    label, name = (place.label, place.name) if place else ("", "")
    return _words(
        Look.AVAILABLE,
        [(available, label, kinds), (label, kinds), (name, kinds), (label,), (name,), () if place else (available,)],
    )


def away_words(away: Away, texts: Texts) -> Words:
    """Return the words for an absence; why is there for the absent person alone."""
    absent = texts.t("Away")
    why = texts.t(ABSENCE_WORDS[away.kind]) if away.kind not in {None, AbsenceKind.OTHER} else ""
    return _words(Look.ABSENCE, [(absent, why), (absent,)])


def holiday_words(holiday: Holiday, texts: Texts) -> Words:
    """Return the words for a public holiday."""
    return _words(Look.HOLIDAY, [(texts.t("Public holiday"), holiday.name), (holiday.name,), (texts.t("Holiday"),)])


def moved_words(texts: Texts) -> Words:
    """Return the words for the appointment that is being moved."""
    return _words(Look.APPOINTMENT, [(texts.t("This appointment"),)])


def entry_words(entry: Entry, places: Mapping[int, Place], texts: Texts, now: datetime) -> Words:
    """Return the words for what occupies the worker; names are in it only if they are in the entry (rule 9)."""
    if entry.external:
        return _external(entry, texts)
    if entry.kind is BusyKind.HOLD:
        return _words(Look.HOLD, [(texts.t("Held for you"),) if entry.own else (texts.t("Held"),), (texts.t("Held"),)])
    place = places.get(entry.place_id or 0)
    label, name = (place.label, place.name) if place else ("", "")
    number = texts.t("no. {number}", number=entry.case_number) if entry.case_number is not None else ""
    whole, short = (_numbered(texts.t(what), number) for what in (N_("Appointment"), N_("Appt")))
    unsure = entry.kind in _UNSURE
    sure = whole
    if unsure:
        whole, short = (texts.t("{what}?", what=what) for what in (whole, short))
    aged = client_names(entry.clients, texts, now)
    clients = ", ".join(c.label for c in entry.clients)
    families = ", ".join(c.family_name.upper() for c in entry.clients)
    state = texts.t(_STATES[entry.kind]) if entry.kind in _STATES else ""
    shorter = [
        (whole, aged, label),
        (whole, aged, name),
        (whole, clients, name),
        (short, clients, name),
        (whole, clients),
        (short, clients),
        (short, families),
        (whole,),
        (short,),
        (texts.t("Appt"),),
    ]
    look = Look.TENTATIVE if unsure else Look.APPOINTMENT
    return _words(look, [(sure, state, aged, label), *shorter])


def _external(entry: Entry, texts: Texts) -> Words:
    title = " ".join(entry.title.split())
    unsure = entry.kind is BusyKind.TENTATIVE
    busy = title or (texts.t("Perhaps busy") if unsure else texts.t("Busy"))
    short = [title, texts.t("Busy")] if title else [texts.t("Busy")]
    if unsure:
        short = [texts.t("{what}?", what=what) for what in short]
    note = texts.t("external agenda, to be confirmed") if title and unsure else texts.t("external agenda")
    look = Look.EXTERNAL_TENTATIVE if unsure else Look.EXTERNAL
    return _words(look, [(busy, note), (busy,), *((what,) for what in short)])


def _numbered(what: str, number: str) -> str:
    return f"{what} {number}" if number else what


def _words(look: Look, wordings: Iterable[tuple[str, ...]]) -> Words:
    whole, *shorter = dict.fromkeys(_DASH.join(part for part in parts if part) for parts in wordings)
    return Words(look, whole, tuple(text for text in (whole, *shorter) if text))
