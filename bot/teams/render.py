"""A card as Adaptive Cards 1.5: nothing is cut or dropped; what one message cannot hold goes on in the next."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, assert_never

from bot.teams.actions import Ids, action_parts, named
from bot.teams.markdown import bold, escape
from handlers.ui import Card, Divider, Download, Element, Facts, Item, ItemList, Notice, Picture, Text

Json = dict[str, Any]
VERSION: Final = "1.5"
SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
CONTENT: Final = "application/vnd.microsoft.card.adaptive"
BYTES: Final = 24_000
"""Of the elements of one message: Teams takes 28 KB of it with all that stands around."""
FRAME: Final = 8_000
PIECE: Final = 3_000
ALT: Final = 2_000
NAMELESS: Final = "rdv"
WIDE: Final = "\u2003"
"""Stands between a label and its value."""
SIGNS: Final = {"info": "ℹ️ ", "success": "✅ ", "warning": "⚠️ ", "error": "⛔ "}
_written: Final = json.JSONEncoder(ensure_ascii=False).encode
_EXPANDS: Final[Json] = {"msteams": {"allowExpand": True}}
_STYLES: Final = {"info": "accent", "success": "good", "warning": "warning", "error": "attention"}
Hosted = Mapping[str, str]
"""Where pictures (by their SVG) and files (by their content) are fetched."""


def render(card: Card, hosted: Hosted | None = None, *, refresh: Json | None = None) -> tuple[Json, ...]:
    """Return the messages that show the card, at least one; what is not `hosted` is told in words.

    `refresh` makes the last of them fetch what its reader sees.
    """
    contents = adaptive_cards(card, hosted or {})
    summary = card.neutral.strip() or NAMELESS
    return tuple(
        message(content | ({"refresh": refresh} if refresh and at == len(contents) else {}), summary)
        for at, content in enumerate(contents, 1)
    )


def message(content: Json, summary: str) -> Json:
    """Return the activity that posts an Adaptive Card; `summary` is what a notification shows: it names nobody."""
    return {"type": "message", "summary": summary, "attachments": [{"contentType": CONTENT, "content": content}]}


def adaptive_cards(card: Card, hosted: Hosted) -> tuple[Json, ...]:
    """Return the Adaptive Cards that show the card."""
    ids = Ids()
    units = [title_parts(card.title), *(unit for e in card.body for unit in element_units(e, ids, hosted))]
    units.append(action_parts(card.actions, ids))
    parts = list(_packed(units)) or [[text_block(escape(card.neutral.strip() or NAMELESS))]]
    return tuple(adaptive_card(part) for part in parts)


def adaptive_card(body: list[Json]) -> Json:
    """Return a card of these elements."""
    whole = {"type": "AdaptiveCard", "$schema": SCHEMA, "version": VERSION, "body": body}
    return whole | {"msteams": {"width": "Full"}}


def title_parts(title: str) -> list[Json]:
    """Return the heading, nothing without a title."""
    if not title.strip():
        return []
    return [text_block(escape(title), size="medium", weight="bolder", style="heading")]


def element_units(element: Element, ids: Ids, hosted: Hosted) -> list[list[Json]]:
    """Return the parts of one element, in units that are better not torn apart."""
    match element:
        case Text(text):
            return [text_parts(text)]
        case Facts(pairs):
            return [_facts(pairs)]
        case ItemList(items):
            return [_item(item, ids, first=at == 0) for at, item in enumerate(items)]
        case Picture(svg, alt):
            return [_picture(alt, hosted.get(str(svg), "") if hosted else "")]
        case Divider():
            return [[{"type": "TextBlock", "text": " ", "separator": True, "spacing": "small"}]]
        case Notice(text, kind):
            return [_notice(text, kind)]
        case Download():
            return [_download(element, hosted)]
        case _:
            assert_never(element)


def text_parts(text: str, **more: Any) -> list[Json]:
    """Return a paragraph, in as many blocks as it takes."""
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    return [text_block(escape(piece), **more) for piece in pieces if piece.strip()]


def text_block(markdown: str, **more: Any) -> Json:
    """Return one block of text."""
    return {"type": "TextBlock", "text": markdown, "wrap": True, **more}


def _notice(text: str, kind: str) -> list[Json]:
    """Return a sentence that must be seen; a very long one is more than one frame holds."""
    said = [text_block(("" if at else SIGNS[kind]) + bold(piece)) for at, piece in enumerate(_lines(text))]
    parts = _packed([[block] for block in said], FRAME) if said else [[text_block(" ")]]
    return [{"type": "Container", "style": _STYLES[kind], "items": items} for items in parts]


def _lines(text: str) -> list[str]:
    lines = (line[at : at + PIECE] for line in text.split("\n") for at in range(0, len(line), PIECE))
    return [line for line in lines if line.strip()]


def _facts(pairs: tuple[tuple[str, str], ...]) -> list[Json]:
    """Return labelled values; a FactSet would cut long ones on a telephone."""
    parts: list[Json] = []
    for label, value in pairs:
        lines = _lines(value)
        beside = lines.pop(0) if len(lines) == 1 else ""
        parts.append(text_block(f"{bold(label)}{WIDE}{escape(beside)}".strip() or " ", spacing="small"))
        parts += [text_block(escape(line), spacing="none") for line in lines]
    return parts


def _item(item: Item, ids: Ids, *, first: bool) -> list[Json]:
    head = [text_block(bold(piece), separator=not (at or first)) for at, piece in enumerate(_lines(item.title))]
    lines = [block for line in item.lines for block in text_parts(line, spacing="none")]
    return [*head, *lines, *action_parts(item.actions, ids)]


def _picture(alt: str, address: str) -> list[Json]:
    """Return the picture with its words: hidden in it, or below where they are long."""
    words = text_parts(alt, isSubtle=True)
    if not address:
        return words
    fits = len(alt) <= ALT
    said = (alt if fits else alt.partition("\n")[0][:ALT]).strip() or NAMELESS
    image = {"type": "Image", "url": address, "altText": named(said), "size": "stretch", **_EXPANDS}
    return [image, *([] if fits else words)]


def _download(file: Download, hosted: Hosted) -> list[Json]:
    address = hosted.get(file.content, "")
    said = text_block(f"{bold(file.label)} {escape(file.name)}".strip())
    if not address:
        return [said, *text_parts(file.content, fontType="monospace")]
    opens = {"type": "Action.OpenUrl", "title": named(file.label), "url": address}
    return [said, {"type": "ActionSet", "actions": [opens]}]


def _packed(units: list[list[Json]], most: int = BYTES) -> Iterator[list[Json]]:
    """Yield the units in as few parts as hold them; one that is too long is torn between its blocks."""
    part: list[Json] = []
    size = 0
    for unit in units:
        lengths = [_size(block) for block in unit]
        torn = [([block], length) for block, length in zip(unit, lengths, strict=True)]
        for piece, length in torn if sum(lengths) > most else [(unit, sum(lengths))]:
            if part and size + length > most:
                yield part
                part, size = [], 0
            part = [*part, *piece]
            size += length
    if part:
        yield part


def _size(block: Json) -> int:
    return len(_written(block).encode()) + 2
