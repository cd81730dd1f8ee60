"""Answering an invitation, and taking a decline back (guide, steps 8 and 9; rule 4)."""

from dataclasses import replace
from datetime import datetime

from core.appointments import Answer, Appointment, Invitation
from core.errors import AnsweredAlready, Ended, NotFound, NotInvited, Stale, Started, TooLateToUndo
from core.notifying import answered_notices, undone_notices
from core.people import Worker
from core.ports import Transaction
from core.rules import Rules
from core.withdrawing import withdraw_own


def answer_invitation(
    tx: Transaction,
    actor: Worker,
    appointment_id: int,
    revision: int,
    sequence: int,
    answer: Answer,
    now: datetime,
    rules: Rules,
) -> Appointment:
    """Store the actor's own answer to what he saw: the appointment at `revision`, his answer at `sequence`.

    Whoever no longer declines takes back the other time that he has proposed.
    Raises NotFound, NotInvited, Ended, Started, or Stale when the card he clicked was old
    (AnsweredAlready when it asked for the answer that stands): nothing is done then.
    """
    appointment, invitation = own_invitation(tx, actor, appointment_id, now)
    if (appointment.revision, invitation.sequence) != (revision, sequence):
        repeated = appointment.revision == revision and answer is invitation.answer
        raise AnsweredAlready if repeated else Stale
    if answer is invitation.answer:
        return appointment
    visible_before = invitation.seen_by(0, now)
    settles = now + rules.undo if answer is Answer.DECLINED else None
    new = replace(invitation, answer=answer, previous=visible_before, sequence=sequence + 1, settles_at=settles)
    appointment = tx.appointments.answer(appointment, new, now)
    if invitation.answer is Answer.DECLINED:
        withdraw_own(tx, appointment_id, actor.id)
    tx.outbox.add(answered_notices(appointment, new, now, told=answer is not visible_before), now)
    tx.audit.add(actor.id, answer, appointment.id, now)
    return appointment


def undo_decline(tx: Transaction, actor: Worker, appointment_id: int, sequence: int, now: datetime) -> Appointment:
    """Put the answer back that stood before the decline, and take back the other time proposed with it.

    A proposal that the organiser has decided stays decided. Raises as `answer_invitation`, and TooLateToUndo.
    """
    appointment, invitation = own_invitation(tx, actor, appointment_id, now)
    if invitation.sequence != sequence:
        raise Stale
    if invitation.settles_at is None or now >= invitation.settles_at:
        raise TooLateToUndo
    restored = replace(invitation, answer=invitation.previous, sequence=sequence + 1, settles_at=None)
    appointment = tx.appointments.answer(appointment, restored, now)
    withdraw_own(tx, appointment_id, actor.id)
    tx.outbox.add(undone_notices(appointment, actor.id, now), now)
    tx.audit.add(actor.id, "undone", appointment.id, now)
    return appointment


def own_invitation(
    tx: Transaction, actor: Worker, appointment_id: int, now: datetime
) -> tuple[Appointment, Invitation]:
    """Return the appointment with the actor's invitation to it. Raises NotFound, NotInvited, Ended, Started."""
    appointment = tx.appointments.find(appointment_id)
    if appointment is None:
        raise NotFound
    invitation = appointment.invitation_of(actor.id)
    if invitation is None:
        raise NotInvited
    if appointment.ended_for(actor.id, now) is not None:
        raise Ended
    if appointment.during.start <= now:
        raise Started
    return appointment, invitation
