"""The booking service: create an appointment, change it, move it (guide, steps 3 to 7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.access import Right, access_appointment, access_case, require
from core.appointments import Answer, Appointment, Invitation
from core.availability import BusyKind
from core.cases import SupportCase
from core.conflicts import NeedsConfirmation, conflict_key
from core.errors import (
    InThePast,
    MissingChoice,
    NotFound,
    OutsideAvailability,
    SlotTaken,
    Stale,
    TooFarAhead,
    TooLong,
)
from core.notices import NoticeKind
from core.notifying import booked_notices, changed_notices
from core.people import Client, PartyKind, PartyRef, Person, PersonalContact, ProfessionalContact, Worker
from core.ports import Transaction
from core.rules import COMMENT_LIMIT, HORIZON, LONGEST, NAME_LIMIT, Rules
from core.slots import standing, within_availability
from core.text import clean
from core.times import Interval

_OVERTAKEN_BY_MOVE = (NoticeKind.REMINDER, NoticeKind.INVITED, NoticeKind.MOVED, NoticeKind.CHANGED)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to be created with the booking (guide, step 5)."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What someone asks for; `zone` is his IANA zone, kept beside the instants.

    `confirmed` holds the keys (`conflict_key`) of the conflicts that he was shown and accepts.
    """

    case_number: int
    main_worker_id: int
    during: Interval
    zone: str
    parties: tuple[PartyRef, ...]
    place: int | NewPlace | None = None
    comment: str = ""
    confirmed: frozenset[str] = frozenset()


def check_time(during: Interval, now: datetime) -> None:
    """Return if this time may be booked at all. Raises InThePast, TooLong, TooFarAhead."""
    if during.start < now:
        raise InThePast
    if during.duration > LONGEST:
        raise TooLong
    if during.start > now + HORIZON:
        raise TooFarAhead


def book(tx: Transaction, actor: Worker, request: BookingRequest, now: datetime, rules: Rules) -> Appointment:
    """Create the appointment in the main worker's agenda, with its claim, invitations and notices.

    Raises:
        CaseNotFound: the case is not there for the actor.
        InvalidTime: in the past, too long, too far ahead.
        OutsideAvailability: a colleague's agenda, outside his ranges (rule 2).
        SlotTaken: the main worker has an appointment then; the database decides.
        NeedsConfirmation: something else stands in the way and was not confirmed (rule 3).
    """
    case = access_case(tx, actor, request.case_number)
    check_time(request.during, now)
    parties = _parties(tx, request, case, known=())
    invited = _workers_of(parties)
    _check_availability(tx, actor, request)
    _check_conflicts(tx, request, (request.main_worker_id, *invited), now, ignoring=None)
    appointment = tx.appointments.add(
        Appointment(
            id=0,
            case_number=request.case_number,
            main_worker_id=request.main_worker_id,
            creator_id=actor.id,
            during=request.during,
            zone=request.zone,
            place_id=_place(tx, request),
            comment=clean(request.comment, limit=COMMENT_LIMIT),
            parties=parties,
            invitations=tuple(_invitation(worker_id, actor.id) for worker_id in invited),
            created_at=now,
        )
    )
    tx.outbox.add(booked_notices(appointment, now, rules), now)
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

    A new time or main worker asks every invitee again; anything else only tells them. Raises as `book`, and
    NotAllowed, Ended, Started, Stale.
    """
    old = access_appointment(tx, actor, appointment_id, now)
    require(tx, actor, old, Right.EDIT, now)
    if old.revision != revision:
        raise Stale
    case = access_case(tx, actor, request.case_number)
    parties = _parties(tx, request, case, known=(_worker_ref(old.main_worker_id), *old.parties))
    invited = _workers_of(parties)
    moved = (old.during, old.main_worker_id) != (request.during, request.main_worker_id)
    asked = [w for w in invited if w not in old.worker_ids]
    if moved:
        check_time(request.during, now)
        _check_availability(tx, actor, request)
        asked = [request.main_worker_id, *invited]
    _check_conflicts(tx, request, asked, now, ignoring=old.id)
    new = replace(
        old,
        case_number=request.case_number,
        main_worker_id=request.main_worker_id,
        during=request.during,
        zone=request.zone if moved else old.zone,
        place_id=_place(tx, request),
        comment=clean(request.comment, limit=COMMENT_LIMIT),
        parties=parties,
        invitations=tuple(_kept_or_new(old, worker_id, asked_again=moved) for worker_id in invited),
    )
    if new == old:
        return old
    new = tx.appointments.replace(old, replace(new, revision=old.revision + 1), now)
    for kind in _OVERTAKEN_BY_MOVE if moved else (NoticeKind.CHANGED,):
        tx.outbox.withdraw(new.id, kind, now)
    for worker_id in asked:  # who had been removed, and comes back, still has his old ones
        tx.outbox.withdraw(new.id, NoticeKind.REMINDER, now, recipient_id=worker_id)
    tx.outbox.add(changed_notices(old, new, actor.id, now, rules), now)
    tx.audit.add(actor.id, "moved" if moved else "changed", new.id, now)
    return new


def _check_availability(tx: Transaction, actor: Worker, request: BookingRequest) -> None:
    main_id = request.main_worker_id
    if main_id != actor.id and not within_availability(tx, main_id, request.during, lock=True):
        raise OutsideAvailability(main_id)


def _check_conflicts(
    tx: Transaction, request: BookingRequest, workers: Sequence[int], now: datetime, *, ignoring: int | None
) -> None:
    """Return if nothing that was not confirmed stands in the agendas of `workers`."""
    main_id = request.main_worker_id
    busy = tx.agendas.busy(workers, request.during, now) if workers else []
    conflicts = standing(busy, request.during, ignoring)
    if any(c.worker_id == main_id and c.kind is BusyKind.APPOINTMENT for c in conflicts):
        raise SlotTaken(main_id)
    if {conflict_key(c) for c in conflicts} - request.confirmed:
        raise NeedsConfirmation(tuple(conflicts))


def _parties(
    tx: Transaction, request: BookingRequest, case: SupportCase, known: Iterable[PartyRef]
) -> tuple[PartyRef, ...]:
    """Return the concerned parties, each once, without the main worker.

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


def _workers_of(parties: tuple[PartyRef, ...]) -> tuple[int, ...]:
    return tuple(p.id for p in parties if p.kind is PartyKind.WORKER)


def _invitation(worker_id: int, creator_id: int) -> Invitation:
    return Invitation(worker_id, Answer.ACCEPTED if worker_id == creator_id else Answer.PENDING)


def _kept_or_new(old: Appointment, worker_id: int, *, asked_again: bool) -> Invitation:
    kept = old.invitation_of(worker_id)
    if kept is None:
        return _invitation(worker_id, old.creator_id)
    if not asked_again or worker_id == old.creator_id:
        return kept
    return Invitation(worker_id, sequence=kept.sequence + 1)


def _place(tx: Transaction, request: BookingRequest) -> int | None:
    if isinstance(request.place, NewPlace):
        name = clean(request.place.name, limit=NAME_LIMIT)
        kind = clean(request.place.kind, limit=NAME_LIMIT)
        if not name:
            return None
        existing = tx.places.named(name, kind)
        return (existing or tx.places.add(name, kind)).id
    if request.place is not None and tx.places.find(request.place) is None:
        raise NotFound
    return request.place
