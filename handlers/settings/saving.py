"""Saving what was chosen; the answer already speaks the new language, on the new clock."""

from dataclasses import replace
from datetime import timedelta

from core.availability import Shown
from core.errors import BadReminder, TooManyReminders, UnknownLanguage, UnknownZone
from core.people import Worker
from core.ports import Transaction
from core.preferences import Preferences
from core.preferring import preferences_of, save_preferences
from handlers.context import Context
from handlers.forms import clock, form_key, many, one, whole
from handlers.i18n import Texts
from handlers.settings import fields
from handlers.settings.card import settings_card
from handlers.ui import FieldErrors, FormSubmit, Outcome, Reply

_BESIDE = {
    UnknownLanguage: fields.LOCALE,
    UnknownZone: fields.ZONE,
    TooManyReminders: fields.REMINDERS,
    BadReminder: fields.REMINDERS,
}


async def submit(ctx: Context, event: FormSubmit) -> Outcome:
    """Store the choices, once for this opening of the form."""
    if one(event.values, fields.SUMMARY) and clock(one(event.values, fields.SUMMARY_AT)) is None:
        return FieldErrors(((fields.SUMMARY_AT, ctx.texts.t("Give a time such as 14:15.")),))

    def work(tx: Transaction) -> Outcome:
        chosen = _read(event, preferences_of(tx, ctx.actor), ctx.actor, ctx.rules.reminders)
        worker = save_preferences(tx, ctx.actor, chosen, ctx.now(), ctx.rules)
        saved = preferences_of(tx, worker)
        return Reply(settings_card(worker, saved, ctx.rules, Texts(worker.locale, worker.zone), ctx.now()))

    try:
        return await ctx.write(work, key=form_key(event.nonce))
    except (UnknownLanguage, UnknownZone, TooManyReminders, BadReminder) as refusal:
        return FieldErrors(((_BESIDE[type(refusal)], ctx.texts.error(refusal)),))


def _read(event: FormSubmit, before: Preferences, actor: Worker, usual: tuple[timedelta, ...]) -> Preferences:
    """Return what was chosen; what was left as it is goes on following the organisation."""
    values = event.values
    locale, zone = one(values, fields.LOCALE) or actor.locale, one(values, fields.ZONE) or actor.zone
    minutes = [n for text in many(values, fields.REMINDERS) if (n := whole(text)) is not None]
    reminders = tuple(timedelta(minutes=n) for n in minutes)
    as_before = set(reminders) == set(usual if before.reminders is None else before.reminders)
    return replace(
        before,
        locale=before.locale if locale == actor.locale else locale,
        zone=before.zone if zone == actor.zone else zone,
        reminders=before.reminders if as_before else reminders,
        summary_at=clock(one(values, fields.SUMMARY_AT)) if one(values, fields.SUMMARY) else None,
        shown=Shown(bool(one(values, fields.AVAILABILITY)), bool(one(values, fields.EXTERNAL))),
    )
