"""Duration, week and slot: the fields, and the interval that they mean together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from core.availability import Slot
from core.cases import Place
from core.errors import InvalidTime, SkippedTime, TooLong
from core.ports import Transaction
from core.ranges import open_ranges
from core.rules import LONGEST
from core.times import Interval, spoken_interval
from handlers import forms
from handlers.booking import draft as drafts
from handlers.booking import fields
from handlers.booking.scene import Scene, slots_of_week, weeks_from
from handlers.cards.words import moment
from handlers.i18n import Texts
from handlers.ui import ChoiceField, DateField, Element, Field, Option, OptionGroup, SlotField, TimeField

_Parts = tuple[Field | Element, ...]


@dataclass(frozen=True, slots=True)
class Misread:
    """A time that cannot be read: which field, and what to say beside it."""

    field: str
    message: str


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
    return (_duration(scene, texts), _week(scene, texts)), below


def chosen_time(scene: Scene, texts: Texts) -> Interval | Misread:
    """Return the interval that the draft means."""
    draft = scene.draft
    if draft.slot == fields.OTHER_TIME:
        return _spoken(scene, texts)
    if draft.slot == fields.SAME_START and scene.old:
        return _same(scene.old.during, draft.duration)
    found = drafts.slot(draft.slot)
    return found.during if found else Misread(fields.SLOT, texts.t("Choose a slot, or another time."))


def place_then(tx: Transaction, scene: Scene, during: Interval) -> int | None:
    """Return the place that goes with the time: the slot's, or that of the range around another time."""
    if scene.draft.slot == fields.SAME_START and scene.old:
        return scene.old.place_id
    found = drafts.slot(scene.draft.slot)
    if found:
        return found.place_id
    ranges = open_ranges(tx.agendas.ranges(scene.draft.main or 0), during)
    return next((r.place_id for r in ranges if r.during.contains(during)), None)


def spoken_values(during: Interval, texts: Texts) -> tuple[str, str, str]:
    """Return day, start and end as the fields of another time hold them."""
    start, end = texts.local(during.start), texts.local(during.end)
    return start.date().isoformat(), f"{start:%H:%M}", f"{end:%H:%M}"


def other_time(texts: Texts, day: str, starts: str, ends: str) -> tuple[Field, ...]:
    """Return the fields of a time that is none of the slots."""
    return (
        DateField(fields.DATE, texts.t("Day"), day, required=True, refreshes=True),
        TimeField(fields.FROM, texts.t("From"), starts, required=True),
        TimeField(fields.UNTIL, texts.t("Until"), ends, required=True),
    )


def _spoken(scene: Scene, texts: Texts) -> Interval | Misread:
    draft = scene.draft
    day, starts, ends = forms.day(draft.day), forms.clock(draft.starts), forms.clock(draft.ends)
    if day is None:
        return Misread(fields.DATE, texts.t("Give the day."))
    if starts is None:
        return Misread(fields.FROM, texts.t("Give a time such as 14:15."))
    if ends is None:
        return Misread(fields.UNTIL, texts.t("Give a time such as 14:15."))
    try:
        during = spoken_interval(day, starts, ends, texts.zone.key)
    except SkippedTime as refusal:
        return Misread(fields.FROM if refusal.time == f"{starts:%H:%M}" else fields.UNTIL, texts.error(refusal))
    except InvalidTime as refusal:
        return Misread(fields.UNTIL, texts.error(refusal))
    return during if during.duration <= LONGEST else Misread(fields.UNTIL, texts.error(TooLong()))


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
    longer = drafts.slot_value(Slot(_same(found.during, draft.duration), found.place_id))
    if longer in offered:
        return longer, typed
    return (fields.OTHER_TIME, spoken_values(found.during, texts)) if keep_time else ("", typed)


def _same(during: Interval, duration: timedelta) -> Interval:
    return Interval.lasting(during.start, duration)


def _same_start(scene: Scene, texts: Texts) -> tuple[OptionGroup, ...]:
    if scene.old is None:
        return ()
    during = _same(scene.old.during, scene.draft.duration)
    return (OptionGroup(texts.t("Start unchanged"), (Option(fields.SAME_START, moment(during, texts)),)),)


def _by_day(slots: list[Slot], places: Mapping[int, Place], texts: Texts) -> tuple[OptionGroup, ...]:
    days: dict[date, list[Option]] = {}
    for s in slots:
        days.setdefault(texts.local(s.during.start).date(), []).append(slot_option(s, places, texts))
    return tuple(OptionGroup(texts.day_and_month(day), tuple(options)) for day, options in days.items())


def slot_option(s: Slot, places: Mapping[int, Place], texts: Texts, *, with_day: bool = False) -> Option:
    """Return a slot as a choice, its place below it; `with_day` where no heading names the day."""
    label = moment(s.during, texts) if with_day else texts.hours(s.during)
    if s.marked:
        label = texts.t("{time} (to be confirmed)", time=label)
    place = places.get(s.place_id or 0)
    return Option(drafts.slot_value(s), label, place.label if place else "")


def _duration(scene: Scene, texts: Texts) -> Field:
    chosen = scene.draft.duration
    options = tuple(Option(_minutes(d), texts.duration(d)) for d in _durations(chosen))
    groups = (OptionGroup("", options),)
    return ChoiceField(fields.DURATION, texts.t("Duration"), groups, _minutes(chosen), required=True, refreshes=True)


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
