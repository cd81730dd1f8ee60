"""Leaving a form to create a place: its own form opens above, and the one below waits with everything in it."""

from collections.abc import Awaitable, Callable, Mapping

from core.rules import NAME_LIMIT
from handlers.context import Context
from handlers.forms import new_nonce, one
from handlers.i18n import Texts
from handlers.placing import fields
from handlers.placing.drafts import Below, keep
from handlers.ui import Form, FormChange, FormSubmit, Outcome, PushForm, TextField, UpdateForm, Value

Change = Callable[[Context, FormChange], Awaitable[Outcome]]


def wants_new_place(values: Mapping[str, Value]) -> bool:
    """Tell whether a form was left by its choice to create a place."""
    return one(values, fields.PLACE).startswith(f"{fields.NEW}.")


async def push_place_form(ctx: Context, event: FormChange | FormSubmit, change: Change) -> Outcome:
    """Open the form of a new place above the one that `change` shows with its place put back."""
    before = one(event.values, fields.PLACE).rpartition(".")[2]
    below = Below(event.form_id, event.context, event.nonce, event.values)
    shown = await change(ctx, below.changed(fields.PLACE, before))
    if not isinstance(shown, UpdateForm):
        return shown
    name, left = new_nonce(), Below(event.form_id, shown.form.context, event.nonce, event.values)
    await ctx.db.write(lambda tx: keep(tx, ctx, name, left))
    return PushForm(_form(name, ctx.texts), shown.form)


def _form(name: str, texts: Texts) -> Form:
    example = texts.t("For example: Implantations")
    parts = (
        TextField(fields.NAME, texts.t("Name of the new place"), limit=NAME_LIMIT, required=True),
        TextField(fields.KIND, texts.t("Kind of the new place"), hint=example, limit=NAME_LIMIT),
    )
    return Form(fields.FORM, texts.t("New place"), parts, texts.t("Create"), nonce=name)
