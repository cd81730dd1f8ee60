"""The ways into the form that finds a time: /rdv trouver with people, days and hours in words, or a button."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.people import Worker
from core.ports import Transaction
from core.text import fold
from handlers import accounts, actions, booking
from handlers.context import Context
from handlers.finding import fields
from handlers.finding.form import build
from handlers.finding.wanted import Wanted
from handlers.forms import new_nonce
from handlers.ui import ActionClick, Notice, OpenForm, Outcome
from handlers.words import Days, Hours, people_in, read_words

_WORDS = {"trouver", "trouve", "chercher", "find", "search"}


def asked(text: str) -> str | None:
    """Return what follows when the text asks to find a time, None if it does not."""
    word, _, rest = text.strip().partition(" ")
    return rest.strip() if fold(word) in _WORDS else None


async def rdv(ctx: Context, text: str) -> Outcome:
    """Open the booking form, or with "trouver" the one that finds a time; "lier" and "comptes" are about accounts."""
    about_accounts = await accounts.command(ctx, text)
    if about_accounts is not None:
        return about_accounts
    rest = asked(text)
    return await booking.command(ctx, text) if rest is None else await command(ctx, rest)


async def command(ctx: Context, text: str) -> Outcome:
    """Open the form with the people, the days and the hours that were typed; what was not understood is said."""

    def look(tx: Transaction) -> Outcome:
        named = people_in(tx, text)
        said = read_words(named.rest, ctx.texts.local(ctx.now()).date(), tx.places.all())
        wanted = _of_people(ctx.actor, [w.id for w in named.workers])
        wanted = _within(_from(wanted, said.days, ctx.texts.local(ctx.now()).date()), said.hours)
        if said.place is not None:
            wanted = replace(wanted, place=str(said.place.id))
        unclear = [*named.unknown, *said.unclear]
        notices = [Notice(ctx.texts.t("I do not understand “{text}”.", text=" ".join(unclear)), "warning")]
        return _form(tx, ctx, wanted, notices if unclear else [])

    return await ctx.read(look)


async def click(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form with the people of the button."""
    wanted = _of_people(ctx.actor, actions.people(click.ref.token))
    return await ctx.read(lambda tx: _form(tx, ctx, wanted, []))


def _form(tx: Transaction, ctx: Context, wanted: Wanted, said: list[Notice]) -> Outcome:
    wanted = replace(wanted, nonce=new_nonce())
    return OpenForm(build(tx, ctx.actor, wanted, ctx.texts, ctx.now(), ctx.rules, said))


def _of_people(actor: Worker, workers: Sequence[int]) -> Wanted:
    """The first is the main worker, as whose agenda it will stand in; without any it is who asks."""
    main, *others = workers or [actor.id]
    return Wanted(main=main, required=tuple(others))


def _from(wanted: Wanted, days: Days | None, today: date) -> Wanted:
    """Return it with the period that was said: a week by its name, else from the first day on."""
    if days is None:
        return wanted
    monday = today - timedelta(days=today.weekday())
    named = {monday: fields.THIS_WEEK, monday + timedelta(weeks=1): fields.NEXT_WEEK}
    if days.week and days.first in named:
        return replace(wanted, period=named[days.first])
    return replace(wanted, period=fields.FROM_A_DAY, since=days.first.isoformat())


def _within(wanted: Wanted, hours: Hours | None) -> Wanted:
    if hours is None:
        return wanted
    after, before = (f"{at:%H:%M}" if at else "" for at in (hours.starts, hours.ends))
    return replace(wanted, after=after, before=before)
