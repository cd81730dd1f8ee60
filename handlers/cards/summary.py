"""The daily summary: the day's appointments as the reader may see them, and the invitations that wait."""

from datetime import datetime

from core.summaries import SummaryView
from handlers.cards.days import agenda_button, entries, invitations_button, waiting_words
from handlers.i18n import Texts
from handlers.ui import Card, Element, Text


def summary_card(view: SummaryView, texts: Texts, now: datetime) -> Card:
    """Return the summary; its `neutral` line says how many, and names nobody."""
    title = texts.t("Your day: {day}", day=texts.day(view.day))
    count = len(view.appointments.views) + view.appointments.more
    agenda = agenda_button(texts)
    booked = texts.n("{count} appointment", "{count} appointments", count) if count else texts.t("No appointment")
    body: list[Element] = [Text(f"{booked}.")]
    if count:
        body.append(entries(view.appointments, texts, now, lambda v: texts.hours(v.appointment.during), agenda))
    if not view.waiting:
        return Card(title, tuple(body), (agenda,), neutral=f"{title} – {booked}")
    waiting = waiting_words(view.waiting, texts)
    buttons = (invitations_button(view.waiting, texts), agenda)
    return Card(title, (*body, Text(waiting)), buttons, neutral=f"{title} – {booked}. {waiting}")
