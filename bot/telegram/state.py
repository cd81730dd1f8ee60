"""How an open form stands: what is filled in, what is asked, in which messages; in the database between two of them."""

import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from bot.filled import values_of
from core.ports import Transaction
from handlers.codec import decode, encode
from handlers.ui import Field, Form, OptionGroup, Options, Picture, UpdateForm, Value
from storage.drafts import drop_draft, find_draft, save_draft

IDLE = timedelta(hours=2)
"""A form that nobody touches for so long is over."""
_MOST_STEPS = 30
SUMMARY = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What was given for a field that holds no value itself: a group, a file."""

    field: str
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One form. `asked` is the field in question, SUMMARY for all at once; `before` are those asked earlier.

    `passed` are the fields that one has gone on from; `told` are short names of what stood above earlier questions.
    """

    form: Form
    asked: str = SUMMARY
    before: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    given: tuple[Given, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The form's fields, in order."""
        return tuple(part for part in self.form.parts if isinstance(part, Field))

    @property
    def question(self) -> Field | None:
        """The field in question, None at the summary."""
        return self.find(self.asked)

    @property
    def values(self) -> dict[str, Value]:
        """What is filled in, as the form is sent."""
        return values_of(self.form) | {given.field: given.value for given in self.given}

    def find(self, field_id: str) -> Field | None:
        """Return the field of that id."""
        return next((f for f in self.fields if f.id == field_id), None)

    def ask(self, field_id: str) -> "Layer":
        """Return it with another field in question, and the way back."""
        if field_id == self.asked:
            return self
        return replace(self, asked=field_id, before=(*self.before, self.asked)[-_MOST_STEPS:])


@dataclass(frozen=True, slots=True)
class State:
    """All that is known of an open form; the last of `layers` is on top. `mark` names the question in its buttons.

    `found` is offered in answer to `query`. `messages` show the question, () until it is posted; `stale` go then;
    `pictures` were asked for. `at` is when it was last touched.
    """

    layers: tuple[Layer, ...]
    at: datetime
    mark: str = field(default_factory=lambda: secrets.token_hex(4))
    query: str = ""
    found: tuple[OptionGroup, ...] = ()
    messages: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()

    @property
    def top(self) -> Layer:
        """The form that is filled in now."""
        return self.layers[-1]

    def asking(self, layers: tuple[Layer, ...], now: datetime) -> "State":
        """Return it with another question, whose buttons are told from those of all others."""
        after = replace(self, layers=layers, at=now, mark=secrets.token_hex(4), query="", found=())
        if pictures_in(after.top.form) == pictures_in(self.top.form):
            return after
        return replace(after, stale=(*self.stale, *self.pictures), pictures=())  # they show what was

    def below(self) -> "State":
        """Return it so that it is shown below whatever was said meanwhile."""
        return replace(self, messages=(), stale=(*self.stale, *self.messages))

    def is_over(self, now: datetime) -> bool:
        """Tell whether nobody has touched it for too long."""
        return now - self.at > IDLE


@dataclass(frozen=True, slots=True)
class Saved:
    """What the database holds: a state with its version (0 for none); `repeated` when the delivery was acted on."""

    state: State | None
    version: int
    repeated: bool = False


def load(tx: Transaction, chat: int, delivery: str = "") -> Saved:
    """Return how the form of that chat stands."""
    repeated = bool(delivery) and tx.deliveries.find(delivery) is not None
    draft = find_draft(tx, _key(chat))
    return Saved(_read(draft.payload), draft.version, repeated) if draft else Saved(None, 0, repeated)


def save(tx: Transaction, chat: int, seen: Saved, state: State, delivery: str, now: datetime) -> bool:
    """Store the state in the place of the one `seen`, with the delivery that led to it; False if another was faster."""
    if delivery and tx.deliveries.find(delivery) is not None:
        return False
    saved = save_draft(tx, _key(chat), _written(state), seen.version, now)
    if saved and delivery:
        tx.deliveries.add(delivery, "", now)
    return saved


def drop(tx: Transaction, chat: int, seen: State, now: datetime) -> None:
    """Let go of the form, unless another question of it, or another form, is open by now; keep where it was closed."""
    found = load(tx, chat).state
    if found is not None and found.mark == seen.mark:
        drop_draft(tx, _key(chat))
        tx.deliveries.add(_closed(chat, seen.mark), "", now)


def was_closed(tx: Transaction, chat: int, mark: str) -> bool:
    """Tell whether this was the last question of a form: what became of it stands where it stood."""
    return tx.deliveries.find(_closed(chat, mark)) is not None


def without_drawings(form: Form) -> Form:
    """Return the form with the words of its pictures only: they are drawn when somebody asks for them."""
    return replace(form, parts=tuple(replace(p, svg="") if isinstance(p, Picture) else p for p in form.parts))


def pictures_in(form: Form) -> tuple[Picture, ...]:
    """Return the pictures of a form."""
    return tuple(part for part in form.parts if isinstance(part, Picture))


def _key(chat: int) -> str:
    return f"telegram:form:{chat}"


def _closed(chat: int, mark: str) -> str:
    return f"{_key(chat)}:closed:{mark}"


def _written(state: State) -> str:
    plain = {
        "layers": [_layer(layer) for layer in state.layers],
        "at": state.at.timestamp(),
        "mark": state.mark,
        "query": state.query,
        "found": encode(Options(state.found)),
        "messages": state.messages,
        "stale": state.stale,
        "pictures": state.pictures,
    }
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def _layer(layer: Layer) -> dict[str, Any]:
    return {
        "form": encode(UpdateForm(layer.form)),
        "asked": layer.asked,
        "before": layer.before,
        "passed": layer.passed,
        "told": layer.told,
        "errors": layer.errors,
        "given": [(g.field, g.value, g.label) for g in layer.given],
    }


def _read(payload: str) -> State:
    plain = json.loads(payload)
    return State(
        layers=tuple(_read_layer(layer) for layer in plain["layers"]),
        at=datetime.fromtimestamp(plain["at"], UTC),
        mark=plain["mark"],
        query=plain["query"],
        found=cast("Options", decode(plain["found"])).groups,
        messages=tuple(plain["messages"]),
        stale=tuple(plain["stale"]),
        pictures=tuple(plain["pictures"]),
    )


def _read_layer(plain: dict[str, Any]) -> Layer:
    return Layer(
        form=cast("UpdateForm", decode(plain["form"])).form,
        asked=plain["asked"],
        before=tuple(plain["before"]),
        passed=tuple(plain["passed"]),
        told=tuple(plain["told"]),
        errors=tuple((name, message) for name, message in plain["errors"]),
        given=tuple(Given(*given) for given in plain["given"]),
    )
