"""One question as a message: what is to be read with it, the field, its buttons, and the ways around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.telegram import marked
from bot.telegram.answers import in_words, several
from bot.telegram.asking import above, can_be_asked, is_required
from bot.telegram.choices import Parts, choice_parts, found_parts, slot_parts, turning
from bot.telegram.dates import day_rows, time_rows
from bot.telegram.keyboards import Key, side_by_side
from bot.telegram.marked import Keys
from bot.telegram.state import State, pictures_in
from handlers.i18n import Texts
from handlers.ui import (
    Card,
    ChannelField,
    ChoiceField,
    DateField,
    Divider,
    Element,
    Facts,
    Field,
    FileField,
    MultiChoiceField,
    Notice,
    Picture,
    SearchField,
    SlotField,
    Text,
    TextField,
    TimeField,
    YesNo,
)

NOTHING = "—"
_UNKNOWN = "…"
_ON_A_PAGE = 24
_PAGE = "g"
_WITH_AGENDAS = SlotField | DateField | TimeField


@dataclass(frozen=True, slots=True)
class Screen:
    """A message of a form: what it says, and its rows of buttons."""

    card: Card
    rows: tuple[tuple[Key, ...], ...]


def screen(state: State, texts: Texts, today: date, view: str = "") -> Screen:
    """Return the question, or the summary; `view` is the page, day or month of it that is looked at."""
    keys, field = Keys(state.mark), state.top.question
    body, rows = (
        _summary(state, keys, texts, view) if field is None else _question(state, field, keys, texts, today, view)
    )
    title = state.top.form.title
    return Screen(Card(title, (*body, *keys.whole()), neutral=title), tuple(rows))


def _question(state: State, field: Field, keys: Keys, texts: Texts, today: date, view: str) -> Parts:
    layer = state.top
    hint = getattr(field, "hint", "")
    said, rows = _asked(state, field, keys, texts, today, view)
    body = (
        *above(layer),
        *_around(state, field, texts),
        *(Notice(message, "error") for name, message in layer.errors if name in {field.id, ""}),
        Facts(((field.label, in_words(layer, field, texts) or _UNKNOWN),)),
        *((Text(hint),) if hint else ()),
        *said,
    )
    return body, [*rows, *_beside(state, field, keys, texts), *_ways(state, field, keys, texts)]


def _around(state: State, field: Field, texts: Texts) -> tuple[Element, ...]:
    """Return whose slots they are."""
    layer = state.top
    found = [f for f in layer.fields if isinstance(field, SlotField) and isinstance(f, SearchField) and f.chosen]
    return (Facts(tuple((f.label, in_words(layer, f, texts)) for f in found)),) if found else ()


def _beside(state: State, field: Field, keys: Keys, texts: Texts) -> list[tuple[Key, ...]]:
    """Return the ways to what the slots follow from: how long, which week, where."""
    layer = state.top
    found = [(n, f) for n, f in enumerate(layer.fields) if isinstance(f, ChoiceField) and f.refreshes and f.value]
    if not isinstance(field, SlotField):
        return []
    said = [(n, _named(f.label, in_words(layer, f, texts), texts)) for n, f in found]
    return side_by_side(keys.key(label, f"{marked.QUESTION}{n}") for n, label in said)


def _named(label: str, value: str, texts: Texts) -> str:
    """Return a value with its label, unless it says that itself, as "Week from 19/01" does."""
    return value if value.startswith(label) else texts.t("{field}: {value}", field=label, value=value)


def _asked(state: State, field: Field, keys: Keys, texts: Texts, today: date, view: str) -> Parts:
    """Return how the field is answered."""
    match field:
        case TextField():
            return (Text(texts.t("Write your answer.")),), []
        case DateField(value=value):
            return (Text(texts.t("Choose the day, or write it.")),), [*day_rows(keys, value, today, texts, view)]
        case TimeField(value=value):
            return (Text(texts.t("Choose the time, or write it, as in 14:15.")),), [*time_rows(keys, value, view)]
        case ChoiceField() | MultiChoiceField():
            return choice_parts(field, keys, view)
        case SlotField():
            return slot_parts(field, keys, texts, view)
        case SearchField():
            said, rows = found_parts(field, state.found, state.query, keys, texts, view)
            return (*said, Text(texts.t("Write a few letters to search."))), rows
        case YesNo():
            return (), [(keys.key(texts.t("Yes"), marked.YES), keys.key(texts.t("No"), marked.NO))]
        case FileField():
            return (Text(texts.t("Send the file here.")),), []
        case ChannelField():
            none = texts.t("There is no group here that we are both in: add me to it first.")
            return found_parts(field, state.found, "", keys, texts, view) if state.found else ((Text(none),), [])
        case _:
            assert_never(field)


def _ways(state: State, field: Field, keys: Keys, texts: Texts) -> Iterable[tuple[Key, ...]]:
    """Yield the rows of what else one may do than answer."""
    layer, t = state.top, texts.t
    filled = bool(in_words(layer, field, texts))
    first = []
    if several(field):
        first.append(keys.key(t("That is all"), marked.SKIP, "primary"))
    elif not is_required(field) and not isinstance(field, YesNo):
        first.append(keys.key(t("Empty it"), marked.CLEAR) if filled else keys.key(t("Skip"), marked.SKIP))
    if isinstance(field, _WITH_AGENDAS) and pictures_in(layer.form):
        first.append(keys.key(t("See the agendas"), marked.LOOK))
    if first:
        yield tuple(first)
    around = [keys.key(t("Back"), marked.BACK)] if layer.before else []
    yield from side_by_side([*around, keys.key(t("Summary"), marked.ALL), keys.key(t("Give up"), marked.GIVE_UP)])


def _summary(state: State, keys: Keys, texts: Texts, view: str) -> Parts:
    """Return everything that stands in the form, the button that sends it, and one to change each field."""
    layer = state.top
    body: list[Element] = [Notice(message, "error") for name, message in layer.errors if not name]
    for part in layer.form.parts:
        if isinstance(part, Field):
            body += [Notice(message, "error") for name, message in layer.errors if name == part.id]
            pair = part.label, in_words(layer, part, texts) or _empty(part)
            if body and isinstance(last := body[-1], Facts) and _of_fields(layer.form.parts, last):
                body[-1] = Facts((*last.pairs, pair))
            else:
                body.append(Facts((pair,)))
        elif not isinstance(part, Picture | Divider):
            body.append(part)
    rows = [(keys.key(layer.form.submit or texts.t("Send"), marked.SEND, "primary"),)]
    if pictures_in(layer.form):
        rows.append((keys.key(texts.t("See the agendas"), marked.LOOK),))
    return tuple(body), [*rows, *_changes(state, keys, view), (keys.key(texts.t("Give up"), marked.GIVE_UP),)]


def _of_fields(parts: Iterable[Field | Element], facts: Facts) -> bool:
    """Tell whether the summary made these facts, and not the form."""
    return facts not in parts


def _changes(state: State, keys: Keys, view: str) -> Iterable[tuple[Key, ...]]:
    """Yield the buttons that change a field, in pages; what is answered by yes or no is switched at once."""
    found = [(n, field) for n, field in enumerate(state.top.fields) if can_be_asked(field)]
    last = max(len(found) - 1, 0) // _ON_A_PAGE
    number = view.removeprefix(_PAGE)
    page = min(int(number), last) if view.startswith(_PAGE) and number.isdecimal() else 0
    yield from side_by_side(_change(n, f, keys) for n, f in found[page * _ON_A_PAGE : (page + 1) * _ON_A_PAGE])
    yield from turning(keys, page, last, _PAGE)


def _change(number: int, field: Field, keys: Keys) -> Key:
    if isinstance(field, YesNo):
        return keys.key(f"{'☑' if field.value else '☐'} {field.label}", f"{marked.TICK}{number}", said=True)
    return keys.key(f"✎ {field.label}", f"{marked.QUESTION}{number}", said=True)


def _empty(field: Field) -> str:
    hint = getattr(field, "hint", "")
    return NOTHING if can_be_asked(field) or not hint else hint
