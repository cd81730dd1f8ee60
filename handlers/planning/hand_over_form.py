"""The appointments that fall in an absence, with what to do about them: give them to a colleague, or move them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.absences import falling_in
from core.appointments import Appointment
from core.availability import Absence, Slot
from core.cases import Place
from core.errors import NotFound
from core.handover import next_free
from core.message import N_
from core.people import PartyKind, PartyRef, Worker
from core.ports import Transaction
from handlers.booking.draft import slot, slot_value
from handlers.cards.words import moment
from handlers.context import Context
from handlers.forms import many, one, whole
from handlers.i18n import Texts
from handlers.planning import fields
from handlers.planning.absence_form import absence_words
from handlers.planning.questions import line_of
from handlers.ui import (
    ChoiceField,
    Element,
    Facts,
    Field,
    Form,
    MultiChoiceField,
    Notice,
    Option,
    OptionGroup,
    SearchField,
    Text,
    Value,
    YesNo,
)

MOST_TICKED = 10
NO_SLOT = N_("no free slot in the next twelve months")
_TRIED = 50
_Parts = tuple[Field | Element, ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """The form's values; `chosen` is None before the person has ticked anything: all of the page, then.

    What is chosen are appointments with the revision that was shown. The form carries, beside its values and never
    trusted: for which `how` it shows the fields, the slots that it has `offered` by appointment, and digests of the
    conflicts that it `asked` to confirm.
    """

    absence_id: int
    nonce: str
    page: int = 0
    chosen: Mapping[int, int] | None = None
    how: str = ""
    colleague: int | None = None
    confirm: bool = False
    shown: str = ""
    offered: Mapping[int, Slot] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()

    def context(self) -> str:
        """Return what the form carries."""
        offered = ",".join(f"{number}.{slot_value(found)}" for number, found in self.offered.items())
        return f"{self.absence_id}/{self.shown}/{offered}/{'.'.join(sorted(self.asked))}"


def read_hand_over(context: str, nonce: str, values: Mapping[str, Value]) -> HandOver:
    """Return what a form sent. Raises NotFound if the context is not one of ours."""
    parts = context.split("/")
    absence_id = whole(parts[0])
    if absence_id is None or len(parts) != 4:  # noqa: PLR2004 - the four of them
        raise NotFound
    how = one(values, fields.HOW)
    return HandOver(
        absence_id=absence_id,
        nonce=nonce,
        page=whole(one(values, fields.PAGE)) or 0,
        chosen=_chosen(many(values, fields.CHOSEN)),
        how=how if how in {fields.GIVE, fields.MOVE} else "",
        colleague=whole(one(values, fields.COLLEAGUE)),
        confirm=one(values, fields.CONFIRM) == "yes",
        shown=parts[1],
        offered=_offered(parts[2]),
        asked=frozenset(digest for digest in parts[3].split(".") if digest),
    )


def hand_over_form(tx: Transaction, ctx: Context, absence: Absence, state: HandOver, *said: Notice) -> Form:
    """Return the form as its values stand, below what was `said`."""
    t = ctx.texts.t
    falling = falling_in(tx, ctx.actor.id, absence.during, ctx.now())
    page = state.page if state.page * MOST_TICKED < len(falling) else 0
    shown = falling[page * MOST_TICKED : (page + 1) * MOST_TICKED]
    offered = proposals(tx, ctx, shown, absence.during.end) if state.how == fields.MOVE else {}
    parts: _Parts = (
        *(said or (Text(absence_words(absence, ctx.texts)),)),
        *_pages(len(falling), page, ctx.texts),
        _ticks(shown, state, ctx.texts),
        _how(state, ctx.texts),
        *(_colleague(tx, state, ctx.texts) if state.how == fields.GIVE else ()),
        *(_times(tx, shown, offered, ctx.texts) if state.how == fields.MOVE else ()),
        *((YesNo(fields.CONFIRM, t("Give them all the same")),) if state.asked and state.how == fields.GIVE else ()),
    )
    carried = replace(state, shown=state.how, offered=offered).context()
    title = t("Appointments concerned")
    return Form(fields.HAND_OVER_FORM, title, parts, t("Carry out"), carried, state.nonce)


def proposals(tx: Transaction, ctx: Context, appointments: Sequence[Appointment], after: datetime) -> dict[int, Slot]:
    """Return the first free slot of each after the absence, no two at the same time; none where there is none."""
    found: dict[int, Slot] = {}
    for appointment in appointments:
        start = after
        for _ in range(_TRIED):
            free = next_free(tx, appointment, start, ctx.now(), ctx.rules)
            if free is None:
                break
            taken = [s.during.end for s in found.values() if s.during.overlaps(free.during)]
            if not taken:
                found[appointment.id] = free
                break
            start = max(taken)
    return found


def _pages(count: int, page: int, texts: Texts) -> tuple[Field, ...]:
    if count <= MOST_TICKED:
        return ()
    options = tuple(
        Option(
            str(n),
            texts.t(
                "{first} to {last} of {count}",
                first=n * MOST_TICKED + 1,
                last=min((n + 1) * MOST_TICKED, count),
                count=count,
            ),
        )
        for n in range((count + MOST_TICKED - 1) // MOST_TICKED)
    )
    groups = (OptionGroup("", options),)
    return (ChoiceField(fields.PAGE, texts.t("Page"), groups, str(page), required=True, refreshes=True),)


def _ticks(shown: Sequence[Appointment], state: HandOver, texts: Texts) -> Field:
    options = tuple(Option(f"{a.id}.{a.revision}", line_of(a, texts)) for a in shown)
    ticked = tuple(o.value for o, a in zip(options, shown, strict=True) if state.chosen is None or a.id in state.chosen)
    return MultiChoiceField(fields.CHOSEN, texts.t("Appointments that fall in it"), options, ticked)


def _how(state: HandOver, texts: Texts) -> Field:
    options = (
        Option(fields.GIVE, texts.t("Give them to a colleague")),
        Option(fields.MOVE, texts.t("Move them to the first free slot after the absence")),
    )
    groups = (OptionGroup("", options),)
    label, hint = texts.t("What to do with those that are ticked"), texts.t("Those concerned are told of it.")
    return ChoiceField(fields.HOW, label, groups, state.how, hint, required=True, refreshes=True)


def _colleague(tx: Transaction, state: HandOver, texts: Texts) -> tuple[Field, ...]:
    ref = PartyRef(PartyKind.WORKER, state.colleague or 0)
    found = tx.people.find([ref]).get(ref)
    chosen = (Option(str(found.id), found.label),) if isinstance(found, Worker) and found.active else ()
    return (SearchField(fields.COLLEAGUE, texts.t("Colleague"), chosen, required=True),)


def _times(
    tx: Transaction, shown: Sequence[Appointment], offered: Mapping[int, Slot], texts: Texts
) -> tuple[Element, ...]:
    places = {p.id: p for p in tx.places.all()}
    pairs = ((line_of(a, texts), _proposed(offered.get(a.id), places, texts)) for a in shown)
    return (Text(texts.t("Proposed times:")), Facts(tuple(pairs)))


def _proposed(found: Slot | None, places: Mapping[int, Place], texts: Texts) -> str:
    if found is None:
        return texts.t(NO_SLOT)
    place = places.get(found.place_id or 0)
    return ", ".join([moment(found.during, texts), *([place.label] if place else [])])


def _chosen(values: Sequence[str]) -> dict[int, int]:
    """Return the revisions of those that are ticked."""
    found: dict[int, int] = {}
    for value in values[:MOST_TICKED]:
        number, _, revision = value.partition(".")
        appointment_id, seen = whole(number), whole(revision)
        if appointment_id and seen:
            found[appointment_id] = seen
    return found


def _offered(text: str) -> dict[int, Slot]:
    found: dict[int, Slot] = {}
    for piece in text.split(","):
        number, _, value = piece.partition(".")
        appointment_id, offered = whole(number), slot(value)
        if appointment_id and offered:
            found[appointment_id] = offered
    return found
