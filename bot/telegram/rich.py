"""Texts with bold and the like, as entities: what people typed is never markup. Lengths are Telegram's: UTF-16 units.

Limits: core.telegram.org/bots/api#messageentity, #sendmessage, #sendphoto.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

TEXT: Final = 4_096
CAPTION: Final = 1_024
ENTITIES: Final = 100
"""More of them in one message are not shown."""

Style = Literal["", "bold", "italic", "blockquote", "expandable_blockquote"]
Run = tuple[str, Style]
Block = tuple[Run, ...]
"""Runs that belong together."""

# Telegram takes these out, or puts a space in their place.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\ufeff]|[\ud800-\udfff]")
_UNSEEN = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u206f\u2800\u3164]*"
)
_TWO_UNITS: Final = 0x10000
_JOINER: Final = "\u200d"
_FLAGS: Final = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_GO_ON: Final = frozenset((_JOINER, *map(chr, range(0x1F3FB, 0x1F400)), *map(chr, range(0xE0020, 0xE0080))))
"""Two flags' letters are one flag; skin tones and tags follow the emoji that they change."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of a text, in UTF-16 units, and how it looks."""

    offset: int
    length: int
    style: Style


@dataclass(frozen=True, slots=True)
class Rich:
    """A text with its entities, ready to be sent."""

    text: str = ""
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    """Return the length in UTF-16 code units."""
    return len(text) + sum(1 for sign in text if ord(sign) >= _TWO_UNITS)


def tidy(text: str) -> str:
    """Return the text with what Telegram does not send as a space; line breaks stay."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_seen(text: str) -> bool:
    """Tell whether there is anything to read: Telegram refuses a text without."""
    return _UNSEEN.fullmatch(text) is None


def length(block: Block) -> int:
    """Return the length of a block in UTF-16 units."""
    return sum(units(text) for text, _ in block)


def pieces(block: Block, limit: int, first: int = 0) -> Iterator[Block]:
    """Yield the block in pieces of at most `limit` units, cut after a line or a word where there is one.

    The `first` one is shorter, if that is said.
    """
    piece: list[Run] = []
    room = first or limit
    for text, style in block:
        rest = text
        while units(rest) > room:
            cut = _cut(rest, room, begun=bool(piece))
            if cut:
                piece.append((rest[:cut], style))
            yield tuple(piece)
            piece, room, rest = [], limit, rest[cut:]
        if rest:
            piece.append((rest, style))
            room -= units(rest)
    if piece:
        yield tuple(piece)


def written(blocks: Iterable[Block]) -> Rich:
    """Return blocks as one text, an empty line between them."""
    text, at = "", 0
    entities: list[Entity] = []
    for number, block in enumerate(blocks):
        between: Run = ("\n\n" if number else "", "")
        for run, style in (between, *block):
            seen = run.strip()
            if style and seen:
                before = units(run[: len(run) - len(run.lstrip())])
                entities.append(Entity(at + before, units(seen), style))
            text += run
            at += units(run)
    return _trimmed(text, entities)


def _trimmed(text: str, entities: list[Entity]) -> Rich:
    """Return what Telegram would make of it: nothing but text at the beginning and the end."""
    lost = units(text[: len(text) - len(text.lstrip())])
    moved = (Entity(e.offset - lost, e.length, e.style) for e in entities[:ENTITIES])
    return Rich(text.strip(), tuple(moved))


def _cut(text: str, room: int, *, begun: bool) -> int:
    """Return how many characters of the text to take, of which `room` units fit; none if it is better to begin anew."""
    most = _fitting(text, room)
    cut = max(text.rfind("\n", most // 2, most), text.rfind(" ", most // 2, most)) + 1
    return cut or (0 if begun else most)


def _fitting(text: str, room: int) -> int:
    """Return how many characters fit `room` units: neither one of them nor what is drawn as one is torn apart."""
    used = 0
    for number, sign in enumerate(text):
        used += 1 + (ord(sign) >= _TWO_UNITS)
        if used > room:
            return next((cut for cut in range(number, 0, -1) if not _drawn_as_one(text, cut)), number)
    return len(text)


def _drawn_as_one(text: str, at: int) -> bool:
    """Tell whether the character there goes with those before it: an accent, a part of an emoji, half a flag."""
    if text[at] in _FLAGS:
        return (at - len(text[:at].rstrip(_FLAGS))) % 2 == 1
    return text[at - 1] == _JOINER or text[at] in _GO_ON or unicodedata.category(text[at]).startswith("M")
