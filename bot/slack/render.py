"""A card as Slack messages: nothing is cut or dropped; what one message cannot hold goes on in the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from bot.fitting import DOTS
from bot.slack.actions import Ids, action_blocks
from bot.slack.blocks import Block, Run, escape, header, rich_text
from handlers.ui import Card, Divider, Download, Element, Facts, Item, ItemList, Notice, Picture, Text

BLOCKS = 50
CHARACTERS = 12_000
CACHED = 128
ALT = 2_000
NAMELESS = "rdv"
SIGNS = {"info": "ℹ️ ", "success": "✅ ", "warning": "⚠️ ", "error": "⛔ "}
Drawn = tuple[tuple[str, str], ...]
"""The files that Slack has of a card's pictures: each picture's SVG, and the id of its file."""

_WIDE = "\u2003"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its blocks, and the text of its notification, which names nobody."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The ids of the pictures that it shows."""
        return tuple(block["slack_file"]["id"] for block in self.blocks if block["type"] == "image")

    def in_words(self) -> "Message":
        """Return it with what its pictures say in their place."""
        if not self.files:
            return self
        words = [rich_text([(b["alt_text"], "italic")]) if b["type"] == "image" else [b] for b in self.blocks]
        return Message(self.text, tuple(block for blocks in words for block in blocks))


@lru_cache(maxsize=CACHED)
def render(card: Card, drawn: Drawn = ()) -> tuple[Message, ...]:
    """Return the messages that show the card, at least one; help and the like are made once.

    A picture that is not among `drawn` is told in words. Of a download only its name is said: the file itself follows.
    """
    ids, files = Ids(), dict(drawn)
    units = [header(card.title), *(unit for e in card.body for unit in element_units(e, ids, files))]
    units.append(action_blocks(card.actions, ids))
    parts = _packed(units) or [rich_text([(card.neutral.strip() or NAMELESS, "")])]
    text = escape(card.neutral.strip() or NAMELESS)
    if len(parts) == 1:
        return (Message(text, tuple(parts[0])),)
    return tuple(Message(f"{text} ({number}/{len(parts)})", tuple(part)) for number, part in enumerate(parts, 1))


def element_units(element: Element, ids: Ids, files: Mapping[str, str]) -> list[list[Block]]:
    """Return the blocks of one element, in units that are better not torn apart."""
    match element:
        case Text(text):
            return [rich_text([(text, "")])]
        case Facts():
            return [rich_text(_facts(element))]
        case ItemList(items):
            return [_item(item, ids) for item in items]
        case Picture(svg, alt):
            return [_picture(alt, files.get(str(svg), "") if files else "")]
        case Divider():
            return [[{"type": "divider"}]]
        case Notice(text, kind):
            return [rich_text([(SIGNS[kind], ""), (text, "bold")], quote=True)]
        case Download(name, _, _, label):
            return [rich_text([(label, "bold"), (f"{_WIDE}{name}", "")])]
        case _:
            assert_never(element)


def _picture(alt: str, file: str) -> list[Block]:
    """Return the picture with its words; they stand below it, whole, where Slack's own limit would cut them."""
    words = rich_text([(alt, "italic")])
    if not file:
        return words
    fits = len(alt) <= ALT
    said = alt if fits else alt.partition("\n")[0]
    image = {"type": "image", "slack_file": {"id": file}, "alt_text": said if 0 < len(said.strip()) <= ALT else DOTS}
    return [image] if fits else [image, *words]


def _facts(facts: Facts) -> list[Run]:
    runs: list[Run] = []
    for label, value in facts.pairs:
        runs += [(label, "bold"), ("\n" if "\n" in value else _WIDE, ""), (f"{value}\n", "")]
    return runs


def _item(item: Item, ids: Ids) -> list[Block]:
    runs: list[Run] = [(item.title, "bold"), *((f"\n{line}", "") for line in item.lines)]
    return [*rich_text(runs), *action_blocks(item.actions, ids, context=item.title)]


def _packed(units: list[list[Block]]) -> list[list[Block]]:
    """Return the units in as few messages as hold them."""
    parts: list[list[Block]] = []
    room, characters = 0, 0
    for unit in units:
        for blocks in _fitting(unit):
            length = sum(_length(block) for block in blocks)
            if len(blocks) > room or length > characters:
                parts.append([])
                room, characters = BLOCKS, CHARACTERS
            parts[-1] += blocks
            room -= len(blocks)
            characters -= length
    return parts


def _fitting(unit: list[Block]) -> Iterator[list[Block]]:
    """Yield the unit in pieces that each fit a message: most often whole."""
    piece: list[Block] = []
    length = 0
    for block in unit:
        added = _length(block)
        if piece and (len(piece) == BLOCKS or length + added > CHARACTERS):
            yield piece
            piece, length = [], 0
        piece.append(block)
        length += added
    if piece:
        yield piece


def _length(block: Block) -> int:
    if block["type"] == "image":
        return len(block["alt_text"])  # which stands there if the picture cannot
    if block["type"] != "rich_text":
        return 0
    return sum(len(run["text"]) for part in block["elements"] for run in part["elements"])
