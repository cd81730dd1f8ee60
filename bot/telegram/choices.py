"""What may be chosen, as buttons in pages; free slots by their days; what a search has found."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.telegram.keyboards import Key, side_by_side
from bot.telegram.marked import CHOOSE, NOTHING, REMOVE, VIEW, Keys
from handlers.i18n import Texts
from handlers.ui import (
    ChannelField,
    ChoiceField,
    Element,
    Facts,
    MultiChoiceField,
    Option,
    OptionGroup,
    SearchField,
    SlotField,
    Text,
)

PAGE, DAY, DAYS = "p", "d", "w"
"""Begin what a part is named by: "p2" the third page, "d1.2" the third page of the second day, "w1" more days."""
_LONG = 14
_FEW, _MANY = 8, 24
"""How many buttons a page has, of long and of short labels."""
_AT_ONCE = 10
"""So many slots are shown together, whatever their days."""
CHOSEN, TICKED, UNTICKED, ADD, TAKEN = "✓ ", "☑ ", "☐ ", "+ ", "✕ "
MARKS = (CHOSEN, TICKED, UNTICKED, ADD, TAKEN)

Parts = tuple[tuple[Element, ...], list[tuple[Key, ...]]]


@dataclass(frozen=True, slots=True)
class _Choice:
    """One option: the heading that it stands under, its number among all, its mark."""

    heading: str
    number: int
    option: Option
    mark: str = ""

    @property
    def label(self) -> str:
        return f"{self.mark}{self.option.label}"


def choice_parts(field: ChoiceField | MultiChoiceField, keys: Keys, view: str) -> Parts:
    """Return what is said and the buttons of a field whose options are known."""
    if isinstance(field, ChoiceField):
        return _page(_numbered(field.groups, {field.value}, CHOSEN, ""), keys, *_page_of(view))
    groups = (OptionGroup("", field.options),)
    return _page(_numbered(groups, field.values, TICKED, UNTICKED), keys, *_page_of(view))


def slot_parts(field: SlotField, keys: Keys, texts: Texts, view: str) -> Parts:
    """Return the days to choose from, or the slots of the day in `view`; of few slots all at once."""
    found = _numbered(field.days, {field.value}, CHOSEN, "")
    all_have_some = all(day.options for day in field.days)
    if len(field.days) == 1 and all_have_some:
        said, rows = _page(found, keys, *_page_of(view))
    elif len(found) <= _AT_ONCE and all_have_some:
        said, rows = _page([_dated(choice) for choice in found], keys, *_page_of(view))
    elif view.startswith(DAY):
        day, _, page = view.removeprefix(DAY).partition(".")
        chosen = field.days[_number(day) % len(field.days)]
        first = sum(len(d.options) for d in field.days[: _number(day) % len(field.days)])
        slots = found[first : first + len(chosen.options)]
        said, rows = _page(slots, keys, _number(page), f"{DAY}{_number(day)}.")
        rows.append((keys.key("‹", VIEW), keys.key(chosen.label, NOTHING)))
    else:
        said, rows = (), _days(field, keys, texts, view)
    if field.other:
        mark = CHOSEN if field.value == field.other.value else ""
        rows.append((keys.key(f"{mark}{field.other.label}", f"{CHOOSE}{len(found)}"),))
        said = (*said, *((Text(field.other.hint),) if field.other.hint else ()))
    return said, rows


def found_parts(
    field: SearchField | ChannelField, found: Sequence[OptionGroup], query: str, keys: Keys, texts: Texts, view: str
) -> Parts:
    """Return what a search has found, below what is chosen already."""
    chosen = field.chosen if isinstance(field, SearchField) and field.multiple else ()
    values = {option.value for option in chosen}
    rows = [(keys.key(f"{TAKEN}{option.label}", f"{REMOVE}{n}"),) for n, option in enumerate(chosen)]
    choices = [c for c in _numbered(found, (), "", ADD if _adds(field) else "") if c.option.value not in values]
    said, more = _page(choices, keys, *_page_of(view))
    if query:
        heard = (
            texts.t("Found for “{query}”:", query=query)
            if choices
            else texts.t("Nothing found for “{query}”.", query=query)
        )
        said = (Text(heard), *said)
    return said, [*rows, *more]


def _dated(slot: _Choice) -> _Choice:
    """Return a slot that says its day itself, where its label is a mere time."""
    if not slot.heading or len(slot.option.label) > _LONG + 2:
        return slot
    return replace(slot, option=replace(slot.option, label=f"{slot.heading} {slot.option.label}"))


def _adds(field: SearchField | ChannelField) -> bool:
    return isinstance(field, SearchField) and field.multiple


def _numbered(groups: Iterable[OptionGroup], chosen: Collection[str], on: str, off: str) -> list[_Choice]:
    options = [(group.label, option) for group in groups for option in group.options]
    return [_Choice(label, n, o, on if o.value in chosen else off) for n, (label, o) in enumerate(options)]


def _page(choices: Sequence[_Choice], keys: Keys, page: int, name: str) -> Parts:
    """Return one page; the buttons of the others are named by `name` and their number."""
    short = all(len(c.label) <= _LONG for c in choices)
    size = _MANY if short else _FEW
    last = max(len(choices) - 1, 0) // size
    page = min(page, last)
    shown = choices[page * size : (page + 1) * size]
    listed = _are_listed(shown)
    rows = side_by_side(keys.key(c.label, f"{CHOOSE}{c.number}", said=listed) for c in shown)
    return tuple(_said(shown)), [*rows, *turning(keys, page, last, name)]


def turning(keys: Keys, page: int, last: int, name: str) -> Iterator[tuple[Key, ...]]:
    """Yield the row that turns the pages, if there are several."""
    if last > 0:
        yield (
            keys.key("‹", f"{VIEW}{name}{(page - 1) % (last + 1)}"),
            keys.key(f"{page + 1}/{last + 1}", NOTHING),
            keys.key("›", f"{VIEW}{name}{(page + 1) % (last + 1)}"),
        )


def _said(shown: Sequence[_Choice]) -> Iterator[Element]:
    """Yield the headings and the hints, each once where they are the same for all."""
    if not _are_listed(shown):
        words = dict.fromkeys(word for c in shown for word in (c.heading, c.option.hint) if word)
        yield from (Text(word) for word in words)
        return
    for heading, group in groupby(shown, key=lambda c: c.heading):
        lines = "\n".join(_line(c.option) for c in group)
        yield Facts(((heading, lines),)) if heading else Text(lines)


def _are_listed(shown: Sequence[_Choice]) -> bool:
    return len({c.heading for c in shown}) > 1 or len({c.option.hint for c in shown}) > 1


def _line(option: Option) -> str:
    return f"• {option.label} – {option.hint}" if option.hint else f"• {option.label}"


def _days(field: SlotField, keys: Keys, texts: Texts, view: str) -> list[tuple[Key, ...]]:
    last = (len(field.days) - 1) // _FEW
    page = min(_number(view.removeprefix(DAYS)), last) if view.startswith(DAYS) else 0
    found = []
    for n, day in list(enumerate(field.days))[page * _FEW : (page + 1) * _FEW]:
        mark = CHOSEN if any(o.value == field.value for o in day.options) else ""
        count = texts.n("{count} slot", "{count} slots", len(day.options))
        found.append(keys.key(f"{mark}{day.label} – {count}", f"{VIEW}{DAY}{n}"))
    return [*side_by_side(found), *turning(keys, page, last, DAYS)]


def _page_of(view: str) -> tuple[int, str]:
    return (_number(view.removeprefix(PAGE)) if view.startswith(PAGE) else 0), PAGE


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() else 0
