"""Giving one appointment to another main worker (rule 5): everyone concerned is told or asked as of a move."""

from collections.abc import Collection
from datetime import datetime

from core.access import Right, access_appointment, require
from core.appointments import Appointment
from core.errors import SameWorker, Stale
from core.handover import hand_over
from core.people import Worker
from core.ports import Transaction
from core.reasons import Reason, ReasonKind, reasons_against
from core.rules import Rules

_NO_HINDRANCE = {ReasonKind.OFF_STEP, ReasonKind.TWO_PLACES}
"""What is not offered as a slot, and may be booked (rule 2)."""
_NOT_IN_ONES_OWN = {
    ReasonKind.OUTSIDE,
    ReasonKind.OTHER_KIND,
    ReasonKind.NOTICE,
    ReasonKind.BUFFER,
    ReasonKind.TRAVEL,
    ReasonKind.FULL_DAY,
}
"""What hinders others alone: in one's own agenda any time may be booked (rules 2 and 3)."""


def reassign(
    tx: Transaction,
    actor: Worker,
    appointment_id: int,
    revision: int,
    to_worker_id: int,
    now: datetime,
    rules: Rules,
    *,
    confirmed: Collection[str] = frozenset(),
) -> Appointment:
    """Make another worker the main worker of the appointment that the actor saw at `revision`; time and place stay.

    Who had it is told that it no longer concerns him, unless he is its organiser, who stays that. The new one gets
    its card, and every invitee is asked again. Raises as `core.handover.hand_over`, and SameWorker, NotAllowed, Ended,
    Started, Stale.
    """
    appointment = reassignable(tx, actor, appointment_id, revision, now)
    if to_worker_id == appointment.main_worker_id:
        raise SameWorker
    return hand_over(tx, actor, appointment_id, to_worker_id, now, rules, confirmed=confirmed)


def reassignable(tx: Transaction, actor: Worker, appointment_id: int, revision: int, now: datetime) -> Appointment:
    """Return the appointment, if the actor may give it away as he saw it.

    Raises NotFound, NotAllowed, Ended, Started, Stale.
    """
    appointment = access_appointment(tx, actor, appointment_id, now)
    require(tx, actor, appointment, Right.EDIT, now)
    if appointment.revision != revision:
        raise Stale
    return appointment


def hindrances(
    tx: Transaction, actor: Worker, appointment: Appointment, to_worker_id: int, now: datetime, rules: Rules
) -> list[Reason]:
    """Return what keeps this worker from taking the appointment, or would be asked about. Raises NotFound."""
    found = reasons_against(
        tx,
        to_worker_id,
        appointment.during,
        now,
        rules,
        kind=appointment.kind,
        ignoring=appointment.id,
        viewer_id=actor.id,
    )
    harmless = _NO_HINDRANCE | (_NOT_IN_ONES_OWN if to_worker_id == actor.id else set())
    return [reason for reason in found if reason.kind not in harmless]
