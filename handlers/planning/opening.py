"""/dispo: the list without a word; with words, the form that they fill in, or a colleague's agenda."""

from datetime import date

from core.ports import Transaction
from core.text import fold, quoted
from handlers import agenda
from handlers.booking import why
from handlers.context import Context
from handlers.i18n import Texts
from handlers.planning import absences, fields, ranges
from handlers.planning.absence_form import AbsenceDraft
from handlers.planning.draft import Draft
from handlers.planning.listing import show
from handlers.planning.repeating import said_value
from handlers.ui import Notice, Outcome
from handlers.words import Said, people_in, read_words

_WHY = {"pourquoi", "why"}


async def command(ctx: Context, text: str) -> Outcome:
    """Do what the words ask for; what is not understood is said, and left open in the form."""
    first, _, rest = text.strip().partition(" ")
    if fold(first).rstrip("?") in _WHY:
        return await why.command(ctx, rest)
    if not text.strip():
        return await show(ctx)
    today = ctx.texts.local(ctx.now()).date()

    def read(tx: Transaction) -> tuple[bool, Said]:
        people = people_in(tx, text)
        return bool(people.workers or people.unknown), read_words(people.rest, today, tx.places.all())

    colleagues, said = await ctx.read(read)
    if colleagues:
        return await agenda.command(ctx, text)
    if said.absent:
        return absences.open_form(ctx, _absence(said), *_unclear(said, ctx.texts))
    if not (said.days or said.hours or said.repeats or said.place or said.until):
        return await show(ctx, *_not_understood(said, ctx.texts))
    return await ranges.open_form(ctx, _range(said), *_range_notices(said, ctx.texts))


def _absence(said: Said) -> AbsenceDraft:
    days, hours = said.days, said.hours
    last = said.until or (days.last if days else None)
    return AbsenceDraft(
        kind=said.absent.kind if said.absent else None,
        first=days.first.isoformat() if days else "",
        last=last.isoformat() if last and not (hours and days and days.first == last) else "",
        starts=f"{hours.starts:%H:%M}" if hours and hours.starts else "",
        ends=f"{hours.ends:%H:%M}" if hours and hours.ends else "",
    )


def _range(said: Said) -> Draft:
    day, hours = _first_day(said), said.hours
    end = _last_day(said)
    return Draft(
        day=day.isoformat() if day else "",
        starts=f"{hours.starts:%H:%M}" if hours and hours.starts else "",
        ends=f"{hours.ends:%H:%M}" if hours and hours.ends else "",
        place=str(said.place.id) if said.place else fields.NO_PLACE,
        repeats=said_value(said.repeats),
        end=end.isoformat() if end else "",
    )


def _first_day(said: Said) -> date | None:
    """Return the day on which the range begins; a week alone does not say on which of its days."""
    if said.days is None:
        return None
    if said.repeats and said.repeats.weekday is not None:
        return said.repeats.first_from(said.days.first)
    return None if said.days.week else said.days.first


def _last_day(said: Said) -> date | None:
    """Return the end that was named: "until …", or that of several days."""
    if said.until or said.days is None or said.days.week:
        return said.until
    return said.days.last if said.days.last > said.days.first else None


def _range_notices(said: Said, texts: Texts) -> tuple[Notice, ...]:
    last = _last_day(said)
    if last is None or said.repeats:
        return _unclear(said, texts)
    asked = texts.t("You named a last day ({day}): choose how it repeats.", day=texts.short_day(last))
    return (*_unclear(said, texts), Notice(asked, "warning"))


def _unclear(said: Said, texts: Texts) -> tuple[Notice, ...]:
    if not said.unclear:
        return ()
    return (Notice(texts.t("I do not understand “{text}”.", text=quoted(" … ".join(said.unclear))), "warning"),)


def _not_understood(said: Said, texts: Texts) -> tuple[Notice, ...]:
    example = texts.t("/dispo Monday 9am-12pm every week until 30/06")
    return (*_unclear(said, texts), Notice(texts.t("Type for example: {example}", example=example)))
