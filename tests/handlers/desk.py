"""One worker at his desk: he types, clicks and fills in forms, as a platform would send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from core.people import Worker
from core.ports import Database, Transaction
from core.rules import Rules
from core.views import view_of
from handlers import router, ui
from handlers.cards.appointment import appointment_card
from handlers.context import Context
from handlers.i18n import Texts
from tests.clock import SetClock

_deliveries = count(1)


@dataclass
class Desk:
    """What `worker` does goes through the router; `rules` are the organisation's.

    He is on `platform`, alone with the bot if it is `private`; `doors` lead to it on the others.
    """

    worker: Worker
    db: Database
    clock: SetClock
    rules: Rules = field(default_factory=Rules)
    platform: str = "chat"
    private: bool = True
    doors: Mapping[str, str] = field(default_factory=dict)

    def as_(self, worker: Worker) -> "Desk":
        """Return a colleague's desk."""
        return replace(self, worker=worker)

    @property
    def texts(self) -> Texts:
        """The worker's language."""
        return Texts(self.worker.locale, self.worker.zone)

    async def send(self, event: ui.Inbound, delivery_key: str = "") -> ui.Outcome:
        """Hand one event to the router; each is a delivery of its own unless it is named."""
        key = delivery_key or f"delivery:{next(_deliveries)}"
        where = {"platform": self.platform, "tenant": "T1", "external_id": self.worker.handle}
        context = Context(
            self.worker, self.db, self.clock, self.texts, self.rules, key, self.private, **where, doors=self.doors
        )
        return await router.handle(context, event)

    async def type(self, text: str) -> ui.Card:
        """Type a message that is answered by a card."""
        return replied(await self.send(ui.TextReply(text)))

    async def click(self, card: ui.Card, label: str, item: int = 0) -> ui.Outcome:
        """Click the button with that label; `item` counts those that have it."""
        return await self.send(ui.ActionClick(buttons(card, label)[item].ref))

    async def open_form(self, card: ui.Card, label: str) -> "Filling":
        """Click a button that opens a form."""
        return self.filling(await self.click(card, label))

    def filling(self, outcome: ui.Outcome) -> "Filling":
        """Return the form that was opened."""
        assert isinstance(outcome, ui.OpenForm), outcome
        return Filling(self, outcome.form)

    async def card_of(self, appointment_id: int) -> ui.Card:
        """Return the appointment's card as the outbox sends it to this worker now."""

        def look(tx: Transaction) -> ui.Card:
            found = tx.appointments.find(appointment_id)
            assert found is not None
            view = view_of(tx, self.worker, found, self.clock.now())
            return appointment_card(view, self.texts, self.clock.now())

        return await self.db.read(look)


class Filling:
    """A form being filled in; a choice that refreshes it shows it anew at once. `below` waits under it."""

    def __init__(self, desk: Desk, form: ui.Form) -> None:
        self.desk = desk
        self.form = form
        self.values = values_of(form)
        self.below: ui.Form | None = None

    async def choose(self, field_id: str, value: ui.Value) -> None:
        """Fill in one field."""
        found = self.field(field_id)
        self.values[field_id] = value
        if getattr(found, "refreshes", False):
            change = ui.FormChange(self.form.id, self.form.context, self.form.nonce, self.values, field_id)
            outcome = await self.desk.send(change)
            assert isinstance(outcome, ui.UpdateForm | ui.PushForm), outcome
            self._follow(outcome)

    async def submit(self, delivery_key: str = "") -> ui.Outcome:
        """Send the form; a question that comes up is shown."""
        sent = ui.FormSubmit(self.form.id, self.form.context, self.form.nonce, self.values)
        outcome = await self.desk.send(sent, delivery_key)
        self._follow(outcome)
        return outcome

    async def new_place(self, name: str, kind: str = "") -> ui.Outcome:
        """Create a place in the form above, which is sent."""
        field = self.field("place")
        assert isinstance(field, ui.ChoiceField)
        await self.choose("place", field.groups[0].options[-1].value)
        self.values |= {"name": name, "kind": kind}
        return await self.submit()

    def close(self) -> None:
        """Close the form above, which leads back to the one below."""
        assert self.below is not None
        self.form, self.below = self.below, None
        self.values = values_of(self.form)

    async def search(self, field_id: str, query: str) -> dict[str, list[str]]:
        """Type in a search field; return the labels found by heading."""
        event = ui.OptionSearch(self.form.id, field_id, query, self.form.context, self.values)
        outcome = await self.desk.send(event)
        assert isinstance(outcome, ui.Options)
        return {group.label: [option.label for option in group.options] for group in outcome.groups}

    def field(self, field_id: str) -> ui.Field:
        """Return the field with that id."""
        return next(p for p in self.form.parts if getattr(p, "id", None) == field_id)  # type: ignore[return-value]

    def has(self, field_id: str) -> bool:
        """Tell whether the form shows that field."""
        return any(getattr(p, "id", None) == field_id for p in self.form.parts)

    def slots(self) -> dict[str, list[ui.Option]]:
        """Return the offered slots by day."""
        found = self.field("slot")
        assert isinstance(found, ui.SlotField)
        return {day.label: list(day.options) for day in found.days}

    def slot(self, label: str) -> str:
        """Return the value of the first offered slot whose label begins so."""
        return next(o.value for options in self.slots().values() for o in options if o.label.startswith(label))

    def _follow(self, outcome: ui.Outcome) -> None:
        match outcome:
            case ui.UpdateForm(form):
                self._show(form)
            case ui.PushForm(form, below):
                self._show(below)
                self.form, self.values, self.below = form, values_of(form), below
            case ui.PopForm(below):
                self.close()
                self._show(below)
            case _:
                pass

    def _show(self, form: ui.Form) -> None:
        assert (form.id == self.form.id) == (form.nonce == self.form.nonce), "another form is another opening"
        self.form, self.values = form, values_of(form)


def values_of(form: ui.Form) -> dict[str, ui.Value]:
    """Return what a platform sends for a form that nobody touched; empty choices are left out, as browsers do."""
    values: dict[str, ui.Value] = {}
    for part in form.parts:
        match part:
            case (
                ui.TextField(id=name, value=value)
                | ui.DateField(id=name, value=value)
                | ui.TimeField(id=name, value=value)
            ):
                values[name] = value
            case ui.ChoiceField(id=name, value=value) | ui.SlotField(id=name, value=value) if value:
                values[name] = value
            case ui.MultiChoiceField(id=name, values=chosen) if chosen:
                values[name] = chosen
            case ui.SearchField(id=name, multiple=True, chosen=chosen) if chosen:
                values[name] = tuple(option.value for option in chosen)
            case ui.SearchField(id=name, chosen=chosen) if chosen:
                values[name] = chosen[0].value
            case ui.YesNo(id=name, value=True):
                values[name] = "yes"
            case _:
                pass
    return values


def replied(outcome: ui.Outcome) -> ui.Card:
    """Return the card of a reply, or of a list turned to another page."""
    assert isinstance(outcome, ui.Reply | ui.ReplaceCard), outcome
    return outcome.card


def buttons(card: ui.Card, label: str = "") -> list[ui.Button]:
    """Return the buttons of a card, those of its menus and entries too, with that label if one is given."""
    entries = [item for part in card.body if isinstance(part, ui.ItemList) for item in part.items]
    found: list[ui.Button] = []
    for action in [*(a for item in entries for a in item.actions), *card.actions]:
        match action:
            case ui.Button():
                found.append(action)
            case ui.Menu(buttons=inside):
                found += inside
            case ui.Toggle():
                pass
            case _:
                raise AssertionError(action)
    return [b for b in found if not label or b.label == label]


def labels(card: ui.Card) -> list[str]:
    """Return the labels of all buttons."""
    return [b.label for b in buttons(card)]


def text_of(shown: ui.Card | ui.Form) -> str:
    """Return everything that can be read on a card or form, with plain spaces."""
    parts = shown.body if isinstance(shown, ui.Card) else shown.parts
    lines = [shown.title, *(line for part in parts for line in _lines(part))]
    return "\n".join(lines).replace("\u00a0", " ").replace("\u202f", " ")


def facts(card: ui.Card) -> dict[str, str]:
    """Return the labelled values of a card, with plain spaces."""
    pairs = [pair for part in card.body if isinstance(part, ui.Facts) for pair in part.pairs]
    return {label: value.replace("\u00a0", " ") for label, value in pairs}


def _lines(part: ui.Element | ui.Field) -> list[str]:
    match part:
        case ui.Text(text) | ui.Notice(text):
            return [text]
        case ui.Facts(pairs):
            return [f"{label}: {value}" for label, value in pairs]
        case ui.ItemList(items):
            return [line for item in items for line in (item.title, *item.lines)]
        case ui.ChoiceField(label=label, groups=groups) | ui.SlotField(label=label, days=groups):
            return [label, *(f"{o.label} {o.hint}" for group in groups for o in group.options)]
        case ui.MultiChoiceField(label=label, options=options) | ui.SearchField(label=label, chosen=options):
            return [label, *(o.label for o in options)]
        case ui.Divider():
            return []
        case ui.Picture(alt=alt):
            return [alt]
        case ui.Download(name, _, content, label):
            return [label, name, content]
        case _:
            return [part.label]
