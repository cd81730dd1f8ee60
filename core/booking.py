"""The booking service: create an appointment, change it, move it (guide, steps 3 to 7)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.access import Right, access_appointment, access_case, require
from core.appointments import Answer, Appointment, Invitation
from core.cases import SupportCase
from core.checking import Placing, check_edit, check_kind, check_placing, telling_holds
from core.errors import MissingChoice, NotFound, Stale
from core.notices import NoticeKind
from core.notifying import booked_notices, changed_notices
from core.people import Client, PartyKind, PartyRef, Person, PersonalContact, ProfessionalContact, Worker
from core.ports import Transaction
from core.reminding import reminded, wanted_by
from core.rules import COMMENT_LIMIT, KIND_LIMIT, NAME_LIMIT, Rules
from core.text import clean, fold
from core.times import Interval
from core.withdrawing import close_proposals

_OVERTAKEN_BY_MOVE = (
    NoticeKind.REMINDER,
    NoticeKind.INVITED,
    NoticeKind.MOVED,
    NoticeKind.REASSIGNED,
    NoticeKind.CHANGED,
)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to be created with the booking (guide, step 5)."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What someone asks for; `zone` is his IANA zone, kept beside the instants.

    `confirmed` holds the keys (`conflict_key`) of the conflicts that he was shown and accepts. `optional` are the
    concerned workers without whom it can take place; `kind` is "" for no particular one.
    """

    case_number: int
    main_worker_id: int
    during: Interval
    zone: str
    parties: tuple[PartyRef, ...]
    place: int | NewPlace | None = None
    comment: str = ""
    confirmed: frozenset[str] = frozenset()
    kind: str = ""
    optional: frozenset[int] = frozenset()


def book(tx: Transaction, actor: Worker, request: BookingRequest, now: datetime, rules: Rules) -> Appointment:
    """Create the appointment in the main worker's agenda, with its claim, invitations and notices.

    What the actor held in an open form is let go.

    Raises:
        CaseNotFound: the case is not there for the actor.
        InvalidTime: in the past, too long, too far ahead.
        Away: a colleague's agenda, on an absence or a public holiday of his (rule 3).
        OutsideAvailability: a colleague's agenda, outside his ranges for this kind (rule 2).
        SlotTaken: the main worker has an appointment then; the database decides.
        Held: someone else has this time chosen in an open form.
        NeedsConfirmation: something else stands in the way and was not confirmed (rule 3).
    """
    tx.agendas.release(actor.id)
    return enter(tx, actor, request, now, rules)


def enter(tx: Transaction, actor: Worker, request: BookingRequest, now: datetime, rules: Rules) -> Appointment:
    """Create the appointment as `book` does, for an actor who is not at his form: what he holds there stays his."""
    case = access_case(tx, actor, request.case_number)
    parties = parties_of(tx, request, case)
    invited = workers_among(parties)
    kind, place_id = clean(request.kind, limit=KIND_LIMIT), place_of(tx, request.place)
    placing = Placing(actor.id, request.main_worker_id, request.during, kind, place_id)
    check_placing(tx, placing, _required(request, invited), request.confirmed, now, rules)
    new = Appointment(
        id=0,
        case_number=request.case_number,
        main_worker_id=request.main_worker_id,
        creator_id=actor.id,
        during=request.during,
        zone=request.zone,
        place_id=place_id,
        comment=clean(request.comment, limit=COMMENT_LIMIT),
        parties=parties,
        invitations=tuple(_invitation(w, actor.id, optional=w in request.optional) for w in invited),
        created_at=now,
        kind=kind,
    )
    with telling_holds(tx, placing, now):
        appointment = tx.appointments.add(new)
    tx.outbox.add(booked_notices(appointment, now, wanted_by(tx, reminded(appointment), rules)), now)
    tx.audit.add(actor.id, "booked", appointment.id, now)
    return appointment


def change(
    tx: Transaction,
    actor: Worker,
    appointment_id: int,
    revision: int,
    request: BookingRequest,
    now: datetime,
    rules: Rules,
) -> Appointment:
    """Change or move the appointment that the actor saw at `revision` (rule 5).

    A new time or main worker asks every invitee again, and leaves no proposal of another time open; anything else only
    tells them. What was accepted with the time is not asked again. What the actor held in an open form is let go.
    Raises as `book`, and NotAllowed, Ended, Started, Stale.
    """
    old = access_appointment(tx, actor, appointment_id, now)
    require(tx, actor, old, Right.EDIT, now)
    if old.revision != revision:
        raise Stale
    tx.agendas.release(actor.id)
    case = access_case(tx, actor, request.case_number)
    parties = parties_of(tx, request, case, known=(_worker_ref(old.main_worker_id), *old.parties))
    invited = workers_among(parties)
    moved = (old.during, old.main_worker_id) != (request.during, request.main_worker_id)
    new = replace(
        old,
        case_number=request.case_number,
        main_worker_id=request.main_worker_id,
        during=request.during,
        zone=request.zone if moved else old.zone,
        place_id=place_of(tx, request.place),
        comment=clean(request.comment, limit=COMMENT_LIMIT),
        parties=parties,
        invitations=tuple(_kept_or_new(old, w, asked_again=moved, optional=w in request.optional) for w in invited),
        kind=clean(request.kind, limit=KIND_LIMIT),
    )
    placing = Placing(actor.id, new.main_worker_id, new.during, new.kind, new.place_id, ignoring=old.id)
    required = _required(request, invited)
    if moved:
        check_placing(tx, placing, required, request.confirmed, now, rules)
    else:
        if fold(new.kind) != fold(old.kind):
            check_kind(tx, placing)
        added = [w for w in required if not _was_required(old, w)]
        new_place = new.place_id != old.place_id
        check_edit(tx, placing, added, request.confirmed, now, rules, new_place=new_place)
    if new == old:
        return old
    wanted = wanted_by(tx, reminded(new), rules)  # first: who chooses meanwhile finds the reminders that follow
    with telling_holds(tx, placing, now):
        new = tx.appointments.replace(old, replace(new, revision=old.revision + 1), now)
    close_proposals(tx, new, moved=moved)
    for notice in _OVERTAKEN_BY_MOVE if moved else (NoticeKind.CHANGED,):
        tx.outbox.withdraw(new.id, notice, now)
    asked = [new.main_worker_id, *invited] if moved else [w for w in invited if w not in old.worker_ids]
    for worker_id in asked:  # who had been removed, and comes back, still has his old ones
        tx.outbox.withdraw(new.id, NoticeKind.REMINDER, now, recipient_id=worker_id)
    tx.outbox.add(changed_notices(old, new, actor.id, now, wanted), now)
    tx.audit.add(actor.id, "moved" if moved else "changed", new.id, now)
    return new


def parties_of(
    tx: Transaction, request: BookingRequest, case: SupportCase, known: Iterable[PartyRef] = ()
) -> tuple[PartyRef, ...]:
    """Return the concerned parties, each once, without the main worker. Raises MissingChoice, NotFound.

    All must exist. Who was not part of it (`known`) must be active, and a client or a personal contact on the case.
    """
    main = _worker_ref(request.main_worker_id)
    wanted = tuple(p for p in dict.fromkeys(request.parties) if p != main)
    if not wanted:
        raise MissingChoice
    people = tx.people.find([main, *wanted])
    welcome = {*known, *(c.ref for c in case.clients), *(c.ref for c in case.personal_contacts)}
    for ref in (main, *wanted):
        if ref not in people or (ref not in welcome and not _may_be_added(people[ref])):
            raise NotFound
    return wanted


def workers_among(parties: Iterable[PartyRef]) -> tuple[int, ...]:
    """Return the ids of the workers among these parties."""
    return tuple(p.id for p in parties if p.kind is PartyKind.WORKER)


def place_of(tx: Transaction, place: int | NewPlace | None) -> int | None:
    """Return the id of the place, made if it is new. Raises NotFound, BadText, TextTooLong."""
    if isinstance(place, NewPlace):
        name, kind = clean(place.name, limit=NAME_LIMIT), clean(place.kind, limit=NAME_LIMIT)
        if not name:
            return None
        existing = tx.places.named(name, kind)
        return (existing or tx.places.add(name, kind)).id
    if place is not None and tx.places.find(place) is None:
        raise NotFound
    return place


def _may_be_added(person: Person) -> bool:
    match person:
        case Worker():
            return person.active
        case ProfessionalContact():
            return True
        case Client() | PersonalContact():
            return False


def _worker_ref(worker_id: int) -> PartyRef:
    return PartyRef(PartyKind.WORKER, worker_id)


def _required(request: BookingRequest, invited: Iterable[int]) -> list[int]:
    return [w for w in invited if w not in request.optional]


def _was_required(old: Appointment, worker_id: int) -> bool:
    invitation = old.invitation_of(worker_id)
    return invitation is not None and not invitation.optional


def _invitation(worker_id: int, creator_id: int, *, optional: bool) -> Invitation:
    answer = Answer.ACCEPTED if worker_id == creator_id else Answer.PENDING
    return Invitation(worker_id, answer, optional=optional)


def _kept_or_new(old: Appointment, worker_id: int, *, asked_again: bool, optional: bool) -> Invitation:
    kept = old.invitation_of(worker_id)
    if kept is None:
        return _invitation(worker_id, old.creator_id, optional=optional)
    if not asked_again or worker_id == old.creator_id:
        return replace(kept, optional=optional)
    return Invitation(worker_id, sequence=kept.sequence + 1, optional=optional)
