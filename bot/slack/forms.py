"""A form as a modal."""

from collections.abc import Mapping
from typing import Any

from bot.slack.actions import Ids
from bot.slack.blocks import Block, header, plain, rich_text
from bot.slack.fields import field_blocks
from bot.slack.render import NAMELESS, SIGNS, Drawn, element_units
from bot.slack.state import FormState, write_metadata
from handlers.ui import Download, Field, Form

TITLE = 24
BLOCKS = 100
METADATA = 3_000
GO_ON = "OK"
_SENT = ("type", "callback_id", "title", "submit", "close", "private_metadata", "clear_on_close", "notify_on_close")


def modal(form: Form, before: FormState | None = None, drawn: Drawn = ()) -> Block:
    """Return the form as a view; `before` is the modal that it takes the place of, `drawn` the pictures Slack has.

    Raises:
        ValueError: the form's context or a field does not fit a modal.
    """
    metadata = write_metadata(form.context, form.nonce)
    if len(metadata) > METADATA:
        raise ValueError("the context of the form does not fit a modal")
    title, submit = form.title.strip(), form.submit.strip()
    ids, files = Ids(), dict(drawn)
    blocks = [] if _fits(title) else header(title)
    for part in form.parts:
        if isinstance(part, Field):
            blocks += field_blocks(part, before.fields.get(part.id) if before else None)
        else:
            blocks += [block for unit in element_units(part, ids, files) for block in unit]
            if isinstance(part, Download):  # a modal shares no file
                blocks += rich_text([(part.content, "")])
    if not _fits(submit):
        blocks += rich_text([(f"{GO_ON}: ", "bold"), (submit, "")]) if submit else []
    return {
        "type": "modal",
        "callback_id": form.id,
        "title": plain(title if _fits(title) else NAMELESS),
        "submit": plain(submit if _fits(submit) else GO_ON),
        "private_metadata": metadata,
        "blocks": _within_limits(blocks),
    }


def with_error(view: Mapping[str, Any], message: str) -> Block:
    """Return a modal as it was, with what is wrong said first."""
    kept = {name: view[name] for name in _SENT if view.get(name) is not None}
    blocks = [_resent(b) for b in view["blocks"] if b.get("block_id") != "error"]
    said = rich_text([(SIGNS["error"], ""), (message, "bold")], quote=True)[:1]
    return kept | {"blocks": [*({**b, "block_id": "error"} for b in said), *blocks][:BLOCKS]}


def _resent(block: Block) -> Block:
    """Return a block as we sent it: Slack tells more of a picture than it takes back."""
    if block["type"] != "image":
        return block
    file = {"slack_file": {"id": block["slack_file"]["id"]}} if "slack_file" in block else {}
    return {name: block[name] for name in ("type", "block_id", "alt_text") if name in block} | file


def errors(state: FormState, found: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return what is wrong by block; what concerns the whole form, or a field without a line for it, stands first."""
    by_block: dict[str, str] = {}
    first = next(iter(state.inputs.values()), "")
    for field, message in found:
        block = state.inputs.get(field, first)
        by_block[block] = f"{by_block[block]}\n{message}" if block in by_block else message
    return by_block if first else {}


def _fits(text: str) -> bool:
    return 0 < len(text) <= TITLE


def _within_limits(blocks: list[Block]) -> list[Block]:
    """Join neighbouring texts, and leave out mere lines, until the modal holds all that is said and asked."""
    if len(blocks) > BLOCKS:
        blocks = _joined(blocks)
    if len(blocks) > BLOCKS:
        blocks = _joined([b for b in blocks if b["type"] != "divider"])
    if not 0 < len(blocks) <= BLOCKS:
        raise ValueError("the form has no part, or more than a modal holds")
    return blocks


def _joined(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        if joined and block["type"] == joined[-1]["type"] == "rich_text":
            joined[-1] = {"type": "rich_text", "elements": [*joined[-1]["elements"], *block["elements"]]}
        else:
            joined.append(block)
    return joined
