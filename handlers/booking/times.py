"""Duration, week and slot, as fields (guide, step 6)."""

from collections.abc import Mapping
from datetime import date, timedelta

from core.availability import Slot
from core.cases import Place
from core.ports import Transaction
from handlers.booking import draft as drafts
from handlers.booking import fields
from handlers.booking.chosen import same_start, spoken_values
from handlers.booking.scene import Scene, slots_of_week, weeks_from
from handlers.cards.words import moment
from handlers.i18n import Texts
from handlers.ui import ChoiceField, DateField, Element, Field, Option, OptionGroup, SlotField, TimeField

_Parts = tuple[Field | Element, ...]


def time_parts(
    tx: Transaction, scene: Scene, places: Mapping[int, Place], texts: Texts, *, keep_time: bool
) -> tuple[_Parts, _Parts]:
    """Return the fields above the agendas (duration, week) and those below (slot, another time)."""
    slots = slots_of_week(tx, scene, texts)
    chosen, other = _chosen(scene, {drafts.slot_value(s) for s in slots}, texts, keep_time=keep_time)
    hint = "" if slots else texts.t("No free slot that week: choose another week, or another time.")
    if scene.main is None:
        hint = texts.t("Choose the main worker first.")
    field = SlotField(
        fields.SLOT,
        texts.t("Slot"),
        (*_same_start(scene, texts), *_by_day(slots, places, texts)),
        chosen,
        hint,
        Option(fields.OTHER_TIME, texts.t("Another time…")),
        required=True,
        refreshes=True,
    )
    below = (field, *other_time(texts, *other)) if chosen == fields.OTHER_TIME else (field,)
    return (duration_field(scene.draft.duration, texts), _week(scene, texts)), below


def other_time(texts: Texts, day: str, starts: str, ends: str, *, required: bool = True) -> tuple[Field, ...]:
    """Return the fields of a time that is none of the slots."""
    return (
        DateField(fields.DATE, texts.t("Day"), day, required=required, refreshes=True),
        TimeField(fields.FROM, texts.t("From"), starts, required=required, refreshes=True),
        TimeField(fields.UNTIL, texts.t("Until"), ends, required=required, refreshes=True),
    )


def slot_option(s: Slot, places: Mapping[int, Place], texts: Texts, *, with_day: bool = False) -> Option:
    """Return a slot as a choice, its place below it; `with_day` where no heading names the day."""
    hours = texts.hours(s.during)
    label = f"{texts.day_and_month(s.during.start)} {hours}" if with_day else hours
    if s.marked:
        label = texts.t("{time} (to be confirmed)", time=label)
    place = places.get(s.place_id or 0)
    return Option(drafts.slot_value(s), label, place.label if place else "")


def duration_field(chosen: timedelta, texts: Texts) -> Field:
    """Return the field of the duration."""
    options = tuple(Option(_minutes(d), texts.duration(d)) for d in _durations(chosen))
    groups = (OptionGroup("", options),)
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


def _by_day(slots: list[Slot], places: Mapping[int, Place], texts: Texts) -> tuple[OptionGroup, ...]:
    days: dict[date, list[Option]] = {}
    for s in slots:
        days.setdefault(texts.local(s.during.start).date(), []).append(slot_option(s, places, texts))
    return tuple(OptionGroup(texts.day_and_month(day), tuple(options)) for day, options in days.items())


def _durations(chosen: timedelta) -> list[timedelta]:
    """Quarters up to four hours, halves up to eight, and what is chosen."""
    quarters = [timedelta(minutes=15 * n) for n in range(1, 17)]
    halves = [timedelta(minutes=30 * n) for n in range(9, 17)]
    return sorted({*quarters, *halves, chosen})


def _minutes(duration: timedelta) -> str:
    return str(int(duration / timedelta(minutes=1)))


def _week(scene: Scene, texts: Texts) -> Field:
    chosen = scene.draft.week
    weeks = sorted({*weeks_from(scene.now, texts), *([chosen] if chosen else [])})
    options = tuple(Option(week.isoformat(), _week_label(week, texts)) for week in weeks)
    value = chosen.isoformat() if chosen else ""
    return ChoiceField(fields.WEEK, texts.t("Week"), (OptionGroup("", options),), value, required=True, refreshes=True)


def _week_label(week: date, texts: Texts) -> str:
    last = week + timedelta(days=6)
    return texts.t("Week of {first} to {last}", first=texts.short_day(week), last=texts.short_day(last))
