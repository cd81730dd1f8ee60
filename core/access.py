"""Who may see and do what; asked again at every click."""

from datetime import datetime
from enum import StrEnum

from core.appointments import Answer, Appointment, EndingKind
from core.cases import SupportCase
from core.errors import CaseNotFound, Ended, NotAllowed, NotFound, Started
from core.people import Worker
from core.ports import Transaction


class Right(StrEnum):
    """What one person may do with one appointment at this moment."""

    ANSWER = "answer"
    EDIT = "edit"
    CANCEL = "cancel"
    DELETE = "delete"
    UNDO = "undo"
    SHARE = "share"
    """Show it to a channel, without what only a private view may show."""
    PROPOSE = "propose"
    """Propose another time, having declined this one."""


def may_see_case(case: SupportCase, worker_id: int) -> bool:
    """Tell whether the worker may open the case: a confidential one, its lead and the workers named on it (rule 9)."""
    return not case.confidential or worker_id == case.lead_id or worker_id in case.worker_ids


def access_case(tx: Transaction, actor: Worker, number: int) -> SupportCase:
    """Return the case, if the actor may open it. Raises CaseNotFound either way, so that nobody learns it exists."""
    case = tx.cases.find(number)
    if case is None or not may_see_case(case, actor.id):
        raise CaseNotFound(number)
    return case


def access_appointment(tx: Transaction, actor: Worker, appointment_id: int, now: datetime) -> Appointment:
    """Return the appointment, if the actor is part of it or may open its case.

    Raises NotFound; Ended if it is deleted.
    """
    appointment = tx.appointments.find(appointment_id)
    if appointment is None:
        raise NotFound
    if actor.id not in appointment.audience:
        case = tx.cases.find(appointment.case_number)
        if case is None or not may_see_case(case, actor.id):
            raise NotFound
    if appointment.ended_for(actor.id, now) is EndingKind.DELETED and not may_undo(appointment, actor.id, now):
        raise Ended
    return appointment


def in_charge(appointment: Appointment, lead_id: int | None, worker_id: int) -> bool:
    """Tell whether the worker is the organiser, the main worker or the lead of the case."""
    return worker_id in (appointment.creator_id, appointment.main_worker_id, lead_id)


def may_undo(appointment: Appointment, worker_id: int, now: datetime) -> bool:
    """Tell whether this worker ended the appointment so recently that he may take it back (rule 6)."""
    ending = appointment.ending
    return ending is not None and ending.by_id == worker_id and now < ending.settles_at


def rights(appointment: Appointment, lead_id: int | None, worker_id: int, now: datetime) -> frozenset[Right]:
    """Return what the worker may do with the appointment at `now`; `lead_id` is the lead of its case."""
    granted: set[Right] = set()
    invitation = appointment.invitation_of(worker_id)
    ended = appointment.ended_for(worker_id, now)
    begun = appointment.during.start <= now
    charge = in_charge(appointment, lead_id, worker_id)
    if ended is None and not begun:
        if invitation is not None:
            granted.add(Right.ANSWER)
            if invitation.answer is Answer.DECLINED and worker_id != appointment.creator_id:
                granted.add(Right.PROPOSE)
        if charge:
            granted |= {Right.EDIT, Right.CANCEL}
    if ended is not EndingKind.DELETED:
        granted.add(Right.SHARE)
        if charge:
            granted.add(Right.DELETE)
    unsettled_decline = invitation is not None and invitation.settles_at is not None and now < invitation.settles_at
    if may_undo(appointment, worker_id, now) or (ended is None and not begun and unsettled_decline):
        granted.add(Right.UNDO)
    return frozenset(granted)


def require(tx: Transaction, actor: Worker, appointment: Appointment, right: Right, now: datetime) -> None:
    """Return if the actor holds the right. Raises Ended, Started or NotAllowed, whichever explains the refusal best.

    Ended too while another is ending the appointment: he alone may still take that back.
    """
    case = tx.cases.find(appointment.case_number)
    lead_id = case.lead_id if case else None
    if right in rights(appointment, lead_id, actor.id, now):
        if _is_being_ended(appointment, actor.id, now):
            raise Ended
        return
    if not in_charge(appointment, lead_id, actor.id):
        raise NotAllowed
    if appointment.ended_for(actor.id, now) is not None:
        raise Ended
    raise Started


def _is_being_ended(appointment: Appointment, worker_id: int, now: datetime) -> bool:
    ending = appointment.ending
    return ending is not None and ending.by_id != worker_id and now < ending.settles_at
