"""Duration, week and slot, as fields (guide, step 6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from core.availability import Slot
from core.cases import Place
from handlers.booking import draft as drafts
from handlers.booking import fields
from handlers.booking.chosen import same_start, spoken_values
from handlers.booking.scene import Scene, weeks_from
from handlers.cards.words import moment
from handlers.i18n import Texts, duration
from handlers.ui import ChoiceField, DateField, Element, Field, Option, OptionGroup, SlotField, TimeField

_Parts = tuple[Field | Element, ...]
_QUARTERS = [timedelta(minutes=15 * n) for n in range(1, 17)]
_HALVES = [timedelta(minutes=30 * n) for n in range(9, 17)]
_DURATIONS = frozenset([*_QUARTERS, *_HALVES])
"""Quarters up to four hours, halves up to eight."""
_REMEMBERED = 4_096
MOST_LISTED = 600
"""More slots of one week than that fit no form."""
_EPOCH, _NONE = datetime(1970, 1, 1, tzinfo=UTC), timedelta(0)


def time_parts(
    scene: Scene, slots: Sequence[Slot], places: Mapping[int, Place], texts: Texts, *, keep_time: bool
) -> tuple[_Parts, _Parts]:
    """Return the fields above the agendas (duration, week) and those below (slot, another time)."""
    listed = _listed(slots, scene.draft.slot)
    days = by_day(listed, places, texts)
    offered = {option.value for day in days for option in day.options}
    chosen, other = _chosen(scene, offered, texts, keep_time=keep_time)
    hint = "" if slots else texts.t("No free slot that week: choose another week, or another time.")
    if len(listed) < len(slots):
        hint = texts.t("There are very many: some are left out here. You can give any other one as another time.")
    if scene.main is None:
        hint = texts.t("Choose the main worker first.")
    field = SlotField(
        fields.SLOT,
        texts.t("Slot"),
        (*_same_start(scene, texts), *days),
        chosen,
        hint,
        Option(fields.OTHER_TIME, texts.t("Another time…")),
        required=True,
        refreshes=True,
    )
    below = (field, *other_time(texts, *other)) if chosen == fields.OTHER_TIME else (field,)
    weeks = week_field(weeks_from(scene.now, texts), scene.draft.week, texts)
    return (duration_field(scene.draft.duration, texts), weeks), below


def _listed(slots: Sequence[Slot], chosen: str) -> Sequence[Slot]:
    """Return as many slots as a form can hold: of very many only those at the half hours, or rarer.

    What begins as the chosen one does is among them.
    """
    found = drafts.slot(chosen)
    listed, apart = slots, timedelta(minutes=30)
    while len(listed) > MOST_LISTED:
        listed = [s for s in slots if (s.during.start - _EPOCH) % apart == _NONE or _alike(s, found)]
        apart *= 2
    return listed


def _alike(s: Slot, chosen: Slot | None) -> bool:
    return chosen is not None and (s.during.start, s.place_id) == (chosen.during.start, chosen.place_id)


def other_time(texts: Texts, day: str, starts: str, ends: str, *, required: bool = True) -> tuple[Field, ...]:
    """Return the fields of a time that is none of the slots."""
    return (
        DateField(fields.DATE, texts.t("Day"), day, required=required, refreshes=True),
        TimeField(fields.FROM, texts.t("From"), starts, required=required, refreshes=True),
        TimeField(fields.UNTIL, texts.t("Until"), ends, required=required, refreshes=True),
    )


def slot_option(s: Slot, places: Mapping[int, Place], texts: Texts, *, with_day: bool = False) -> Option:
    """Return a slot as a choice, its place below it; `with_day` where no heading names the day."""
    place = places.get(s.place_id or 0)
    hint = place.label if place else ""
    _, hours, unsure = _written(drafts.slot_value(s), hint, texts.locale, texts.zone.key)
    option = unsure if s.marked else hours
    if not with_day:
        return option
    return replace(option, label=f"{texts.day_and_month(s.during.start)} {option.label}")


def duration_field(chosen: timedelta, texts: Texts) -> Field:
    """Return the field of the duration."""
    groups = (OptionGroup("", _duration_options(chosen)),)
    return ChoiceField(fields.DURATION, texts.t("Duration"), groups, _minutes(chosen), required=True, refreshes=True)


def _chosen(scene: Scene, offered: set[str], texts: Texts, *, keep_time: bool) -> tuple[str, tuple[str, str, str]]:
    """Return the value of the slot field, and those of another time."""
    draft = scene.draft
    typed = draft.day, draft.starts, draft.ends
    known = {fields.OTHER_TIME, *([fields.SAME_START] if scene.old else ())}
    if draft.slot in known or draft.slot in offered:
        return draft.slot, typed
    found = drafts.slot(draft.slot)
    if found is None:
        return "", typed
    longer = drafts.slot_value(Slot(same_start(found.during, draft.duration), found.place_id))
    if longer in offered:
        return longer, typed
    return (fields.OTHER_TIME, spoken_values(found.during, texts)) if keep_time else ("", typed)


def _same_start(scene: Scene, texts: Texts) -> tuple[OptionGroup, ...]:
    if scene.old is None:
        return ()
    during = same_start(scene.old.during, scene.draft.duration)
    return (OptionGroup(texts.t("Start unchanged"), (Option(fields.SAME_START, moment(during, texts)),)),)


def by_day(slots: Iterable[Slot], places: Mapping[int, Place], texts: Texts) -> tuple[OptionGroup, ...]:
    """Return slots as choices, under the days that they begin on."""
    days: dict[date, list[Option]] = {}
    hints = {place.id: place.label for place in places.values()}
    for s in slots:
        hint = hints.get(s.place_id or 0, "")
        day, hours, unsure = _written(drafts.slot_value(s), hint, texts.locale, texts.zone.key)
        days.setdefault(day, []).append(unsure if s.marked else hours)
    return tuple(OptionGroup(texts.day_and_month(day), tuple(options)) for day, options in days.items())


@lru_cache(maxsize=_REMEMBERED)
def _written(value: str, hint: str, locale: str, zone: str) -> tuple[date, Option, Option]:
    """Return a slot's day, and the slot as a choice, sure and to be confirmed: the same ones are offered all day."""
    texts, found = Texts(locale, zone), drafts.slot(value)
    if found is None:
        raise ValueError(value)
    hours = texts.hours(found.during)
    unsure = texts.t("{time} (to be confirmed)", time=hours)
    return texts.local(found.during.start).date(), Option(value, hours, hint), Option(value, unsure, hint)


@lru_cache
def _duration_options(chosen: timedelta) -> tuple[Option, ...]:
    """Return the durations that are offered, and the chosen one: they are the same in every form and language."""
    return tuple(Option(_minutes(d), duration(d)) for d in sorted({*_DURATIONS, chosen}))


def _minutes(duration: timedelta) -> str:
    return str(int(duration / timedelta(minutes=1)))


def week_field(weeks: Iterable[date], chosen: date | None, texts: Texts) -> Field:
    """Return the field of the week, with these weeks and the chosen one; each is named by its first day."""
    options = tuple(
        Option(week.isoformat(), _week_label(week, texts)) for week in sorted({*weeks, *([chosen] if chosen else [])})
    )
    value = chosen.isoformat() if chosen else ""
    return ChoiceField(fields.WEEK, texts.t("Week"), (OptionGroup("", options),), value, required=True, refreshes=True)


def _week_label(week: date, texts: Texts) -> str:
    last = week + timedelta(days=6)
    return texts.t("Week of {first} to {last}", first=texts.short_day(week), last=texts.short_day(last))
