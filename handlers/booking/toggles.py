"""Each concerned worker's two toggles: availability and external agenda (guide, step 7)."""

from core.people import Worker
from handlers.booking import fields
from handlers.booking.draft import Draft
from handlers.booking.scene import Scene
from handlers.i18n import Texts
from handlers.ui import Field, MultiChoiceField, Option, SearchField

MOST_PAIRS = 41
"""The main worker and forty others have a pair each; of more, those whose agendas show are listed in two fields."""


def toggles(scene: Scene, texts: Texts) -> tuple[Field, ...]:
    """Return the toggles of everyone whose agenda shows."""
    if len(scene.shown) <= MOST_PAIRS:
        return tuple(_pair(worker, scene.draft, texts) for worker in scene.shown)
    return (
        _list(fields.AVAILABILITY_OF, fields.AVAILABILITY, texts.t("Availability shown of"), scene),
        _list(fields.EXTERNAL_OF, fields.EXTERNAL, texts.t("External agenda shown of"), scene),
    )


def _pair(worker: Worker, draft: Draft, texts: Texts) -> Field:
    options = (
        Option(fields.AVAILABILITY, texts.t("Availability")),
        Option(fields.EXTERNAL, texts.t("External agenda")),
    )
    on = draft.shows(worker.id)
    values = tuple(o.value for o in options if o.value in on)
    label = texts.t("Show in the agenda of {name}", name=worker.label)
    return MultiChoiceField(fields.toggles_of(worker.id), label, options, values, refreshes=True)


def _list(name: str, toggle: str, label: str, scene: Scene) -> Field:
    on = tuple(Option(str(w.id), w.label) for w in scene.shown if toggle in scene.draft.shows(w.id))
    return SearchField(name, label, on, multiple=True, refreshes=True)
