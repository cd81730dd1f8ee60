"""Mes disponibilités: ranges, single days and absences to come, each with what can be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.availability import Absence, AbsenceKind, AvailabilityRange, Limits
from core.cases import Place
from core.message import N_
from core.times import Interval
from handlers import actions
from handlers.cards.repetition import exception_words, range_words
from handlers.cards.words import stretch
from handlers.i18n import Texts
from handlers.ui import Action, Button, Card, Element, Facts, Item, ItemList, Menu, Notice, Text

ABSENCE_WORDS = {
    AbsenceKind.LEAVE: N_("Leave"),
    AbsenceKind.SICKNESS: N_("Sickness"),
    AbsenceKind.TRAINING: N_("Training"),
    AbsenceKind.OTHER: N_("Other absence"),
}

_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RangeEntry:
    """A range, and when it takes place next, if it does within a year."""

    range: AvailabilityRange
    coming: Interval | None


@dataclass(frozen=True, slots=True)
class AbsenceEntry:
    """An absence, and how many of one's appointments fall in it."""

    absence: Absence
    falling: int


@dataclass(frozen=True, slots=True)
class PlanningView:
    """One page of one's own availability."""

    entries: tuple[RangeEntry | AbsenceEntry, ...]
    places: Mapping[int, Place]
    limits: Limits
    page: int
    more: bool


def planning_card(view: PlanningView, texts: Texts, now: datetime, *said: Notice) -> Card:
    """Return one page, below what was `said` of what was done just before."""
    title = texts.t("My availability")
    body: list[Element] = [*said]
    if view.entries:
        body.append(ItemList(tuple(_item(entry, view.places, texts, now) for entry in view.entries)))
    else:
        body.append(Text(texts.t("You have no availability yet: colleagues can book nothing in your agenda.")))
    limits = limits_pairs(view.limits, texts)
    if limits:
        body.append(Facts(limits))
    return Card(title, tuple(body), _actions(view, texts), neutral=title)


def limits_pairs(limits: Limits, texts: Texts) -> tuple[tuple[str, str], ...]:
    """Return the limits that are set."""
    t = texts.t
    pairs = (
        (t("Notice"), limits.notice and length_words(limits.notice, texts)),
        (t("Free time before"), limits.before and length_words(limits.before, texts)),
        (t("Free time after"), limits.after and length_words(limits.after, texts)),
        (t("Travel"), limits.travel and length_words(limits.travel, texts)),
        (t("Appointments a day, at most"), str(limits.daily or "")),
    )
    return tuple((label, value) for label, value in pairs if value)


def length_words(length: timedelta, texts: Texts) -> str:
    """Return a length of a limit: "2 jours", "1 heure", "15 minutes"."""
    if not length % _DAY:
        return texts.n("{count} day", "{count} days", length // _DAY)
    if not length % _HOUR:
        return texts.n("{count} hour", "{count} hours", length // _HOUR)
    return texts.n("{count} minute", "{count} minutes", length // _MINUTE)


def _item(entry: RangeEntry | AbsenceEntry, places: Mapping[int, Place], texts: Texts, now: datetime) -> Item:
    if isinstance(entry, AbsenceEntry):
        return _absence(entry, texts)
    r, t = entry.range, texts.t
    coming = entry.coming
    lines = (
        t("For: {kinds}", kinds=", ".join(sorted(r.kinds))) if r.kinds else "",
        exception_words(r, texts.local(now).date(), texts) if r.rule else "",
        _next(coming, texts) if r.rule else "",
    )
    buttons = (
        Button(actions.ref(actions.RANGE_EDIT, r.id), t("Edit"), opens_form=True),
        Button(actions.ref(actions.RANGE_REMOVE, r.id), t("Delete"), "danger", opens_form=True),
    )
    words = range_words(r, places, texts)
    return Item(words[:1].upper() + words[1:], tuple(line for line in lines if line), buttons)


def _next(coming: Interval | None, texts: Texts) -> str:
    if coming is None:
        return texts.t("Does not take place in the next twelve months.")
    return texts.t("Next time: {day}", day=texts.day_and_month(coming.start))


def _absence(entry: AbsenceEntry, texts: Texts) -> Item:
    absence, t = entry.absence, texts.t
    title = t("{kind}: {time}", kind=t(ABSENCE_WORDS[absence.kind]), time=stretch(absence.during, texts))
    buttons = [
        Button(actions.ref(actions.ABSENCE_EDIT, absence.id), t("Edit"), opens_form=True),
        Button(actions.ref(actions.ABSENCE_REMOVE, absence.id), t("Delete"), "danger", opens_form=True),
    ]
    if entry.falling:
        label = t("Appointments that fall in it ({count})", count=entry.falling)
        buttons.insert(0, Button(actions.ref(actions.HAND_OVER, absence.id), label, "primary", opens_form=True))
    return Item(title, (t("Absence: only you see why."),), tuple(buttons))


def _actions(view: PlanningView, texts: Texts) -> tuple[Action, ...]:
    t = texts.t
    more = (
        Button(actions.ref(actions.PLANNING_COPY), t("Copy a day or a week"), opens_form=True),
        Button(actions.ref(actions.PLANNING_LIMITS), t("Settings"), opens_form=True),
        Button(actions.ref(actions.PLANNING_EXPORT), t("Export")),
    )
    pages = [
        *([Button(actions.ref(actions.PLANNING_PAGE, view.page - 1), t("Previous"))] if view.page else []),
        *([Button(actions.ref(actions.PLANNING_PAGE, view.page + 1), t("Next"))] if view.more else []),
    ]
    return (
        Button(actions.ref(actions.RANGE_ADD), t("Add a range"), "primary", opens_form=True),
        Button(actions.ref(actions.ABSENCE_ADD), t("Add an absence"), opens_form=True),
        *pages,
        Menu(t("Other actions"), more),
    )
