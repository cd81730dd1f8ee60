"""The interval that the slot, the duration and another time mean together, and the place that goes with it."""

from dataclasses import dataclass
from datetime import timedelta

from core.errors import InvalidTime, SkippedTime, TooLong
from core.kinds import takes
from core.ports import Transaction
from core.ranges import open_ranges
from core.rules import LONGEST
from core.times import Interval, spoken_interval
from handlers import forms
from handlers.booking import draft as drafts
from handlers.booking import fields
from handlers.booking.scene import Scene
from handlers.i18n import Texts


@dataclass(frozen=True, slots=True)
class Misread:
    """A time that cannot be read: which field, and what to say beside it."""

    field: str
    message: str


def chosen_time(scene: Scene, texts: Texts) -> Interval | Misread:
    """Return the interval that the draft means."""
    draft = scene.draft
    if draft.slot == fields.OTHER_TIME:
        return spoken_time(draft.day, draft.starts, draft.ends, texts)
    if draft.slot == fields.SAME_START and scene.old:
        return same_start(scene.old.during, draft.duration)
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
    kind = scene.draft.kind
    return next((r.place_id for r in ranges if r.during.contains(during) and takes(r.kinds, kind)), None)


def spoken_values(during: Interval, texts: Texts) -> tuple[str, str, str]:
    """Return day, start and end as the fields of another time hold them."""
    start, end = texts.local(during.start), texts.local(during.end)
    return start.date().isoformat(), f"{start:%H:%M}", f"{end:%H:%M}"


def spoken_time(day: str, starts: str, ends: str, texts: Texts) -> Interval | Misread:
    """Return the interval that a day and two times of day mean on the reader's clock."""
    found, first, last = forms.day(day), forms.clock(starts), forms.clock(ends)
    if found is None:
        return Misread(fields.DATE, texts.t("Give the day."))
    if first is None:
        return Misread(fields.FROM, texts.t("Give a time such as 14:15."))
    if last is None:
        return Misread(fields.UNTIL, texts.t("Give a time such as 14:15."))
    try:
        during = spoken_interval(found, first, last, texts.zone.key)
    except SkippedTime as refusal:
        return Misread(fields.FROM if refusal.time == f"{first:%H:%M}" else fields.UNTIL, texts.error(refusal))
    except InvalidTime as refusal:
        return Misread(fields.UNTIL, texts.error(refusal))
    return during if during.duration <= LONGEST else Misread(fields.UNTIL, texts.error(TooLong()))


def same_start(during: Interval, duration: timedelta) -> Interval:
    """Return the interval of that duration with the same start."""
    return Interval.lasting(during.start, duration)
