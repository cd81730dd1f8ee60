"""Holding a slot that someone has chosen in an open form, so that nobody is surprised at the end."""

from datetime import datetime

from core.appointments import Appointment
from core.checking import Placing, check_time, telling_holds
from core.errors import NotAllowed, NotFound
from core.people import Worker
from core.ports import Transaction
from core.rules import Rules
from core.times import Interval, without


def hold_slot(
    tx: Transaction,
    actor: Worker,
    worker_id: int,
    during: Interval,
    now: datetime,
    rules: Rules,
    *,
    old: Appointment | None = None,
) -> None:
    """Hold this time of the worker's for the actor, for `rules.hold`, in the place of what he held before.

    `old` is the appointment that he is moving: what it has already is not held, only what the new time adds (the later
    part, if it adds on both sides).

    Raises:
        InvalidTime: it could not be booked by anyone.
        NotAllowed, NotFound: the actor, or the worker, has left.
        Held: another holds it. SlotTaken: an appointment has it. What was held before is let go if the transaction
            is committed all the same.
    """
    if not tx.people.worker(actor.id).active:
        raise NotAllowed
    if not tx.people.worker(worker_id).active:
        raise NotFound
    check_time(during, now)
    own = old.during if old is not None and old.main_worker_id == worker_id else None
    tx.agendas.release(actor.id)
    placing = Placing(actor.id, worker_id, during, "", None, ignoring=old.id if old is not None else None)
    with telling_holds(tx, placing, now):
        for piece in without(during, [own] if own else []):
            tx.agendas.hold(worker_id, actor.id, piece, now, now + rules.hold)
