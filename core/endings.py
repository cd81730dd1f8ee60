"""Cancel, delete, and Undo for both (rule 6)."""

from dataclasses import replace
from datetime import datetime

from core.access import Right, access_appointment, may_undo, require
from core.appointments import Appointment, Ending, EndingKind
from core.errors import NotFound, Stale, TooLateToUndo
from core.notices import NoticeKind
from core.notifying import ended_notices, undone_notices
from core.people import Worker
from core.ports import Transaction
from core.rules import REASON_LIMIT, Rules
from core.text import clean


def cancel(
    tx: Transaction, actor: Worker, appointment_id: int, revision: int, reason: str, now: datetime, rules: Rules
) -> Appointment:
    """Cancel the appointment, keeping it with its reason; its time stays claimed until Undo has run out.

    Raises NotFound, NotAllowed, Ended, Started, Stale, BadText, TextTooLong.
    """
    appointment = access_appointment(tx, actor, appointment_id, now)
    require(tx, actor, appointment, Right.CANCEL, now)
    if appointment.revision != revision:
        raise Stale
    ending = Ending(EndingKind.CANCELLED, actor.id, clean(reason, limit=REASON_LIMIT), now + rules.undo)
    return _end(tx, actor, appointment, ending, now, told=True)


def delete(
    tx: Transaction, actor: Worker, appointment_id: int, revision: int, now: datetime, rules: Rules
) -> Appointment:
    """Take the appointment out of sight, keeping its audit line; the others hear of it unless it was cancelled or over.

    Raises NotFound, NotAllowed, Ended, Stale.
    """
    appointment = access_appointment(tx, actor, appointment_id, now)
    require(tx, actor, appointment, Right.DELETE, now)
    if appointment.revision != revision:
        raise Stale
    before = appointment.ending
    was_cancelled = before is not None and now >= before.settles_at
    reason = before.reason if before else ""
    ending = Ending(EndingKind.DELETED, actor.id, reason, now + rules.undo, was_cancelled=was_cancelled)
    return _end(tx, actor, appointment, ending, now, told=not was_cancelled and appointment.during.start > now)


def undo(tx: Transaction, actor: Worker, appointment_id: int, now: datetime) -> Appointment:
    """Take back the actor's own cancellation or deletion. Raises NotFound, TooLateToUndo."""
    appointment = tx.appointments.find(appointment_id)
    if appointment is None:
        raise NotFound
    ending = appointment.ending
    if ending is None or ending.by_id != actor.id:
        access_appointment(tx, actor, appointment_id, now)
    if ending is None or not may_undo(appointment, actor.id, now):
        raise TooLateToUndo
    restored = _earlier_cancellation(tx, appointment, ending, now) if ending.was_cancelled else None
    appointment = tx.appointments.replace(appointment, replace(appointment, ending=restored), now)
    if restored is None:  # nobody has been told yet, and a second cancellation tells it once
        for kind in (NoticeKind.CANCELLED, NoticeKind.DELETED):
            tx.outbox.withdraw(appointment.id, kind, now)
    tx.outbox.add(undone_notices(appointment, actor.id, now), now)
    tx.audit.add(actor.id, "undone", appointment.id, now)
    return appointment


def _earlier_cancellation(tx: Transaction, appointment: Appointment, deletion: Ending, now: datetime) -> Ending:
    """Return the cancellation that the deletion had taken the place of; the audit knows whose it was."""
    cancelled_by = [actor for actor, action, *_ in tx.audit.of(appointment.id) if action == EndingKind.CANCELLED]
    return Ending(EndingKind.CANCELLED, (cancelled_by or [deletion.by_id])[-1], deletion.reason, now)


def _end(
    tx: Transaction, actor: Worker, appointment: Appointment, ending: Ending, now: datetime, *, told: bool
) -> Appointment:
    ended = tx.appointments.replace(appointment, replace(appointment, ending=ending), now)
    tx.outbox.add(ended_notices(ended, actor.id, now, told=told), now)
    tx.audit.add(actor.id, ending.kind, ended.id, now, "with a reason" if ending.reason else "")
    return ended
