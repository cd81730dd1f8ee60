"""A worker's own choices: language, time zone, reminders, daily summary, and how colleagues' agendas show at first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.availability import Shown
from core.errors import BadReminder, TooManyReminders, UnknownLanguage, UnknownZone
from core.people import LOCALES, Worker
from core.ports import Transaction
from core.preferences import Preferences
from core.reminding import remind_anew
from core.rules import EARLIEST_REMINDER, LATEST_REMINDER, MOST_REMINDERS, Rules
from core.summaries import next_summary
from core.zones import is_zone

_MINUTE = timedelta(minutes=1)


def preferences_of(tx: Transaction, worker: Worker) -> Preferences:
    """Return what the worker has chosen."""
    return tx.choices.of([worker.id])[worker.id]


def save_preferences(tx: Transaction, actor: Worker, chosen: Preferences, now: datetime, rules: Rules) -> Worker:
    """Store the actor's own choices, and return him as everybody sees him from now on.

    His reminders that are to come follow at once, and the next daily summary comes by the new time and zone.

    Raises:
        UnknownLanguage, UnknownZone: no such locale or IANA time zone.
        TooManyReminders: more than MOST_REMINDERS.
        BadReminder: one that is outside the bounds, or not in whole minutes, and not in use already.
    """
    usual = {*rules.reminders, *(preferences_of(tx, actor).reminders or ())}
    chosen, due = _checked(chosen, usual), tx.choices.summary_due(actor.id)
    tx.choices.save(actor.id, chosen, None)
    worker = tx.people.worker(actor.id)
    if chosen.summary_at is not None:
        missed = due is not None and due <= now  # it is still to be looked at, and tells today's as it is chosen now
        tx.choices.save(actor.id, chosen, due if missed else next_summary(chosen.summary_at, worker.zone, now))
    remind_anew(tx, actor.id, now, rules)  # even if none seems to differ: another form of his may just have been sent
    return worker


def shown_to(tx: Transaction, viewer: Worker, worker_ids: Sequence[int]) -> dict[int, Shown]:
    """Return the toggles of these workers for the viewer: a colleague that he never toggled is shown as he prefers."""
    remembered = tx.agendas.shown(viewer.id, worker_ids)
    new = [w for w in worker_ids if w not in remembered]
    preferred = preferences_of(tx, viewer).shown if set(new) - {viewer.id} else Shown()
    return {**remembered, **{w: Shown() if w == viewer.id else preferred for w in new}}


def _checked(chosen: Preferences, usual: set[timedelta]) -> Preferences:
    """Return the choices with each reminder once, the earliest first; what is `usual` lies within any bounds."""
    if chosen.locale and chosen.locale not in LOCALES:
        raise UnknownLanguage(chosen.locale)
    if chosen.zone and not is_zone(chosen.zone):
        raise UnknownZone(chosen.zone)
    if chosen.reminders is None:
        return chosen
    reminders = tuple(sorted(set(chosen.reminders), reverse=True))
    if len(reminders) > MOST_REMINDERS:
        raise TooManyReminders(MOST_REMINDERS)
    within = [r for r in reminders if LATEST_REMINDER <= r <= EARLIEST_REMINDER and not r % _MINUTE]
    if not usual >= set(reminders) - set(within):
        raise BadReminder(LATEST_REMINDER // _MINUTE, EARLIEST_REMINDER // timedelta(days=1))
    return replace(chosen, reminders=reminders)
