"""The place: the slot's, a known one, or none (guide, step 5)."""

from collections.abc import Iterable

from core.cases import Place
from handlers.booking import fields
from handlers.booking.scene import Scene
from handlers.i18n import Texts
from handlers.placing import place_field
from handlers.ui import Field, Option


def place_part(scene: Scene, places: Iterable[Place], texts: Texts) -> Field:
    """Return the field of the place."""
    first = (
        Option(fields.PLACE_OF_SLOT, texts.t("Place of the slot")),
        Option(fields.NO_PLACE, texts.t("No place")),
    )
    return place_field(first, places, scene.draft.place, texts)
