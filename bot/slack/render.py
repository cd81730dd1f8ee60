"""A card as Slack messages: nothing is cut or dropped; what one message cannot hold goes on in the next."""

from dataclasses import dataclass
from functools import lru_cache
from typing import assert_never

from bot.slack.actions import Ids, action_blocks
from bot.slack.blocks import Block, Run, escape, header, rich_text
from handlers.ui import Card, Divider, Element, Facts, Item, ItemList, Notice, Picture, Text

BLOCKS = 50
CHARACTERS = 12_000
CACHED = 128
NAMELESS = "rdv"
SIGNS = {"info": "ℹ️ ", "success": "✅ ", "warning": "⚠️ ", "error": "⛔ "}
_WIDE = "\u2003"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its blocks, and the text of its notification, which names nobody."""

    text: str
    blocks: tuple[Block, ...]


@lru_cache(maxsize=CACHED)
def render(card: Card) -> tuple[Message, ...]:
    """Return the messages that show the card, at least one; help and the like are made once."""
    ids = Ids()
    units = [header(card.title), *(unit for e in card.body for unit in element_units(e, ids))]
    units.append(action_blocks(card.actions, ids))
    parts = _packed(units) or [rich_text([(card.neutral.strip() or NAMELESS, "")])]
    text = escape(card.neutral.strip() or NAMELESS)
    if len(parts) == 1:
        return (Message(text, tuple(parts[0])),)
    return tuple(Message(f"{text} ({number}/{len(parts)})", tuple(part)) for number, part in enumerate(parts, 1))


def element_units(element: Element, ids: Ids) -> list[list[Block]]:
    """Return the blocks of one element, in units that are better not torn apart."""
    match element:
        case Text(text):
            return [rich_text([(text, "")])]
        case Facts():
            return [rich_text(_facts(element))]
        case ItemList(items):
            return [_item(item, ids) for item in items]
        case Picture(_, alt):
            return [rich_text([(alt, "italic")])]
        case Divider():
            return [[{"type": "divider"}]]
        case Notice(text, kind):
            return [rich_text([(SIGNS[kind], ""), (text, "bold")], quote=True)]
        case _:
            assert_never(element)


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
        for at in range(0, len(unit), BLOCKS):
            blocks = unit[at : at + BLOCKS]
            length = sum(_length(block) for block in blocks)
            if len(blocks) > room or length > characters:
                parts.append([])
                room, characters = BLOCKS, CHARACTERS
            parts[-1] += blocks
            room -= len(blocks)
            characters -= length
    return parts


def _length(block: Block) -> int:
    if block["type"] != "rich_text":
        return 0
    return sum(len(run["text"]) for part in block["elements"] for run in part["elements"])
