"""Copying what one has on a day or in a week to other days or weeks."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.errors import InThePast, OutOfYears
from core.planning import copy_day, copy_week
from core.ports import Transaction
from handlers import forms
from handlers.context import Context
from handlers.forms import form_key, new_nonce, one, whole
from handlers.i18n import Texts
from handlers.planning import fields
from handlers.planning.listing import planning
from handlers.planning.wrong import WrongFields
from handlers.ui import (
    ActionClick,
    ChoiceField,
    DateField,
    Field,
    FieldErrors,
    Form,
    FormChange,
    FormSubmit,
    Notice,
    OpenForm,
    Option,
    OptionGroup,
    Outcome,
    Reply,
    TextField,
    UpdateForm,
)
from handlers.words import read_words

MOST_WEEKS = 12
MOST_DAYS = 31
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Draft:
    """The form's values as they were typed; `shown` is what the form asks for beside the first day."""

    nonce: str
    what: str
    day: str
    to: str = ""
    weeks: str = "1"
    shown: str = ""


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """Open the form with the day of today."""
    today = ctx.texts.local(ctx.now()).date()
    return OpenForm(_form(_Draft(new_nonce(), fields.ONE_DAY, today.isoformat()), ctx.texts))


async def change_form(ctx: Context, event: FormChange) -> Outcome:
    """Show the form anew after a choice."""
    return UpdateForm(_form(_read(event), ctx.texts))


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Copy, once for this opening of the form."""
    draft = _read(event)
    if draft.shown != draft.what:  # a platform that shows nothing anew after a choice
        return UpdateForm(_form(draft, ctx.texts))
    try:
        return await ctx.write(lambda tx: _copy(tx, ctx, draft), key=form_key(event.nonce))
    except WrongFields as wrong:
        return FieldErrors(wrong.errors)
    except (InThePast, OutOfYears) as refusal:
        return FieldErrors(((fields.TO if draft.what == fields.ONE_DAY else fields.DAY, ctx.texts.error(refusal)),))


def _copy(tx: Transaction, ctx: Context, draft: _Draft) -> Outcome:
    texts, today = ctx.texts, ctx.texts.local(ctx.now()).date()
    source = forms.day(draft.day)
    if source is None:
        raise WrongFields([(fields.DAY, texts.t("Give the day."))])
    if draft.what == fields.WHOLE_WEEK:
        weeks = whole(draft.weeks) or 0
        if not 1 <= weeks <= MOST_WEEKS:
            raise WrongFields([(fields.WEEKS, texts.t("Choose how many weeks."))])
        added = copy_week(tx, ctx.actor, source, [source + n * _WEEK for n in range(1, weeks + 1)], ctx.now())
    else:
        added = copy_day(tx, ctx.actor, source, _days(draft.to, today, texts), ctx.now())
    if not added:
        raise WrongFields([(fields.DAY, texts.t("There is nothing to copy, or it is there already."))])
    said = texts.n("{count} range was added.", "{count} ranges were added.", len(added))
    return Reply(planning(tx, ctx, Notice(said, "success")))


def _days(text: str, today: date, texts: Texts) -> list[date]:
    """Return the days that are typed, by commas: "03/02, jeudi, du 10/02 au 12/02". Raises WrongFields."""
    found: dict[date, None] = {}
    too_many = WrongFields([(fields.TO, texts.t("Give at most {count} days.", count=MOST_DAYS))])
    pieces = [piece for piece in text.split(",") if piece.strip()]
    if len(pieces) > MOST_DAYS:
        raise too_many
    for piece in pieces:
        said = read_words(piece, today)
        if said.days is None or said.unclear:
            raise WrongFields([(fields.TO, texts.t("This is not clear: {text}", text=piece.strip()))])
        length = (said.days.last - said.days.first).days + 1
        found |= dict.fromkeys(said.days.first + n * _DAY for n in range(length))
        if len(found) > MOST_DAYS:
            raise too_many
    if not found:
        raise WrongFields([(fields.TO, texts.t("Give at least one day."))])
    return list(found)


def _read(event: FormChange | FormSubmit) -> _Draft:
    what = one(event.values, fields.WHAT)
    return _Draft(
        nonce=event.nonce,
        what=fields.WHOLE_WEEK if what == fields.WHOLE_WEEK else fields.ONE_DAY,
        day=one(event.values, fields.DAY),
        to=one(event.values, fields.TO),
        weeks=one(event.values, fields.WEEKS) or "1",
        shown=event.context,
    )


def _form(draft: _Draft, texts: Texts) -> Form:
    t = texts.t
    whats = (Option(fields.ONE_DAY, t("A day")), Option(fields.WHOLE_WEEK, t("A week")))
    week = draft.what == fields.WHOLE_WEEK
    parts = (
        ChoiceField(
            fields.WHAT, t("What is copied"), (OptionGroup("", whats),), draft.what, required=True, refreshes=True
        ),
        DateField(
            fields.DAY,
            t("Which day"),
            draft.day,
            t("Any day of the week that is copied.") if week else "",
            required=True,
        ),
        _to_weeks(draft, texts) if week else _to_days(draft, texts),
    )
    return Form(fields.COPY_FORM, t("Copy ranges"), parts, t("Copy"), draft.what, draft.nonce)


def _to_days(draft: _Draft, texts: Texts) -> Field:
    hint = texts.t("By commas, for example: {example}", example=texts.t("03/02, Thursday, from 10/02 to 12/02"))
    return TextField(fields.TO, texts.t("To which days"), draft.to, hint, required=True)


def _to_weeks(draft: _Draft, texts: Texts) -> Field:
    options = tuple(Option(str(n), str(n)) for n in range(1, MOST_WEEKS + 1))
    label, groups = texts.t("To how many weeks"), (OptionGroup("", options),)
    return ChoiceField(fields.WEEKS, label, groups, draft.weeks, texts.t("Those that follow it."), required=True)
