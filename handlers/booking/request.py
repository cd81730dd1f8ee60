"""From the form to a booking request, or to what is wrong beside each field."""

from core.booking import BookingRequest
from core.errors import InvalidTime, MissingChoice
from core.people import PartyRef
from core.ports import Transaction
from core.rules import COMMENT_LIMIT, KIND_LIMIT
from handlers.booking import fields
from handlers.booking.chosen import Misread, chosen_time, place_then
from handlers.booking.scene import Scene
from handlers.forms import text_errors, whole
from handlers.i18n import Texts
from handlers.ui import FieldErrors


def request_of(tx: Transaction, scene: Scene, texts: Texts) -> BookingRequest | FieldErrors:
    """Return what is asked for, or every field that keeps it from being asked."""
    during = chosen_time(scene, texts)
    errors = [*_missing(scene, texts), *_bad_texts(scene, texts)]
    if isinstance(during, Misread):
        errors.append((during.field, during.message))
        return FieldErrors(tuple(errors))
    if errors or scene.case is None or scene.main is None:
        return FieldErrors(tuple(errors))
    return BookingRequest(
        case_number=scene.case.number,
        main_worker_id=scene.main.id,
        during=during,
        zone=texts.zone.key,
        parties=_in_known_order(scene),
        place=_place(scene, place_then(tx, scene, during)),
        comment=scene.draft.comment,
        kind=scene.draft.kind,
        optional=scene.optional,
    )


def time_field(scene: Scene) -> str:
    """Return the field beside which a refused time is explained."""
    return fields.DATE if scene.draft.slot == fields.OTHER_TIME else fields.SLOT


def refused(scene: Scene, refusal: InvalidTime | MissingChoice, texts: Texts) -> FieldErrors:
    """Return what the rules refuse, beside its field."""
    field = fields.PARTIES if isinstance(refusal, MissingChoice) else time_field(scene)
    return FieldErrors(((field, texts.error(refusal)),))


def _missing(scene: Scene, texts: Texts) -> list[tuple[str, str]]:
    draft, errors = scene.draft, []
    if scene.case is None:
        errors.append((fields.CASE, texts.t("Choose a case that you can open.")))
    if scene.main is None:
        errors.append((fields.MAIN, texts.t("Choose the main worker.")))
    if not draft.parties:
        errors.append((fields.PARTIES, texts.error(MissingChoice())))
    return errors


def _bad_texts(scene: Scene, texts: Texts) -> list[tuple[str, str]]:
    draft = scene.draft
    typed = [(fields.COMMENT, draft.comment, COMMENT_LIMIT), (fields.KIND, draft.kind, KIND_LIMIT)]
    return text_errors(typed, texts)


def _in_known_order(scene: Scene) -> tuple[PartyRef, ...]:
    """Keep the order of an edited appointment, so that an unchanged form changes nothing."""
    chosen = scene.draft.parties
    before = [p for p in scene.old.parties if p in chosen] if scene.old else []
    return tuple(dict.fromkeys([*before, *chosen]))


def _place(scene: Scene, of_time: int | None) -> int | None:
    draft = scene.draft
    match draft.place:
        case fields.PLACE_OF_SLOT:
            return of_time
        case fields.NO_PLACE:
            return None
        case _:
            return whole(draft.place)
