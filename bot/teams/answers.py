"""The bodies that an invoke is answered with: never an empty one (learn.microsoft.com: "Invoke response")."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.teams.fields import found_choices
from bot.teams.render import CONTENT
from handlers.ui import OptionGroup

Json = dict[str, Any]
FOUND: Final = 15
"""Choices that a search shows at most (learn.microsoft.com: "Typeahead search in Adaptive Cards")."""
OK, BAD_REQUEST, NOT_IMPLEMENTED = 200, 400, 501


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered with."""

    status: int = OK
    body: Json | None = None


def card_answer(content: Json) -> Answer:
    """Put this card in the place of the one that was clicked."""
    return Answer(body={"statusCode": OK, "type": CONTENT, "value": content})


def said(text: str) -> Answer:
    """Say something to whoever clicked; the card stays."""
    return Answer(body={"statusCode": OK, "type": "application/vnd.microsoft.activity.message", "value": text})


def closed(text: str) -> Answer:
    """Close the dialog and say what came of it."""
    return Answer(body={"task": {"type": "message", "value": text}})


def searched(groups: Sequence[OptionGroup]) -> Answer:
    """Offer what was found."""
    results = found_choices(groups)[:FOUND]
    kind = "application/vnd.microsoft.search.searchResponse"
    return Answer(body={"statusCode": OK, "type": kind, "value": {"results": results}})


def refused(code: str, message: str) -> Answer:
    """Say that nothing was done."""
    value = {"code": code, "message": message}
    return Answer(body={"statusCode": BAD_REQUEST, "type": "application/vnd.microsoft.error", "value": value})


def unknown() -> Answer:
    """Answer what nothing here knows."""
    return Answer(NOT_IMPLEMENTED, {"error": {"code": "NotImplemented"}})
