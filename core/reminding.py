"""Reminders: who is reminded of an appointment, and when; each worker chooses for himself."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from core.appointments import Appointment
from core.notices import Notice, NoticeKind
from core.ports import Transaction
from core.rules import Rules

Wanted = Mapping[int, Collection[timedelta]]
"""How long before the start each worker wants to be reminded, by his id."""


def reminded(appointment: Appointment) -> list[int]:
    """Return the main worker and the invited; who declined by then is left out when it is sent."""
    return list(dict.fromkeys([appointment.main_worker_id, *(i.worker_id for i in appointment.invitations)]))


def wanted_by(tx: Transaction, worker_ids: Iterable[int], rules: Rules) -> Wanted:
    """Return what each of these workers has chosen, `rules.reminders` where he has not.

    Until the transaction ends nobody chooses otherwise: who does so finds the appointment that is just being made.
    """
    chosen = tx.choices.lock(list(worker_ids))
    return {w: rules.reminders if p.reminders is None else p.reminders for w, p in chosen.items()}


def reminders(appointment: Appointment, recipients: Iterable[int], now: datetime, wanted: Wanted) -> list[Notice]:
    """Return the reminders of these recipients that do not lie in the past."""
    start = appointment.during.start
    return [
        Notice(
            appointment.id,
            recipient,
            NoticeKind.REMINDER,
            version=appointment.revision,
            due_at=start - before,
            minutes=int(before / timedelta(minutes=1)),
            expires_at=start,
        )
        for recipient in recipients
        for before in wanted[recipient]
        if start - before > now
    ]


def remind_anew(tx: Transaction, worker_id: int, now: datetime, rules: Rules) -> None:
    """Put what the worker wants now in the place of his reminders that are to come.

    What he declined, or is just taking back, gets its reminders too: whether they hold is asked when they are sent.
    One that has fallen due stays as it is, sent or not.
    """
    coming = tx.appointments.coming(worker_id, now)
    wanted = wanted_by(tx, [worker_id], rules)
    tx.outbox.drop_reminders(worker_id, [a.id for a in coming], now)
    tx.outbox.add((n for a in coming for n in reminders(a, [worker_id], now, wanted)), now)
