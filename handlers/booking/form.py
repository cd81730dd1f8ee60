"""The booking form, laid out in the guide's order (steps 3 to 7)."""

from collections.abc import Sequence
from dataclasses import replace

from core.ports import Transaction
from core.reasons import reasons_against
from core.rules import COMMENT_LIMIT
from core.times import Interval
from handlers.booking import fields
from handlers.booking.agendas import agenda_parts
from handlers.booking.chosen import spoken_time
from handlers.booking.draft import Draft, Mode
from handlers.booking.parties import case_part, kind_parts, main_part, parties_parts
from handlers.booking.place import place_part
from handlers.booking.scene import Scene, in_a_week_with_slots
from handlers.booking.times import time_parts
from handlers.cards.reasons import names_in, why_notice
from handlers.i18n import Texts
from handlers.ui import DateField, Element, Field, Form, Notice, TextField

_Parts = tuple[Field | Element, ...]


def build(
    tx: Transaction,
    scene: Scene,
    texts: Texts,
    question: _Parts = (),
    *,
    asked: Sequence[str] = (),
    keep_time: bool = False,
    submit: str = "",
) -> Form:
    """Return the form as the draft stands, below a `question` that came up.

    `asked` are the digests of the conflicts in it. With `keep_time`, a time that is no free slot stays chosen.
    `submit` says what sending the form does, if that is not to book.
    """
    scene, slots = in_a_week_with_slots(tx, scene, texts)
    draft = scene.draft
    places = {place.id: place for place in tx.places.all()}
    week, slot = time_parts(scene, slots, places, texts, keep_time=keep_time)
    parts: _Parts = (
        *question,
        case_part(scene, texts),
        main_part(scene, texts),
        *parties_parts(scene, texts),
        *kind_parts(tx, scene.main.id if scene.main else 0, draft.kind, texts),
        place_part(scene, places.values(), texts),
        *week,
        *agenda_parts(tx, scene, places, texts),
        *slot,
        *(() if question else _why(tx, scene, texts)),
        TextField(fields.COMMENT, texts.t("Comment"), draft.comment, limit=COMMENT_LIMIT, multiline=True),
    )
    opening = replace(
        draft.opening,
        toggles=tuple(w.id for w in scene.shown),
        asked=tuple(asked),
        revealed=any(isinstance(part, DateField) for part in parts),
    )
    editing = opening.mode is Mode.EDIT
    return Form(
        id=fields.FORM,
        title=texts.t("Edit appointment") if editing else texts.t("New appointment"),
        parts=parts,
        submit=submit or (texts.t("Save") if editing else texts.t("Book")),
        context=opening.encode(),
        nonce=draft.nonce,
    )


def unasked(draft: Draft, texts: Texts) -> tuple[Notice, ...]:
    """Ask for the fields of another time if the form did not show them yet."""
    if draft.slot != fields.OTHER_TIME or draft.opening.revealed:
        return ()
    return (Notice(texts.t("Give the day and the hours of the other time.")),)


def _why(tx: Transaction, scene: Scene, texts: Texts) -> tuple[Notice, ...]:
    """Return the reasons against another time, once its day and hours are given."""
    draft = scene.draft
    if draft.slot != fields.OTHER_TIME or scene.main is None:
        return ()
    during = spoken_time(draft.day, draft.starts, draft.ends, texts)
    if not isinstance(during, Interval):
        return ()
    reasons = reasons_against(
        tx,
        scene.main.id,
        during,
        scene.now,
        scene.rules,
        kind=draft.kind,
        invitees=[w.id for w in scene.invited if w.id not in scene.optional],
        ignoring=scene.ignoring,
        viewer_id=scene.actor.id,
    )
    return (why_notice(reasons, names_in(tx, scene.shown, reasons), texts),)
