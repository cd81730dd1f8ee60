"""« Pourquoi pas à cette heure ? », asked by itself: of whom and when, in words or in a form."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from core.ports import Transaction
from handlers import actions
from handlers.booking.chosen import Misread
from handlers.cards.words import moment
from handlers.context import Context
from handlers.finding import fields
from handlers.finding.form import people_fields
from handlers.finding.wanted import Wanted, people_of, read_wanted
from handlers.finding.why import answer, asked_time, why_parts
from handlers.forms import new_nonce
from handlers.ui import (
    ActionClick,
    Button,
    Card,
    Facts,
    FieldErrors,
    Form,
    FormChange,
    FormSubmit,
    Notice,
    OpenForm,
    Outcome,
    Reply,
    UpdateForm,
)
from handlers.words import Days, Hours, people_in, read_words

FORM = "why"


async def command(ctx: Context, text: str) -> Outcome:
    """Answer at once when person, day and hour were typed; else open the form with what was understood."""

    def look(tx: Transaction) -> Outcome:
        named = people_in(tx, text)
        said = read_words(named.rest, ctx.texts.local(ctx.now()).date())
        wanted = _at(_of_people(ctx, [w.id for w in named.workers]), said.days, said.hours)
        unclear = " ".join([*named.unknown, *said.unclear])
        if not unclear and (card := _card(tx, ctx, wanted)) is not None:
            return Reply(card)
        notices = [Notice(ctx.texts.t("I do not understand “{text}”.", text=unclear), "warning")] if unclear else []
        during = asked_time(wanted, ctx.texts)
        if wanted.day and wanted.starts and isinstance(during, Misread):
            notices.append(Notice(during.message, "warning"))
        return OpenForm(_form(tx, ctx, replace(wanted, nonce=new_nonce()), notices))

    return await ctx.read(look)


async def click(ctx: Context, click: ActionClick) -> Outcome:
    """Open the form with the people of the button."""
    wanted = replace(_of_people(ctx, actions.people(click.ref.token)), nonce=new_nonce())
    return await ctx.read(lambda tx: OpenForm(_form(tx, ctx, wanted)))


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew, with the reasons once the person and the time are known."""
    wanted = read_wanted(event.nonce, event.values)
    return await ctx.read(lambda tx: UpdateForm(_form(tx, ctx, wanted)))


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Show the reasons, or what is missing."""
    wanted = read_wanted(event.nonce, event.values)

    def look(tx: Transaction) -> Outcome:
        if people_of(tx, wanted).main is None:
            return FieldErrors(((fields.MAIN, ctx.texts.t("Choose the main worker.")),))
        during = asked_time(wanted, ctx.texts)
        if isinstance(during, Misread):
            return FieldErrors(((during.field, during.message),))
        return UpdateForm(_form(tx, ctx, wanted))

    return await ctx.read(look)


def _form(tx: Transaction, ctx: Context, wanted: Wanted, said: Sequence[Notice] = ()) -> Form:
    t, people = ctx.texts.t, people_of(tx, wanted)
    parts = (
        *said,
        *people_fields(people, ctx.texts, optional=False),
        *why_parts(tx, ctx.actor, wanted, people, ctx.texts, ctx.now(), ctx.rules),
    )
    return Form(FORM, t("Why not at this time?"), parts, t("See why"), nonce=wanted.nonce)


def _card(tx: Transaction, ctx: Context, wanted: Wanted) -> Card | None:
    """Return the answer as a card; None while something is missing."""
    people, during = people_of(tx, wanted), asked_time(wanted, ctx.texts)
    reasons = answer(tx, ctx.actor, wanted, people, ctx.texts, ctx.now(), ctx.rules)
    if reasons is None or isinstance(during, Misread):
        return None
    t, title = ctx.texts.t, ctx.texts.t("Why not at this time?")
    facts = Facts(((t("Date"), moment(during, ctx.texts)), (t("Workers"), "\n".join(w.label for w in people.all))))
    find = actions.people_ref(actions.FIND, *(w.id for w in people.all))
    return Card(title, (facts, reasons), (Button(find, t("Find a time"), opens_form=True),), neutral=title)


def _of_people(ctx: Context, workers: Sequence[int]) -> Wanted:
    main, *others = workers or [ctx.actor.id]
    return Wanted(main=main, required=tuple(others))


def _at(wanted: Wanted, days: Days | None, hours: Hours | None) -> Wanted:
    """Return it with the one day and the hours that were said; without an end, it is an hour."""
    day = days.first.isoformat() if days and days.first == days.last else ""
    starts, ends = (hours.starts, hours.ends) if hours else (None, None)
    if starts is not None and ends is None:
        ends = starts.replace(hour=(starts.hour + 1) % 24)
    return replace(wanted, day=day, starts=_typed(starts), ends=_typed(ends))


def _typed(at: time | None) -> str:
    return f"{at:%H:%M}" if at is not None else ""
