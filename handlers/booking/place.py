"""The place: the slot's, a known one, none, or one that is created with the booking (guide, step 5)."""

from collections.abc import Iterable, Sequence

from core.cases import Place
from core.rules import NAME_LIMIT
from handlers.booking import fields
from handlers.booking.scene import Scene
from handlers.i18n import Texts
from handlers.ui import ChoiceField, Field, Option, OptionGroup, TextField


def place_parts(scene: Scene, places: Iterable[Place], texts: Texts) -> tuple[Field, ...]:
    """Return the field of the place, with those of a new one if it is to be created."""
    draft = scene.draft
    first = (
        Option(fields.PLACE_OF_SLOT, texts.t("Place of the slot")),
        Option(fields.NO_PLACE, texts.t("No place")),
    )
    return place_fields(first, places, (draft.place, draft.place_name, draft.place_kind), texts)


def place_fields(
    first: Sequence[Option], places: Iterable[Place], typed: tuple[str, str, str], texts: Texts
) -> tuple[Field, ...]:
    """Return the choice of a place, the `first` options before the known ones, and the fields of a new one if chosen.

    `typed` are the choice, and the name and kind of the new place.
    """
    place, name, kind = typed
    known = tuple(Option(str(p.id), p.label) for p in places)
    options = (*first, *known, Option(fields.NEW_PLACE, texts.t("Create a new place…")))
    chosen = place if place in {o.value for o in options} else options[0].value
    groups = (OptionGroup("", options),)
    field = ChoiceField(fields.PLACE, texts.t("Place"), groups, chosen, required=True, refreshes=True)
    if chosen != fields.NEW_PLACE:
        return (field,)
    example = texts.t("For example: Implantations")
    return (
        field,
        TextField(fields.PLACE_NAME, texts.t("Name of the new place"), name, limit=NAME_LIMIT, required=True),
        TextField(fields.PLACE_KIND, texts.t("Kind of the new place"), kind, example, limit=NAME_LIMIT),
    )
