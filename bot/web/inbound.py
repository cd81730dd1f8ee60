"""What a browser sends, as neutral events, each with the name of its delivery."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from handlers.ui import (
    ActionClick,
    ActionRef,
    FormChange,
    FormSubmit,
    OptionSearch,
    TextReply,
    Value,
)

MOST_FIELDS = 500
LONGEST_VALUE = 200
_NUMBER = re.compile(r"[0-9]{1,18}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{8,64}")
_KINDS = ("one", "many", "tick")


class BadRequest(Exception):
    """The browser sent what no page of ours sends."""


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of one request, in order."""

    pairs: Sequence[tuple[str, str]]

    @classmethod
    def parse(cls, body: bytes) -> "Posted":
        """Read an encoded form. Raises BadRequest."""
        try:
            return cls(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError as wrong:
            raise BadRequest from wrong

    def get(self, name: str) -> str:
        """Return the last value of a field, "" for none."""
        return next((value for key, value in reversed(self.pairs) if key == name), "")

    def number(self, name: str) -> int:
        """Return a field's value as a number. Raises BadRequest."""
        return read_number(self.get(name))


@dataclass(frozen=True, slots=True)
class Click:
    """A click on a message as it was shown at one change: a double click is one delivery, a card shown anew is not."""

    message_id: int
    event: ActionClick
    key: str


def read_number(text: str) -> int:
    """Return the number. Raises BadRequest."""
    if not _NUMBER.fullmatch(text):
        raise BadRequest
    return int(text)


def read_text(worker_id: int, posted: Posted) -> tuple[TextReply, str]:
    """Return what was typed and its delivery key. Raises BadRequest."""
    nonce, text = posted.get("nonce"), posted.get("text").strip()
    if not text or not _NONCE.fullmatch(nonce):
        raise BadRequest
    return TextReply(text), f"web:text:{worker_id}:{nonce}"


def read_click(posted: Posted) -> Click:
    """Return a click. Raises BadRequest."""
    message_id, seq, value = posted.number("message"), posted.number("seq"), posted.get("value")
    try:
        ref = ActionRef.decode(posted.get("ref"))
    except ValueError as wrong:
        raise BadRequest from wrong
    if not ref.name or len(value) > LONGEST_VALUE:
        raise BadRequest
    key = f"web:{message_id}:{seq}:{ref.encode()}" + (f"={value}" if value else "")
    return Click(message_id, ActionClick(ref, value), key)


def read_change(posted: Posted) -> FormChange:
    """Return a change within a form."""
    return FormChange(
        posted.get("form_id"), posted.get("context"), posted.get("nonce"), read_values(posted), posted.get("changed")
    )


def read_submission(worker_id: int, posted: Posted) -> tuple[FormSubmit, str]:
    """Return a form that was sent, and its delivery key."""
    nonce = posted.get("nonce")
    form = FormSubmit(posted.get("form_id"), posted.get("context"), nonce, read_values(posted))
    return form, f"web:form:{worker_id}:{nonce}" if nonce else ""


def read_search(posted: Posted) -> OptionSearch:
    """Return a search in a field."""
    return OptionSearch(
        posted.get("form_id"),
        posted.get("field"),
        posted.get("query").strip(),
        posted.get("context"),
        read_values(posted),
    )


def read_values(posted: Posted) -> Mapping[str, Value]:
    """Return a form's values: fields are named by how many values they hold, a dot, and their id."""
    values: dict[str, Value] = {}
    for name, value in posted.pairs:
        kind, _, field = name.partition(".")
        if kind not in _KINDS or not field:
            continue
        if kind == "many":
            before = values.get(field, ())
            values[field] = (*before, value) if value else before
        else:
            values[field] = value
    return values
