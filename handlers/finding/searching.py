"""Answers to who types in a search field of the form that finds a time: workers, accents ignored."""

from handlers.context import Context
from handlers.finding import fields
from handlers.finding.form import worker_options
from handlers.ui import OptionGroup, Options, OptionSearch, Outcome

MOST = 20
_FIELDS = {fields.MAIN, fields.REQUIRED, fields.OPTIONAL}


async def search(ctx: Context, event: OptionSearch) -> Outcome:
    """Return the workers that match."""
    if event.field_id not in _FIELDS:
        return Options(())
    found = await ctx.read(lambda tx: tx.people.search_workers(event.query, MOST))
    return Options((OptionGroup("", worker_options(found)),) if found else ())
