"""The booking form, laid out in the guide's order (steps 3 to 7)."""

from collections.abc import Sequence
from dataclasses import replace

from core.cases import Place
from core.ports import Transaction
from core.rules import COMMENT_LIMIT, NAME_LIMIT
from handlers.booking import fields
from handlers.booking.agendas import agenda_parts
from handlers.booking.draft import Draft, Mode, party_value
from handlers.booking.scene import Scene, in_a_week_with_slots
from handlers.booking.times import time_parts
from handlers.cards.words import case_name, client_name
from handlers.i18n import Texts
from handlers.ui import (
    ChoiceField,
    DateField,
    Element,
    Field,
    Form,
    MultiChoiceField,
    Notice,
    Option,
    OptionGroup,
    SearchField,
    Text,
    TextField,
)

MOST_TICKED = 10
_Parts = tuple[Field | Element, ...]


def build(
    tx: Transaction,
    scene: Scene,
    texts: Texts,
    question: _Parts = (),
    *,
    asked: Sequence[str] = (),
    keep_time: bool = False,
) -> Form:
    """Return the form as the draft stands, below a `question` that came up.

    `asked` are the digests of the conflicts in it. With `keep_time`, a time that is no free slot stays chosen.
    """
    scene = in_a_week_with_slots(tx, scene, texts)
    draft = scene.draft
    places = {place.id: place for place in tx.places.all()}
    week, slot = time_parts(tx, scene, places, texts, keep_time=keep_time)
    parts: _Parts = (
        *question,
        _case(scene, texts),
        _main(scene, texts),
        *_parties(scene, texts),
        *_place(scene, list(places.values()), texts),
        *week,
        *agenda_parts(tx, scene, places, texts),
        *slot,
        TextField(fields.COMMENT, texts.t("Comment"), draft.comment, limit=COMMENT_LIMIT, multiline=True),
    )
    present = {part.id for part in parts if isinstance(part, TextField | DateField)}
    opening = replace(
        draft.opening,
        toggles=tuple(w.id for w in scene.shown),
        asked=tuple(asked),
        revealed=tuple(name for name in (fields.DATE, fields.PLACE_NAME) if name in present),
    )
    editing = opening.mode is Mode.EDIT
    return Form(
        id=fields.FORM,
        title=texts.t("Edit appointment") if editing else texts.t("New appointment"),
        parts=parts,
        submit=texts.t("Save") if editing else texts.t("Book"),
        context=opening.encode(),
        nonce=draft.nonce,
    )


def unasked(draft: Draft, texts: Texts) -> tuple[Notice, ...]:
    """Ask for the fields that a choice calls for and the form did not show yet."""
    needed = []
    if draft.slot == fields.OTHER_TIME and fields.DATE not in draft.opening.revealed:
        needed.append(Notice(texts.t("Give the day and the hours of the other time.")))
    if draft.place == fields.NEW_PLACE and fields.PLACE_NAME not in draft.opening.revealed:
        needed.append(Notice(texts.t("Name the new place.")))
    return tuple(needed)


def _case(scene: Scene, texts: Texts) -> Field | Element:
    if scene.draft.opening.case and scene.case:
        return Text(case_name(scene.case, texts, scene.now))
    chosen = (
        (Option(str(scene.case.number), case_name(scene.case, texts, scene.now)),) if scene.case is not None else ()
    )
    hint = texts.t("Type a case number or a client’s name.")
    return SearchField(fields.CASE, texts.t("Case"), chosen, hint=hint, required=True, refreshes=True)


def _main(scene: Scene, texts: Texts) -> Field:
    chosen = (Option(str(scene.main.id), scene.main.label),) if scene.main else ()
    hint = texts.t("It is this person’s agenda that shows below.")
    return SearchField(fields.MAIN, texts.t("Main worker"), chosen, hint=hint, required=True, refreshes=True)


def _parties(scene: Scene, texts: Texts) -> _Parts:
    clients = scene.case.clients if scene.case and len(scene.case.clients) <= MOST_TICKED else ()
    offered = tuple(Option(party_value(c.ref), client_name(c, texts, scene.now)) for c in clients)
    values = [party_value(p) for p in scene.draft.parties]
    ticked = tuple(o.value for o in offered if o.value in values)
    others = tuple(
        Option(value, scene.people[p].label)
        for p, value in zip(scene.draft.parties, values, strict=True)
        if value not in ticked
    )
    hint = texts.t(
        "Clients of the case, personal and professional contacts, workers. An added worker’s agenda shows too."
    )
    search = SearchField(
        fields.PARTIES, texts.t("Other concerned parties"), others, multiple=True, hint=hint, refreshes=True
    )
    if not offered:
        return (replace(search, label=texts.t("Concerned parties")),)
    return (MultiChoiceField(fields.CLIENTS, texts.t("Concerned parties: clients"), offered, ticked), search)


def _place(scene: Scene, places: list[Place], texts: Texts) -> _Parts:
    draft = scene.draft
    first = (
        Option(fields.PLACE_OF_SLOT, texts.t("Place of the slot")),
        Option(fields.NO_PLACE, texts.t("No place")),
    )
    known = tuple(Option(str(p.id), p.label) for p in places)
    new = Option(fields.NEW_PLACE, texts.t("Create a new place…"))
    values = {o.value for o in (*first, *known, new)}
    chosen = draft.place if draft.place in values else fields.PLACE_OF_SLOT
    groups = (OptionGroup("", (*first, *known, new)),)
    field = ChoiceField(fields.PLACE, texts.t("Place"), groups, chosen, required=True, refreshes=True)
    if chosen != fields.NEW_PLACE:
        return (field,)
    return (
        field,
        TextField(
            fields.PLACE_NAME, texts.t("Name of the new place"), draft.place_name, limit=NAME_LIMIT, required=True
        ),
        TextField(
            fields.PLACE_KIND,
            texts.t("Kind of the new place"),
            draft.place_kind,
            hint=texts.t("For example: Implantations"),
            limit=NAME_LIMIT,
        ),
    )
