"""What the reader has chosen for himself: the answer to his settings."""

from collections.abc import Collection
from datetime import datetime, timedelta

from core.people import Worker
from core.preferences import Preferences
from core.rules import Rules
from handlers import actions
from handlers.cards.notes import help_button
from handlers.cards.planning import length_words
from handlers.i18n import Texts
from handlers.settings.words import LANGUAGES
from handlers.settings.zones import zone_words
from handlers.ui import Button, Card, Facts, Notice


def settings_card(worker: Worker, chosen: Preferences, rules: Rules, texts: Texts, now: datetime) -> Card:
    """Return what holds for him from now on, and the way to change it again."""
    title = texts.t("My settings")
    never = texts.t("never")
    reminders = rules.reminders if chosen.reminders is None else chosen.reminders
    facts = Facts(
        (
            (texts.t("Language"), LANGUAGES.get(texts.locale, texts.locale)),
            (texts.t("Time zone"), zone_words(worker.zone, texts, now)),
            (texts.t("Reminders"), _reminders(reminders, texts) or never),
            (texts.t("My day’s appointments"), f"{chosen.summary_at:%H:%M}" if chosen.summary_at else never),
            (texts.t("Colleagues’ agendas"), _shown(chosen, texts)),
        )
    )
    buttons = (
        Button(actions.ref(actions.SETTINGS), title, opens_form=True),
        Button(actions.ref(actions.ACCOUNTS), texts.t("My accounts")),
        help_button(texts),
    )
    return Card(title, (Notice(texts.t("Your settings are saved."), "success"), facts), buttons, neutral=title)


def _reminders(reminders: Collection[timedelta], texts: Texts) -> str:
    lengths = ", ".join(length_words(before, texts) for before in sorted(reminders, reverse=True))
    return texts.t("{lengths} before", lengths=lengths) if lengths else ""


def _shown(chosen: Preferences, texts: Texts) -> str:
    both = (
        (chosen.shown.availability, texts.t("Availability")),
        (chosen.shown.external, texts.t("External agenda")),
    )
    return ", ".join(label for on, label in both if on) or texts.t("Only appointments and absences")
