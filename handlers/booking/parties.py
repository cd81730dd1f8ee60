"""The case, the main worker and the concerned parties, and who of them may be missing (guide, steps 3 and 4)."""

from dataclasses import replace

from core.people import Worker
from core.ports import Transaction
from core.text import fold
from handlers.booking import fields
from handlers.booking.draft import party_value
from handlers.booking.scene import Scene
from handlers.cards.words import case_name, client_name
from handlers.i18n import Texts
from handlers.ui import ChoiceField, Element, Field, MultiChoiceField, Option, OptionGroup, SearchField, Text, YesNo

MOST_TICKED = 10
_Parts = tuple[Field | Element, ...]


def case_part(scene: Scene, texts: Texts) -> Field | Element:
    """Return the case: to be read where the form was opened from it, else to be found."""
    if scene.draft.opening.case and scene.case:
        return Text(case_name(scene.case, texts, scene.now))
    chosen = (
        (Option(str(scene.case.number), case_name(scene.case, texts, scene.now)),) if scene.case is not None else ()
    )
    hint = texts.t("Type a case number or a client’s name.")
    return SearchField(fields.CASE, texts.t("Case"), chosen, hint=hint, required=True, refreshes=True)


def main_part(scene: Scene, texts: Texts) -> Field:
    """Return the field of the main worker."""
    chosen = (Option(str(scene.main.id), scene.main.label),) if scene.main else ()
    hint = texts.t("It is this person’s agenda that shows below.")
    return SearchField(fields.MAIN, texts.t("Main worker"), chosen, hint=hint, required=True, refreshes=True)


def parties_parts(scene: Scene, texts: Texts) -> _Parts:
    """Return the fields of the concerned parties, with those of the case ticked off."""
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
        return (replace(search, label=texts.t("Concerned parties")), *_attendance(scene, texts))
    clients_field = MultiChoiceField(fields.CLIENTS, texts.t("Concerned parties: clients"), offered, ticked)
    return (clients_field, search, *_attendance(scene, texts))


def kind_parts(tx: Transaction, worker_id: int, chosen: str, texts: Texts) -> tuple[Field, ...]:
    """Return the field of the kind of appointment, if the worker's ranges name kinds or one is chosen."""
    known = {fold(kind): kind for r in tx.agendas.ranges(worker_id) for kind in sorted(r.kinds)} if worker_id else {}
    if not known and not chosen:
        return ()
    known[fold(chosen)] = chosen
    options = tuple(Option(kind, kind) for _, kind in sorted(known.items()) if kind)
    label, hint = texts.t("Kind of appointment"), texts.t("Some of the availability is for certain kinds only.")
    return (ChoiceField(fields.KIND, label, (OptionGroup("", options),), chosen, hint, refreshes=True),)


def _attendance(scene: Scene, texts: Texts) -> tuple[Field, ...]:
    """Return who of the invited may be missing, and whether all others must be free."""
    if not scene.invited:
        return ()
    everyone = YesNo(fields.EVERYONE, texts.t("Only when everyone is free"), value=scene.draft.everyone, refreshes=True)
    return (_optional(scene.invited, scene.optional, texts), everyone)


def _optional(invited: tuple[Worker, ...], optional: frozenset[int], texts: Texts) -> Field:
    label, hint = texts.t("Need not attend"), texts.t("The appointment can take place without them.")
    options = tuple(Option(str(w.id), w.label) for w in invited)
    chosen = tuple(o for w, o in zip(invited, options, strict=True) if w.id in optional)
    if len(options) > MOST_TICKED:
        return SearchField(fields.OPTIONAL, label, chosen, multiple=True, hint=hint, refreshes=True)
    values = tuple(o.value for o in chosen)
    return MultiChoiceField(fields.OPTIONAL, label, options, values, hint, refreshes=True)
