"""The agendas of the week, with each person's two toggles (guide, steps 6 and 7): never a title, never a client."""

from collections.abc import Iterable, Mapping
from datetime import date

from core.agenda import Agenda, agenda_of
from core.availability import Busy, BusyKind, OpenRange
from core.cases import Place
from core.message import N_
from core.ports import Transaction
from core.times import Interval
from handlers.booking import fields
from handlers.booking.scene import Scene, window_of
from handlers.i18n import Texts
from handlers.ui import Divider, Element, Field, Item, ItemList, MultiChoiceField, Option, Text

BUSY_WORDS = {
    BusyKind.APPOINTMENT: N_("appointment"),
    BusyKind.ACCEPTED: N_("invitation accepted"),
    BusyKind.TENTATIVE: N_("perhaps busy"),
    BusyKind.PENDING: N_("invitation without an answer yet"),
    BusyKind.EXTERNAL: N_("busy (external agenda)"),
}


def agenda_parts(
    tx: Transaction, scene: Scene, places: Mapping[int, Place], texts: Texts
) -> tuple[Field | Element, ...]:
    """Return the main worker's agenda of the chosen week, then those of the invited workers."""
    if scene.draft.week is None:
        return ()
    window = window_of(scene.draft.week, texts)
    parts: list[Field | Element] = []
    for worker in scene.shown:
        on = scene.draft.shows(worker.id)
        agenda = agenda_of(
            tx, worker, window, scene.now, availability=fields.AVAILABILITY in on, external=fields.EXTERNAL in on
        )
        options = (
            Option(fields.AVAILABILITY, texts.t("Availability")),
            Option(fields.EXTERNAL, texts.t("External agenda")),
        )
        values = tuple(o.value for o in options if o.value in on)
        label = texts.t("Show in the agenda of {name}", name=worker.label)
        parts += [Divider(), MultiChoiceField(fields.toggles_of(worker.id), label, options, values, refreshes=True)]
        parts.append(_agenda(agenda, scene, places, texts))
    return tuple(parts)


def busy_words(busy: Busy, texts: Texts, ignoring: int | None = None) -> str:
    """Return what occupies someone, in a word that betrays nothing."""
    if ignoring is not None and busy.appointment_id == ignoring:
        return texts.t("this appointment")
    return texts.t(BUSY_WORDS[busy.kind])


def _agenda(agenda: Agenda, scene: Scene, places: Mapping[int, Place], texts: Texts) -> Element:
    today = texts.local(scene.now).date()
    entries = [(r.during, _range(r, places, texts)) for r in agenda.ranges]
    entries += [(b.during, _busy(b, scene, texts)) for b in agenda.busy]
    days = _by_day(entries, texts)
    shown = [Item(texts.day_and_month(day), tuple(lines)) for day, lines in sorted(days.items()) if day >= today]
    return ItemList(tuple(shown)) if shown else Text(texts.t("Nothing in this agenda that week."))


def _range(r: OpenRange, places: Mapping[int, Place], texts: Texts) -> str:
    place = places.get(r.place_id or 0)
    hours = texts.hours(r.during)
    if place is None:
        return texts.t("{hours}: available", hours=hours)
    return texts.t("{hours}: available – {place}", hours=hours, place=place.label)


def _busy(busy: Busy, scene: Scene, texts: Texts) -> str:
    words = busy_words(busy, texts, scene.ignoring)
    return texts.t("{hours}: {what}", hours=texts.hours(busy.during), what=words)


def _by_day(entries: Iterable[tuple[Interval, str]], texts: Texts) -> dict[date, list[str]]:
    days: dict[date, list[str]] = {}
    for during, line in sorted(entries):
        days.setdefault(texts.local(during.start).date(), []).append(line)
    return days
