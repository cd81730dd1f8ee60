"""The form "Mes réglages", filled in with what holds now."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from core.people import LOCALES, Worker
from core.preferences import Preferences
from core.preferring import preferences_of
from core.rules import MOST_REMINDERS
from handlers.cards.planning import length_words
from handlers.context import Context
from handlers.forms import new_nonce
from handlers.i18n import Texts
from handlers.settings import fields
from handlers.settings.words import LANGUAGES
from handlers.settings.zones import zone_option
from handlers.ui import (
    ActionClick,
    ChoiceField,
    Form,
    MultiChoiceField,
    OpenForm,
    Option,
    OptionGroup,
    Outcome,
    SearchField,
    Text,
    TimeField,
    YesNo,
)

FORM = "settings"
MINUTE = timedelta(minutes=1)
_USUAL = tuple(n * MINUTE for n in (60, 24 * 60, 15, 30, 2 * 60, 48 * 60, 7 * 24 * 60, 5))
"""When people are usually reminded, the first ones the most."""
_CHOICES = 10
"""How many a field of several choices may offer."""
_SUMMARY_AT = time(7, 30)


async def click(ctx: Context, _: ActionClick) -> Outcome:
    """Open the form."""
    chosen = await ctx.read(lambda tx: preferences_of(tx, ctx.actor))
    reminders = ctx.rules.reminders if chosen.reminders is None else chosen.reminders
    return OpenForm(_form(ctx.actor, chosen, reminders, ctx.texts, ctx.now()))


def _form(worker: Worker, chosen: Preferences, reminders: Iterable[timedelta], texts: Texts, now: datetime) -> Form:
    t = texts.t
    languages = tuple(Option(locale, LANGUAGES[locale]) for locale in LOCALES)
    parts = (
        ChoiceField(fields.LOCALE, t("Language"), (OptionGroup("", languages),), texts.locale, required=True),
        SearchField(
            fields.ZONE,
            t("Time zone"),
            (zone_option(worker.zone, texts, now),),
            hint=t("Type a city or a region, for example Brussels."),
            required=True,
        ),
        _reminders(list(reminders), texts),
        YesNo(fields.SUMMARY, t("Send me my day’s appointments each day"), chosen.summary_at is not None),
        TimeField(
            fields.SUMMARY_AT,
            t("At what time?"),
            f"{chosen.summary_at or _SUMMARY_AT:%H:%M}",
            t("Only on days when there is something to tell."),
        ),
        Text(t("What shows of a colleague’s agenda when you open it for the first time:")),
        YesNo(fields.AVAILABILITY, t("Availability"), chosen.shown.availability),
        YesNo(fields.EXTERNAL, t("External agenda"), chosen.shown.external),
    )
    return Form(FORM, t("My settings"), parts, t("Save"), nonce=new_nonce())


def _reminders(chosen: list[timedelta], texts: Texts) -> MultiChoiceField:
    """Return the choice among the usual reminders; what is chosen is always among them."""
    offered = sorted(list(dict.fromkeys([*chosen, *_USUAL]))[: max(_CHOICES, len(chosen))])
    options = tuple(Option(str(before // MINUTE), length_words(before, texts)) for before in offered)
    hint = texts.t("Before each appointment; at most {limit}.", limit=MOST_REMINDERS)
    return MultiChoiceField(
        fields.REMINDERS, texts.t("Reminders"), options, tuple(str(before // MINUTE) for before in chosen), hint
    )
