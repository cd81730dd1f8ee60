"""The field of a place: some choices that are none, the known places, and the way to a new one."""

from collections.abc import Iterable, Sequence

from core.cases import Place
from handlers.i18n import Texts
from handlers.placing import fields
from handlers.ui import ChoiceField, Field, Option, OptionGroup


def place_field(first: Sequence[Option], places: Iterable[Place], chosen: str, texts: Texts) -> Field:
    """Return the choice of a place, the `first` options before the known ones; the very first if none is chosen."""
    known = (*first, *(Option(str(p.id), p.label) for p in places))
    value = chosen if any(o.value == chosen for o in known) else known[0].value
    new = Option(f"{fields.NEW}.{value}", texts.t("Create a new place…"))
    groups = (OptionGroup("", (*known, new)),)
    return ChoiceField(fields.PLACE, texts.t("Place"), groups, value, required=True, refreshes=True)
