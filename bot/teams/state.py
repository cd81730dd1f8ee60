"""What a form's buttons carry: which form it is, and how its inputs are read back. It is opaque, and never trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.filled import value_of
from bot.teams.fields import kind_of, read_value, refreshes
from handlers.forms import restored
from handlers.ui import Field, Form, FormChange, FormSubmit, Value

Json = dict[str, Any]
FORM: Final = "form"
SUBMIT, REFRESH = "submit", "refresh"
MOST: Final = 200
"""Fields of one form: each that is said to have changed is followed, whoever says it."""


@dataclass(frozen=True, slots=True)
class FormState:
    """One form as it came back: `asked` is the button, `seen` what its refreshing fields held when it was shown.

    `below` names the draft of the form that lies under it, "" for none.
    """

    form_id: str
    context: str
    nonce: str
    below: str
    asked: str
    values: Mapping[str, Value]
    seen: Mapping[str, Value]

    @property
    def changed(self) -> list[str]:
        """The refreshing fields that hold something else by now, in their order."""
        return [name for name, value in self.seen.items() if self.values[name] != value]

    def submit(self) -> FormSubmit:
        """Return the form as it was sent."""
        return FormSubmit(self.form_id, self.context, self.nonce, self.values)

    def change(self, context: str, values: Mapping[str, Value], changed: str) -> FormChange:
        """Return one change of it."""
        return FormChange(self.form_id, context, self.nonce, values, changed)


def write_state(form: Form, asked: str, below: str) -> Json:
    """Return the data of one of the form's buttons."""
    fields = [_written(part) for part in form.parts if isinstance(part, Field)]
    return {FORM: {"id": form.id, "in": form.context, "of": form.nonce, "on": below, "do": asked, "has": fields}}


def read_state(data: Mapping[str, Any]) -> FormState | None:
    """Return the form that the data are of, None for none. Raises ValueError, TypeError, KeyError for a mangled one."""
    form = data.get(FORM)
    if form is None:
        return None
    values: dict[str, Value] = {}
    seen: dict[str, Value] = {}
    if len(form["has"]) > MOST:
        raise ValueError
    for name, kind, *before in form["has"]:
        values[str(name)] = read_value(str(name), str(kind), data)
        if before:
            seen[str(name)] = restored(before[0])
    texts = [form[key] for key in ("id", "in", "of", "on", "do")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
    form_id, context, nonce, below, asked = texts
    return FormState(form_id, context, nonce, below, asked, values, seen)


def _written(field: Field) -> list[Any]:
    seen = [value_of(field)] if refreshes(field) else []
    return [field.id, kind_of(field), *seen]
