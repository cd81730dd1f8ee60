"""A card as a Slack home: one view of at most 100 blocks; what it cannot hold is a click away."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from bot.slack.actions import Ids, action_blocks
from bot.slack.blocks import Block, header
from bot.slack.render import element_units
from core.message import N_
from handlers.i18n import Texts
from handlers.ui import ActionRef, Button, Card, Notice

REST = "slack-home-rest"
"""The button that sends the whole card to the conversation, in as many messages as it takes."""

BLOCKS = 100
BYTES = 240_000  # Slack takes 250 KB, with what it adds itself
_NO_ROOM = N_("Not everything fits here.")
_SHOW_ALL = N_("Show everything in our conversation")


def home_view(card: Card, texts: Texts) -> Block:
    """Return the view that shows the card; it carries its own digest, so that Slack tells which one it has."""
    ids = Ids()
    units = [header(card.title), *(unit for element in card.body for unit in element_units(element, ids, {}))]
    foot = action_blocks(card.actions, ids)
    shown = _fitting(units, foot)
    if len(shown) < len(units):
        more = Button(ActionRef(REST), texts.t(_SHOW_ALL), "primary")
        said = chain(*element_units(Notice(texts.t(_NO_ROOM)), ids, {}))
        foot = [*said, *action_blocks((more,), ids), *foot]
        shown = _fitting(units, foot)
    view = {"type": "home", "blocks": [*chain(*shown), *foot]}
    digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
    return view | {"private_metadata": digest}


def digest_of(view: Mapping[str, Any]) -> str:
    """Return the digest that a view of ours carries, "" where there is none: it tells two views apart."""
    return str(view.get("private_metadata") or "")


def _fitting(units: Iterable[list[Block]], foot: list[Block]) -> list[list[Block]]:
    """Return the first units that fit above the foot."""
    kept: list[list[Block]] = []
    room, size = BLOCKS - len(foot), BYTES - len(json.dumps(foot))
    for unit in units:
        room -= len(unit)
        size -= len(json.dumps(unit))
        if room < 0 or size < 0:
            break
        kept.append(unit)
    return kept
