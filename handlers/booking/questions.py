"""What a refused booking asks back, inside the form (guide, step 6; rules 2 and 3)."""

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2s

from core.availability import Busy
from core.conflicts import NeedsConfirmation, conflict_key
from core.errors import OutsideAvailability, SlotTaken
from core.people import PartyKind, PartyRef
from core.ports import Transaction
from core.slots import nearest_slots
from core.times import Interval
from handlers.booking import fields
from handlers.booking.agendas import busy_words
from handlers.booking.draft import Draft, monday, slot
from handlers.booking.form import build
from handlers.booking.scene import Scene
from handlers.booking.times import chosen_time, slot_option, spoken_values
from handlers.cards.words import moment
from handlers.i18n import Texts
from handlers.ui import ChoiceField, Element, Field, Form, Notice, Option, OptionGroup, YesNo

Question = OutsideAvailability | SlotTaken | NeedsConfirmation


def ask(tx: Transaction, scene: Scene, question: Question, texts: Texts) -> Form:
    """Return the form with what stands in the way, and the ways on."""
    during = chosen_time(scene, texts)
    scene = replace(scene, draft=replace(scene.draft, instead="", confirm=False))
    if not isinstance(during, Interval) or scene.main is None:
        return build(tx, scene, texts)
    match question:
        case OutsideAvailability():
            text = texts.t(
                "This time is outside the availability of {name}. Do you want to become the main worker again?",
                name=scene.main.label,
            )
            become = Option(fields.BECOME_MAIN, texts.t("Become the main worker: both agendas then show"))
            parts = _instead(tx, scene, during, Notice(text, "warning"), [become], texts)
            return build(tx, scene, texts, parts, keep_time=True)
        case SlotTaken():
            text = texts.t(
                "{name} is no longer free at this time ({time}): another appointment has just taken it.",
                name=scene.main.label,
                time=moment(during, texts),
            )
            return build(tx, scene, texts, _instead(tx, scene, during, Notice(text, "error"), [], texts))
        case NeedsConfirmation(conflicts):
            shown = (_conflicts(scene, conflicts, texts), YesNo(fields.CONFIRM, texts.t("Book all the same")))
            return build(tx, scene, texts, shown, asked=[digest(c) for c in conflicts], keep_time=True)


def confirmed(draft: Draft, conflicts: Iterable[Busy]) -> frozenset[str]:
    """Return the keys of those conflicts that the person was shown and accepts."""
    if not draft.confirm:
        return frozenset()
    return frozenset(conflict_key(c) for c in conflicts if digest(c) in draft.opening.asked)


def digest(conflict: Busy) -> str:
    """Return a short name of a conflict, for the form to carry."""
    return blake2s(conflict_key(conflict).encode(), digest_size=4).hexdigest()


def take(scene: Scene, texts: Texts) -> Draft | None:
    """Return the draft after the chosen way on, None if none was chosen.

    Who becomes the main worker keeps the former one among the concerned parties, to be invited.
    """
    draft = scene.draft
    if draft.instead == fields.BECOME_MAIN:
        during = chosen_time(scene, texts)
        former = (PartyRef(PartyKind.WORKER, draft.main),) if draft.main and draft.main != scene.actor.id else ()
        draft = replace(draft, main=scene.actor.id, parties=(*draft.parties, *former), instead="")
        if isinstance(during, Interval):
            day, starts, ends = spoken_values(during, texts)
            draft = replace(draft, slot=fields.OTHER_TIME, day=day, starts=starts, ends=ends)
        return draft
    found = slot(draft.instead)
    if found is None:
        return None
    week = monday(texts.local(found.during.start).date())
    return replace(draft, slot=draft.instead, duration=found.during.duration, week=week, instead="")


def _instead(
    tx: Transaction, scene: Scene, during: Interval, said: Notice, first: list[Option], texts: Texts
) -> tuple[Field | Element, ...]:
    places = {p.id: p for p in tx.places.all()}
    main_id = scene.main.id if scene.main else 0
    nearest = nearest_slots(tx, main_id, during, scene.now, ignoring=scene.ignoring)
    options = [*first, *(slot_option(s, places, texts, with_day=True) for s in nearest)]
    if not options:
        return (said, Notice(texts.t("There is no free slot within two weeks around it.")))
    groups = (OptionGroup("", tuple(options)),)
    label = texts.t("What instead?") if first else texts.t("The nearest free slots")
    return (said, ChoiceField(fields.INSTEAD, label, groups, refreshes=True))


def _conflicts(scene: Scene, conflicts: Iterable[Busy], texts: Texts) -> Notice:
    names = {w.id: w.label for w in scene.shown}
    lines = [
        texts.t(
            "{name}: {what}, {time}",
            name=names.get(c.worker_id, ""),
            what=busy_words(c, texts, scene.ignoring),
            time=moment(c.during, texts),
        )
        for c in conflicts
    ]
    return Notice("\n".join([texts.t("Not everyone is free at this time:"), *lines]), "warning")
