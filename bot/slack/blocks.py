"""The pieces that messages and modals are made of. What people typed is never markup: rich text and plain text only."""

from collections.abc import Iterable
from typing import Any, Literal

from bot import fitting
from bot.fitting import DOTS

Block = dict[str, Any]
Style = Literal["", "bold", "italic"]
Run = tuple[str, Style]

RICH_TEXT = 3_000
SECTION = 3_000
HEADER = 150
LABEL = 75


def plain(text: str) -> Block:
    """Return a text object in which nothing means anything; an empty one, which Slack refuses, becomes dots."""
    return {"type": "plain_text", "text": text if text.strip() else DOTS, "emoji": False}


def pieces(text: str, limit: int) -> list[str]:
    """Return `text` in pieces of at most `limit` characters, cut after a line or a word where there is one."""
    found = []
    while len(text) > limit:
        cut = max(text.rfind("\n", limit // 2, limit), text.rfind(" ", limit // 2, limit)) + 1 or limit
        found.append(text[:cut])
        text = text[cut:]
    return [*found, text]


def rich_text(runs: Iterable[Run], *, quote: bool = False) -> list[Block]:
    """Return as many rich text blocks as the runs need; none if there is nothing to read."""
    blocks: list[Block] = []
    elements: list[Block] = []
    room = RICH_TEXT
    for text, style in runs:
        for piece in pieces(text, RICH_TEXT):
            if len(piece) > room:
                blocks.append(_rich_text(elements, quote=quote))
                elements, room = [], RICH_TEXT
            if piece:
                elements.append(_run(piece, style))
                room -= len(piece)
    blocks.append(_rich_text(elements, quote=quote))
    return [b for b in blocks if any(e["text"].strip() for e in b["elements"][0]["elements"])]


def header(title: str) -> list[Block]:
    """Return a title; one that a header cannot hold stands in bold."""
    if not title.strip():
        return []
    if len(title) <= HEADER and "\n" not in title:
        return [{"type": "header", "text": plain(title)}]
    return rich_text([(title, "bold")])


def escape(text: str) -> str:
    """Return text for the one place where Slack reads markup: a message's fallback text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Labels:
    """Fits labels into Slack's limits: a long one keeps its beginning and a number, and stands whole in `blocks`."""

    def __init__(self) -> None:
        self._fitted = fitting.Labels()

    def fit(self, text: str, limit: int = LABEL) -> str:
        """Return the text, or its beginning with the number under which `blocks` shows it whole."""
        return self._fitted.fit(text, limit)

    def blocks(self) -> list[Block]:
        """Return the texts that did not fit, whole, by number."""
        runs: list[Run] = []
        for number, text in self._fitted.whole():
            runs += [(f"({number}) ", "bold"), (f"{text}\n", "")]
        return rich_text(runs)


def _run(text: str, style: Style) -> Block:
    return {"type": "text", "text": text, **({"style": {style: True}} if style else {})}


def _rich_text(elements: list[Block], *, quote: bool) -> Block:
    kind = "rich_text_quote" if quote else "rich_text_section"
    return {"type": "rich_text", "elements": [{"type": kind, "elements": elements}]}
