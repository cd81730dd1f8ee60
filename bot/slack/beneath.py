"""The modal under another: how it stands is kept in the database, since Slack shows it to nobody until it is on top."""

import json
from collections.abc import Mapping
from datetime import datetime

from bot.filled import values_of
from bot.slack.blocks import Block
from bot.slack.state import Shown, read_view
from core.ports import Transaction
from handlers.forms import restored
from handlers.ui import Form


def shown_fields(form: Form, view: Block) -> dict[str, Shown]:
    """Return the fields of a form as the view that was made of it has them, with the values of the form."""
    blocks = read_view(view).fields
    values = values_of(form)
    return {name: Shown(shown.number, shown.kind, values[name]) for name, shown in blocks.items()}


def keep(tx: Transaction, nonce: str, fields: Mapping[str, Shown], now: datetime) -> None:
    """Store the fields of the modal under the form with that nonce."""
    plain = {name: (shown.number, shown.kind, shown.value) for name, shown in fields.items()}
    tx.deliveries.add(_key(nonce), json.dumps(plain, ensure_ascii=False), now)


def kept(tx: Transaction, nonce: str) -> dict[str, Shown] | None:
    """Return the fields of the modal under the form with that nonce, None if there is none."""
    found = tx.deliveries.find(_key(nonce))
    if found is None:
        return None
    return {name: Shown(number, kind, restored(value)) for name, (number, kind, value) in json.loads(found).items()}


def _key(nonce: str) -> str:
    return f"slack:beneath:{nonce}"
