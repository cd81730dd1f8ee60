"""A new place is created, or the one of that name taken, and the form below comes back with it chosen."""

from core.booking import NewPlace, place_of
from core.rules import NAME_LIMIT
from handlers import booking, planning
from handlers.context import Context
from handlers.forms import one, text_errors
from handlers.placing import fields
from handlers.placing.drafts import take_up
from handlers.placing.pushing import Change
from handlers.ui import FieldErrors, FormSubmit, Outcome, PopForm, UpdateForm

_BELOW: dict[str, Change] = {
    booking.FORM: booking.change_form,
    planning.RANGE_FORM: planning.ranges.change_form,
}


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Create the place, once however often it is sent. Raises NotFound when no form of the person's waits below."""
    name, kind = one(event.values, fields.NAME), one(event.values, fields.KIND)
    errors = text_errors(((fields.NAME, name, NAME_LIMIT), (fields.KIND, kind, NAME_LIMIT)), ctx.texts)
    if not name.strip():
        errors.append((fields.NAME, ctx.texts.t("Name the new place.")))
    if errors:
        return FieldErrors(tuple(errors))
    below = await ctx.read(lambda tx: take_up(tx, ctx, event.nonce))
    place_id = await ctx.db.write(lambda tx: place_of(tx, NewPlace(name, kind)))
    shown = await _BELOW[below.form_id](ctx, below.changed(fields.PLACE, str(place_id)))
    return PopForm(shown.form) if isinstance(shown, UpdateForm) else shown
