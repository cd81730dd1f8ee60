"""Quick booking: an appointment in words opens the form filled in, and says what is still unclear."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.availability import Slot
from core.message import N_
from core.people import Worker
from core.ports import Transaction
from core.rules import HORIZON
from handlers.booking import fields
from handlers.booking.draft import Draft, slot, slot_value
from handlers.booking.form import build
from handlers.booking.holding import Hold, carrying, chosen_hold, hold
from handlers.booking.meant import Meant, read_meant
from handlers.booking.questions import ask
from handlers.booking.scene import Scene, set_scene, slots_of_week
from handlers.booking.when import When, when_of
from handlers.context import Context
from handlers.forms import new_nonce
from handlers.i18n import Texts, from_to
from handlers.ui import Form, Notice, OpenForm, Outcome
from handlers.words import Part, Spoken

_PARTS = {
    Part.MORNING: N_("in the morning"),
    Part.AFTERNOON: N_("in the afternoon"),
    Part.EVENING: N_("in the evening"),
}


@dataclass(frozen=True, slots=True)
class _Look:
    """The form as the words fill it in; `wanted` is the chosen slot, to be held. `said` goes above it."""

    scene: Scene
    form: Form
    said: tuple[Notice, ...]
    wanted: Hold | None


async def quick(ctx: Context, text: str) -> Outcome | None:
    """Open the form with what was typed, the slot held; None where it says nothing of an appointment.

    The first "@name" is the main worker, the others are invited; without a name it is one's own agenda.
    """
    look = await ctx.read(lambda tx: _look(tx, ctx, text))
    if look is None:
        return None
    taken = await ctx.db.write(lambda tx: hold(tx, ctx, look.wanted)) if look.wanted else None
    if taken is None:
        return OpenForm(_below(look.said, carrying(look.form, look.wanted)))
    form = await ctx.read(lambda tx: carrying(ask(tx, look.scene, taken, ctx.texts), None))
    return OpenForm(_below(look.said, form))


def _look(tx: Transaction, ctx: Context, text: str) -> _Look | None:
    meant = read_meant(tx, ctx, text)
    if meant is None:
        return None
    when = when_of(meant.said, ctx.texts, ctx.now())
    scene = set_scene(tx, ctx.actor, _draft(ctx.actor, meant, when), ctx.now(), ctx.rules)
    free = slots_of_week(tx, scene, ctx.texts)
    scene = replace(scene, draft=_with_time(scene.draft, when, free, meant))
    form = build(tx, scene, ctx.texts)
    return _Look(scene, form, tuple(_notices(tx, scene, meant, when, free, ctx.texts)), chosen_hold(scene, form))


def _draft(actor: Worker, meant: Meant, when: When) -> Draft:
    workers = meant.people.workers if meant.people.led else (None, *meant.people.workers)
    main, *others = workers or (actor,)
    return Draft(
        nonce=new_nonce(),
        case=meant.case.number if meant.case else None,
        main=main.id if main else None,
        parties=tuple(w.ref for w in others if w),
        place=str(meant.said.place.id) if meant.said.place else fields.PLACE_OF_SLOT,
        duration=when.duration,
        week=when.week,
    )


def _with_time(draft: Draft, when: When, free: list[Slot], meant: Meant) -> Draft:
    """Choose the free slot that is meant, the one at the place that was named first; else it is another time."""
    place = meant.said.place.id if meant.said.place else None
    fitting = sorted((s for s in free if s.during == when.during), key=lambda s: s.place_id != place)
    if fitting:
        return replace(draft, slot=slot_value(fitting[0]))
    day, starts, ends = when.typed
    if not (starts or ends):
        return draft
    return replace(draft, slot=fields.OTHER_TIME, day=day, starts=starts, ends=ends)


def _notices(
    tx: Transaction, scene: Scene, meant: Meant, when: When, free: list[Slot], texts: Texts
) -> Iterator[Notice]:
    understood = " · ".join(_understood(scene, meant, when, texts))
    if understood:
        yield Notice(texts.t("Understood: {what}. Check it, then send the form.", what=understood))
    doubts = [*meant.doubts, *when.doubts, *_about_slots(tx, scene, meant, when, free, texts)]
    if doubts:
        yield Notice("\n".join(doubts), "warning")


def _understood(scene: Scene, meant: Meant, when: When, texts: Texts) -> Iterator[str]:
    """Return what was understood, without a client's name."""
    days = meant.said.days
    if when.during:
        yield f"{texts.day(when.during.start)}, {texts.hours(when.during)}"
    elif when.day:
        yield texts.day(when.day)
    elif days:
        yield texts.t("from {first} to {last}", first=texts.short_day(days.first), last=texts.short_day(days.last))
    if not when.during:
        yield from _time_alone(meant.said, when, texts)
    if meant.people.workers:
        yield ", ".join(w.name for w in scene.shown)
    if scene.case:
        yield texts.t("Case no. {number}", number=scene.case.number)
    if meant.said.place:
        yield meant.said.place.label


def _time_alone(said: Spoken, when: When, texts: Texts) -> Iterator[str]:
    if when.starts and when.ends:
        yield from_to(when.starts, when.ends)
    elif when.starts or when.ends:
        yield when.starts or when.ends
    if said.part:
        yield texts.t(_PARTS[said.part])
    if said.length:
        yield texts.t("for {duration}", duration=texts.duration(said.length))


def _about_slots(
    tx: Transaction, scene: Scene, meant: Meant, when: When, free: list[Slot], texts: Texts
) -> Iterator[str]:
    chosen, place = slot(scene.draft.slot), meant.said.place
    at = [s.place_id for s in free if chosen and s.during == chosen.during]
    if place is None and len(at) > 1:
        labels = texts.listed(found.label for p in at if (found := tx.places.find(p or 0)))
        yield texts.t("This time is offered at {places}: check the place.", places=labels)
    if chosen and place and chosen.place_id not in {None, place.id} and scene.main:
        other = tx.places.find(chosen.place_id or 0)
        label = other.label if other else ""
        yield texts.t("At this time {name} is available at {place}.", name=scene.main.name, place=label)
    if scene.main and when.during and not chosen:
        yield texts.t("This is none of the free slots: the reasons are beside the time.")
    if scene.main and when.day and not (when.starts or when.ends):
        starts = [start for s in free if (start := texts.local(s.during.start)).date() == when.day]
        known = texts.local(scene.now).date() <= when.day <= texts.local(scene.now + HORIZON).date()
        if known and not any(meant.said.part is None or meant.said.part.holds(start.time()) for start in starts):
            yield texts.t("There is no free slot then.")


def _below(said: tuple[Notice, ...], form: Form) -> Form:
    return replace(form, parts=(*said, *form.parts))
