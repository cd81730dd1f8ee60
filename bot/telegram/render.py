"""A card as Telegram messages: nothing is cut or dropped; what one message cannot hold goes on in the next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, Literal, assert_never

from bot.fitting import DOTS, Labels
from bot.telegram.keyboards import KEYS, Row, Rows, rows_of, shown_link
from bot.telegram.rich import CAPTION, ENTITIES, TEXT, Block, Rich, Run, is_seen, length, pieces, tidy, written
from handlers.ui import (
    Action,
    Button,
    Card,
    Divider,
    Download,
    Facts,
    Item,
    ItemList,
    LinkButton,
    Notice,
    Picture,
    Select,
    Text,
)

CACHED: Final = 128
NAMELESS: Final = "rdv"
SIGNS: Final = {"info": "ℹ️ ", "success": "✅ ", "warning": "⚠️ ", "error": "⛔ "}
Kind = Literal["text", "photo", "document"]
WORTHWHILE: Final = 256
"""Room in a message, in units, that a text too long for any begins in."""
_WIDE, _LINE = "\u2003", "—————"
_BETWEEN: Final = 2
"""What stands between two blocks, in units."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: what it says, its buttons, and its picture or file, whose caption the text is then."""

    rich: Rich
    rows: tuple[Row, ...] = ()
    picture: Picture | None = None
    file: Download | None = None

    @property
    def kind(self) -> Kind:
        """What Telegram keeps it as; one kind does not become another by an edit."""
        if self.picture is not None:
            return "photo"
        return "document" if self.file is not None else "text"


@dataclass(slots=True)
class _Draft:
    """A message that is being filled."""

    blocks: list[Block] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    picture: Picture | None = None
    file: Download | None = None

    @property
    def room(self) -> int:
        limit = CAPTION if self.picture or self.file else TEXT
        return limit - sum(length(block) + _BETWEEN for block in self.blocks)

    def takes(self, blocks: Sequence[Block], keys: int) -> bool:
        styled = sum(1 for block in (*self.blocks, *blocks) for _, style in block if style)
        held = sum(map(len, self.rows))
        fits = sum(length(block) + _BETWEEN for block in blocks) - _BETWEEN <= self.room
        return fits and held + keys <= KEYS and styled <= ENTITIES


def render(card: Card, rows: Rows = ()) -> tuple[Message, ...]:
    """Return the messages that show the card, at least one; `rows` of buttons stand below its own."""
    shown = _rendered.__wrapped__(card) if card.fleeting else _rendered(card)
    if not rows:
        return shown
    last, added = shown[-1], tuple(tuple(row) for row in rows)
    if last.file is not None or sum(map(len, (*last.rows, *added))) > KEYS:
        return (*shown, Message(Rich(DOTS), added))
    return (*shown[:-1], replace(last, rows=(*last.rows, *added)))


def hidden(card: Card, label: str) -> tuple[Message, ...]:
    """Return the message that shows the card's neutral line, its buttons, and the one that shows the rest (rule 9).

    `label` is what that one says.
    """
    buttons = tuple(action for action in card.actions if isinstance(action, Button))
    reveal = (Button(card.reveal, label),) if card.reveal is not None else ()
    return render(Card("", (Text(neutral_of(card)),), (*reveal, *buttons)))


def neutral_of(card: Card) -> str:
    """Return the line that names nobody."""
    return card.neutral if is_seen(tidy(card.neutral)) else NAMELESS


@lru_cache(maxsize=CACHED)
def _rendered(card: Card) -> tuple[Message, ...]:
    drafts, files = [_Draft()], list[_Draft]()
    title = tidy(card.title)
    if title.strip():
        _add(drafts, ((title, "bold"),), [])
    many = sum(1 for e in card.body if isinstance(e, ItemList) for item in e.items if item.actions) > 1
    number = 0
    for element in card.body:
        match element:
            case Picture():
                _add_picture(drafts, element)
            case Download():
                files.append(_Draft([((tidy(element.label), "bold"),)], file=element))
            case ItemList(items):
                for item in items:
                    number += bool(item.actions)
                    _add(drafts, *_item(item, number if many else 0))
            case Text() | Facts() | Divider() | Notice():
                _add(drafts, block_of(element), [])
            case _:
                assert_never(element)
    labels = Labels()
    rows = rows_of(card.actions, labels)
    for block in (*_said(card.actions), *_whole(labels)):
        _add(drafts, block, [])
    _add(drafts, (), rows)
    return tuple(_message(draft, card) for draft in _with_captions(drafts, files))


def block_of(element: Text | Facts | Divider | Notice) -> Block:
    """Return an element that is text alone."""
    match element:
        case Text(text):
            return ((tidy(text), ""),)
        case Facts(pairs):
            return tuple(run for number, pair in enumerate(pairs) for run in _fact(pair, first=number == 0))
        case Divider():
            return ((_LINE, ""),)
        case Notice(text, kind):
            return ((SIGNS[kind], ""), (tidy(text), "bold"))
        case _:
            assert_never(element)


def _fact(pair: tuple[str, str], *, first: bool) -> list[Run]:
    label, value = map(tidy, pair)
    begin = "" if first else "\n"
    return [(begin, ""), (label, "bold"), ("\n" if "\n" in value else _WIDE, ""), (value, "")]


def _item(item: Item, number: int) -> tuple[Block, list[Row]]:
    """Return an entry with its buttons; several entries with buttons are numbered, and so are these."""
    labels = Labels()
    numbered = number > 0 and bool(item.actions)
    rows = rows_of(item.actions, labels, f"{number}. " if numbered else "")
    title = f"{number}. {tidy(item.title)}" if numbered else tidy(item.title)
    runs: list[Run] = [(title, "bold"), *((f"\n{tidy(line)}", "") for line in item.lines)]
    for block in (*_said(item.actions), *_whole(labels)):
        runs += [("\n", ""), *block]
    return tuple(runs), rows


def _said(actions: Sequence[Action]) -> Iterator[Block]:
    """Yield what buttons do not say: what a choice is about, and the address of a link that Telegram does not take."""
    for action in actions:
        if isinstance(action, Select):
            yield ((tidy(action.label), "bold"),)
        elif isinstance(action, LinkButton) and not shown_link(action):
            yield ((f"{tidy(action.label)}\n", "bold"), (tidy(action.url), ""))


def _whole(labels: Labels) -> Iterator[Block]:
    """Yield the labels that did not fit their buttons."""
    for number, text in labels.whole():
        yield ((f"({number}) ", "bold"), (text, ""))


def _add(drafts: list[_Draft], block: Block, rows: Sequence[Row]) -> None:
    """Add a block with its buttons to the last message, or as many more as they need."""
    room = drafts[-1].room if not drafts[-1].rows else 0  # no button stands in the middle of a text
    begun = room if length(block) > TEXT and room >= WORTHWHILE else 0
    for piece in pieces(block, TEXT, begun):
        if not drafts[-1].takes([piece], 0):
            drafts.append(_Draft())
        drafts[-1].blocks.append(piece)
    for row in rows:
        if not drafts[-1].takes([], len(row)):
            drafts.append(_Draft())
        drafts[-1].rows.append(row)


def _add_picture(drafts: list[_Draft], picture: Picture) -> None:
    """Add a picture to the message before it, if that has none yet and is short, its words folded below it."""
    words: Block = ((tidy(picture.alt), "expandable_blockquote"),)
    last = drafts[-1]
    trial = _Draft(list(last.blocks), list(last.rows), picture)
    if last.picture is None and trial.room >= 0:
        last.picture = picture
    else:
        drafts.append(_Draft(picture=picture))
    _add(drafts, words, [])


def _with_captions(drafts: list[_Draft], files: list[_Draft]) -> list[_Draft]:
    """Return the messages that say something, and the files; a long caption goes before its file."""
    found = [d for d in drafts if d.blocks or d.rows or d.picture]
    for draft in files:
        *before, caption = [*pieces(draft.blocks[0], CAPTION)] or [()]
        found += [_Draft([piece]) for piece in before]
        draft.blocks = [caption]
        found.append(draft)
    return found or [_Draft()]


def _message(draft: _Draft, card: Card) -> Message:
    rich = written(draft.blocks)
    if not is_seen(rich.text):
        only_keys = bool(draft.rows) and bool(card.body)
        filler = DOTS if only_keys else neutral_of(card)
        rich = Rich() if draft.picture or draft.file else Rich(tidy(filler).strip())
    return Message(rich, tuple(draft.rows), draft.picture, draft.file)


def in_words(message: Message) -> Message:
    """Return a message whose picture cannot be shown as the text that stands for it."""
    return replace(message, picture=None, rich=message.rich if is_seen(message.rich.text) else Rich(NAMELESS))
