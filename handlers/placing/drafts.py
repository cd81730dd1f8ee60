"""The form below waits in the database while a place is created: another process may take it up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import NotFound
from core.ports import Transaction
from handlers.context import Context
from handlers.forms import restored
from handlers.ui import FormChange, Value


@dataclass(frozen=True, slots=True)
class Below:
    """A form as it was left: never trusted when it is taken up, no more than if it had just been sent."""

    form_id: str
    context: str
    nonce: str
    values: Mapping[str, Value]

    def changed(self, field: str, value: str) -> FormChange:
        """Return what it would send if the person chose this."""
        return FormChange(self.form_id, self.context, self.nonce, {**self.values, field: value}, field)


def keep(tx: Transaction, ctx: Context, name: str, below: Below) -> None:
    """Store the form for the person alone, under the `name` that the form above it carries."""
    whole = (below.form_id, below.context, below.nonce, dict(below.values))
    tx.deliveries.add(_key(ctx, name), json.dumps(whole, ensure_ascii=False), ctx.now())


def take_up(tx: Transaction, ctx: Context, name: str) -> Below:
    """Return what the person left under that name. Raises NotFound."""
    kept = tx.deliveries.find(_key(ctx, name))
    if kept is None:
        raise NotFound
    form_id, context, nonce, values = json.loads(kept)
    return Below(form_id, context, nonce, {name: restored(value) for name, value in values.items()})


def _key(ctx: Context, name: str) -> str:
    return f"below:{ctx.actor.id}:{name}"
