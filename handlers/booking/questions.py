"""What a refused booking asks back, inside the form (guide, step 6; rules 2 and 3)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from hashlib import blake2s
from typing import TypeVar

from core.availability import Busy
from core.conflicts import NeedsConfirmation, conflict_key
from core.errors import Away, Held, OutsideAvailability, SlotTaken
from core.people import PartyKind, PartyRef
from core.ports import Transaction
from core.slots import nearest_slots
from core.times import Interval
from handlers.booking import fields
from handlers.booking.chosen import chosen_time, spoken_values
from handlers.booking.conflicts import conflicts_notice
from handlers.booking.draft import Draft, Mode, monday, slot
from handlers.booking.form import build
from handlers.booking.scene import Scene
from handlers.booking.times import slot_option
from handlers.cards.words import moment
from handlers.i18n import Texts
from handlers.ui import ChoiceField, Element, Field, Form, Notice, Option, OptionGroup, YesNo

T = TypeVar("T")

Question = OutsideAvailability | SlotTaken | Away | NeedsConfirmation
QUESTIONS = (OutsideAvailability, SlotTaken, Away, NeedsConfirmation)
_NAMED = 20


def ask(tx: Transaction, scene: Scene, question: Question, texts: Texts) -> Form:
    """Return the form with what stands in the way, and the ways on."""
    during = chosen_time(scene, texts)
    to_open = scene.draft.instead == fields.ASK_TO_OPEN
    scene = replace(scene, draft=replace(scene.draft, instead="", confirm=False))
    if not isinstance(during, Interval) or scene.main is None:
        return build(tx, scene, texts)
    name, time = scene.main.label, moment(during, texts)
    match question:
        case OutsideAvailability():
            return _outside(tx, scene, during, texts, to_open=to_open)
        case Held():
            said = Notice(texts.error(question), "error")
        case SlotTaken():
            said = Notice(
                texts.t(
                    "{name} is no longer free at this time ({time}): another appointment has just taken it.",
                    name=name,
                    time=time,
                ),
                "error",
            )
        case Away():
            said = Notice(texts.t("{name} is away at this time ({time}).", name=name, time=time), "error")
        case NeedsConfirmation(conflicts):
            names = {w.id: w.label for w in scene.shown}
            said = conflicts_notice(conflicts, names, texts, ignoring=scene.ignoring)
            shown = (said, YesNo(fields.CONFIRM, texts.t("Book all the same")))
            return build(tx, scene, texts, shown, asked=asked_of(conflicts), keep_time=True)
    return build(tx, scene, texts, _instead(tx, scene, during, said, [], texts))


def over_shown(carry_out: Callable[[frozenset[str]], T], asked: Collection[str], *, confirm: bool) -> T:
    """Carry it out over those conflicts alone that the form has shown (`asked`) and the person confirms.

    `carry_out` takes the keys of what is confirmed. Raises NeedsConfirmation for what else stands in the way.
    """
    try:
        return carry_out(frozenset())
    except NeedsConfirmation as question:
        accepted = _shown_before(question.conflicts, asked) if confirm else frozenset()
        if not accepted:
            raise
        return carry_out(accepted)


def asked_of(conflicts: Sequence[Busy]) -> tuple[str, ...]:
    """Return short names of the conflicts that a form shows, for it to carry; one for all of many (docs/adr/0005)."""
    keys = [conflict_key(c) for c in conflicts]
    return tuple(map(_digest, keys)) if len(keys) <= _NAMED else (_digest("\n".join(sorted(keys))),)


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


def _outside(tx: Transaction, scene: Scene, during: Interval, texts: Texts, *, to_open: bool) -> Form:
    """Offer the three ways on of rule 2; with `to_open`, asking the owner is chosen and the form sends it."""
    name, label = (scene.main.name, scene.main.label) if scene.main else ("", "")
    text = texts.t(
        "This time is outside the availability of {name}. Do you want to become the main worker again?", name=label
    )
    ways = [Option(fields.BECOME_MAIN, texts.t("Become the main worker: both agendas then show"))]
    if scene.draft.opening.mode is Mode.NEW:
        ways.append(Option(fields.ASK_TO_OPEN, texts.t("Ask {name} to open this time", name=name)))
    value = fields.ASK_TO_OPEN if to_open else ""
    parts = _instead(tx, scene, during, Notice(text, "warning"), ways, texts, value)
    if not to_open:
        return build(tx, scene, texts, parts, keep_time=True)
    told = Notice(texts.t("Send the form: {name} gets your request, and opens this time with one click.", name=name))
    return build(tx, scene, texts, (*parts, told), keep_time=True, submit=texts.t("Send the request"))


def _instead(
    tx: Transaction,
    scene: Scene,
    during: Interval,
    said: Notice,
    first: list[Option],
    texts: Texts,
    value: str = "",
) -> tuple[Field | Element, ...]:
    places = {p.id: p for p in tx.places.all()}
    nearest = nearest_slots(
        tx,
        scene.main.id if scene.main else 0,
        during,
        scene.now,
        scene.rules,
        kind=scene.draft.kind,
        ignoring=scene.ignoring,
        viewer_id=scene.actor.id,
    )
    options = [*first, *(slot_option(s, places, texts, with_day=True) for s in nearest)]
    if not options:
        return (said, Notice(texts.t("There is no free slot within two weeks around it.")))
    groups = (OptionGroup("", tuple(options)),)
    label = texts.t("What instead?") if first else texts.t("The nearest free slots")
    return (said, ChoiceField(fields.INSTEAD, label, groups, value, refreshes=True))


def _shown_before(conflicts: Sequence[Busy], asked: Collection[str]) -> frozenset[str]:
    """Return the keys of those conflicts that are among the `asked`, as `asked_of` names them."""
    keys = frozenset(conflict_key(c) for c in conflicts)
    if set(asked_of(conflicts)) <= set(asked):
        return keys
    return frozenset(key for key in keys if _digest(key) in asked)


def _digest(key: str) -> str:
    return blake2s(key.encode(), digest_size=4).hexdigest()
