"""A form as an Adaptive Card: all its fields at once, in a dialog or, where none can open, in a card of the chat."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bot.teams.actions import Ids, action_sets, execute, fetching, named
from bot.teams.fields import Around, field_parts, refreshes
from bot.teams.markdown import bold, escape
from bot.teams.render import SIGNS, adaptive_card, element_units, text_block, title_parts
from bot.teams.state import REFRESH, SUBMIT, write_state
from handlers.i18n import Texts
from handlers.ui import Field, Form, Option, OptionGroup

Json = dict[str, Any]
CARD_BYTES: Final = 24_000
"""Of a form that is a message: past it, it is opened as a dialog."""
CANCEL, BACK, OPEN = "cancel", "back", "open"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a form does not say of itself: what is wrong, the channels, pictures, what is beneath."""

    errors: Sequence[tuple[str, str]] = ()
    channels: Sequence[Option] = ()
    hosted: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, Sequence[OptionGroup]] = field(default_factory=dict)
    below: str = ""


NONE: Final = Surroundings()


def dialog(form: Form, texts: Texts, around: Surroundings = NONE) -> Json:
    """Return the answer that opens the form as a dialog, or shows it in the place of the one that is open."""
    submit = {"type": "Action.Submit", "title": named(form.submit), "style": "positive"}
    actions = [submit | {"data": write_state(form, SUBMIT, around.below)}]
    if _follows(form):
        refresh = {"type": "Action.Submit", "title": named(texts.t("Refresh"))}
        actions.insert(0, refresh | {"data": write_state(form, REFRESH, around.below)})
    if around.below:
        back = {"type": "Action.Submit", "title": named(texts.t("Back"))}
        actions.append(back | {"data": write_state(form, BACK, around.below)})
    card = adaptive_card([*submitting(_body(form, texts, around)), *action_sets(actions)])
    value = {
        "title": form.title.strip() or "rdv",
        "height": "large",
        "width": "large",
        "card": {"contentType": "application/vnd.microsoft.card.adaptive", "content": card},
    }
    return {"task": {"type": "continue", "value": value}}


def card_form(form: Form, texts: Texts, around: Surroundings = NONE) -> Json:
    """Return the form as a card of the chat; what becomes of it takes its place."""
    actions = [execute(form.submit, write_state(form, SUBMIT, around.below), style="positive")]
    if _follows(form):
        actions.insert(0, execute(texts.t("Refresh"), write_state(form, REFRESH, around.below)))
    if around.below:
        actions.append(execute(texts.t("Back"), write_state(form, BACK, around.below)))
    actions.append(execute(texts.t("Close the form"), write_state(form, CANCEL, around.below)))
    return adaptive_card([*title_parts(form.title), *_body(form, texts, around), *action_sets(actions)])


def offer(title: str, data: Json, texts: Texts) -> Json:
    """Return a card whose button fetches, with these data, the form that is too large for a message."""
    button = {"type": "Action.Submit", "title": texts.t("Open the form"), "style": "positive", "data": fetching(data)}
    said = text_block(texts.t("The form opens in a window of its own."))
    return adaptive_card([*title_parts(title), said, {"type": "ActionSet", "actions": [button]}])


def opening(form: Form, below: str) -> Json:
    """Return the data that open a form as it is kept."""
    return write_state(replace(form, parts=()), OPEN, below)


def fits_a_message(card: Json) -> bool:
    """Tell whether a card form can be posted."""
    return len(json.dumps(card, ensure_ascii=False).encode()) <= CARD_BYTES


def submitting(elements: list[Json]) -> list[Json]:
    """Return elements as a dialog holds them, which has no Action.Execute: each gives its place to its fallback."""
    return [_submitting(element) for element in elements]


def _submitting(element: Json) -> Json:
    shown = element["fallback"] if element["type"] == "Action.Execute" else element
    inner = {key: submitting(shown[key]) for key in ("actions", "items") if key in shown}
    return shown | inner


def _follows(form: Form) -> bool:
    return any(isinstance(part, Field) and refreshes(part) for part in form.parts)


def _body(form: Form, texts: Texts, around: Surroundings) -> list[Json]:
    ids, fields = Ids(), Around(texts.t("required"), form.id, form.context, around.channels, around.found)
    wrong = dict(around.errors)
    shown = {part.id for part in form.parts if isinstance(part, Field)}
    body = [
        text_block(escape(SIGNS["error"]) + bold(message), color="attention")
        for name, message in around.errors
        if name not in shown
    ]
    for part in form.parts:
        if isinstance(part, Field):
            body += field_parts(part, wrong.get(part.id, ""), fields)
        else:
            body += [block for unit in element_units(part, ids, around.hosted) for block in unit]
    if _follows(form):
        hint = texts.t("Changed something? “{refresh}” shows what follows from it.", refresh=texts.t("Refresh"))
        body.append(text_block(escape(hint), isSubtle=True, size="small"))
    return body
