"""Réglages: how one wants to be booked (notice, free time around, travel, how many a day)."""

from collections.abc import Sequence
from datetime import timedelta

from core.availability import Limits
from core.ports import Transaction
from handlers.cards.planning import length_words
from handlers.context import Context
from handlers.forms import form_key, new_nonce, one, whole
from handlers.i18n import Texts
from handlers.planning import fields
from handlers.planning.listing import planning
from handlers.ui import (
    ActionClick,
    ChoiceField,
    FieldErrors,
    Form,
    FormSubmit,
    Notice,
    OpenForm,
    Option,
    OptionGroup,
    Outcome,
    Reply,
    Text,
)

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_NOTICES = [n * _HOUR for n in (0, 1, 2, 4, 8, 12)] + [n * _DAY for n in (1, 2, 3, 5, 7, 14)]
_BUFFERS = [n * _MINUTE for n in (0, 5, 10, 15, 20, 30, 45, 60)]
_TRAVELS = [n * _MINUTE for n in (0, 10, 15, 20, 30, 45, 60, 90, 120)]
_MOST_A_DAY = 12


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """Open the form with what holds now."""
    worker_id = ctx.actor.id
    own = await ctx.read(lambda tx: tx.agendas.limits([worker_id]))
    return OpenForm(_form(own.get(worker_id, ctx.rules.limits), ctx.texts))


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Store them, once for this opening of the form."""
    read = {name: whole(one(event.values, name)) for name in _LONGEST}
    wrong = [name for name, number in read.items() if number is None or number > _LONGEST[name]]
    if wrong:
        return FieldErrors(tuple((name, ctx.texts.t("Choose one of those offered.")) for name in wrong))
    minutes = {name: (number or 0) * _MINUTE for name, number in read.items()}
    limits = Limits(
        notice=minutes[fields.NOTICE],
        before=minutes[fields.BEFORE],
        after=minutes[fields.AFTER],
        travel=minutes[fields.TRAVEL],
        daily=read[fields.DAILY] or 0,
    )

    def work(tx: Transaction) -> Outcome:
        tx.agendas.save_limits(ctx.actor.id, limits)
        return Reply(planning(tx, ctx, Notice(ctx.texts.t("Your settings are saved."), "success")))

    return await ctx.write(work, key=form_key(event.nonce))


_LONGEST = {
    fields.NOTICE: 366 * 24 * 60,
    fields.BEFORE: 24 * 60,
    fields.AFTER: 24 * 60,
    fields.TRAVEL: 24 * 60,
    fields.DAILY: 1_000,
}
"""The largest value that is kept of each."""


def _form(limits: Limits, texts: Texts) -> Form:
    t = texts.t
    daily = sorted({*range(_MOST_A_DAY + 1), limits.daily})
    numbers = tuple(Option(str(n), str(n) if n else t("Any number")) for n in daily)
    parts = (
        Text(t("Colleagues are offered only times that keep to this. You yourself may book any time.")),
        _lengths(fields.NOTICE, _NOTICES, limits.notice, t("Notice"), t("Between booking and the appointment."), texts),
        _lengths(fields.BEFORE, _BUFFERS, limits.before, t("Free time before"), t("Before each appointment."), texts),
        _lengths(fields.AFTER, _BUFFERS, limits.after, t("Free time after"), t("After each appointment."), texts),
        _lengths(fields.TRAVEL, _TRAVELS, limits.travel, t("Travel"), t("Between two places."), texts),
        ChoiceField(
            fields.DAILY,
            t("Appointments a day, at most"),
            (OptionGroup("", numbers),),
            str(limits.daily),
            required=True,
        ),
    )
    return Form(fields.LIMITS_FORM, t("Settings"), parts, t("Save"), nonce=new_nonce())


def _lengths(
    name: str, offered: Sequence[timedelta], chosen: timedelta, label: str, hint: str, texts: Texts
) -> ChoiceField:
    """Return the choice of a length in minutes, with what is chosen among the usual ones."""
    lengths, none = sorted({*offered, chosen}), texts.t("None")
    options = tuple(
        Option(str(length // _MINUTE), length_words(length, texts) if length else none) for length in lengths
    )
    return ChoiceField(name, label, (OptionGroup("", options),), str(chosen // _MINUTE), hint, required=True)
