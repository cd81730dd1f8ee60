"""What one person may read of an appointment or a case, gathered for a card."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.access import Right, access_appointment, access_case, may_see_case, rights
from core.appointments import Answer, Appointment, EndingKind
from core.cases import Place, SupportCase
from core.errors import NotFound
from core.people import Client, PartyKind, PartyRef, Person, PersonalContact, ProfessionalContact, Worker
from core.ports import Transaction

PAGE = 8


@dataclass(frozen=True, slots=True)
class AppointmentView:
    """An appointment as `viewer_id` may see it; the four columns of parties, workers with their answers.

    `removed`: the viewer is no longer part of it and holds an old copy: nothing of it may be shown.
    """

    appointment: Appointment
    viewer_id: int
    ended: EndingKind | None
    main_worker: Worker
    creator: Worker
    clients: tuple[Client, ...]
    personal_contacts: tuple[PersonalContact, ...]
    professional_contacts: tuple[ProfessionalContact, ...]
    workers: tuple[tuple[Worker, Answer], ...]
    place: Place | None
    rights: frozenset[Right]
    own_answer: Answer | None = None
    own_sequence: int = 0
    asked_again: bool = False
    ended_by: Worker | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with one page of its appointments; `page` counts from 0."""

    case: SupportCase
    lead: Worker
    workers: tuple[Worker, ...]
    appointments: tuple[AppointmentView, ...]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class InvitationsView:
    """What waits for an answer: one page, and the count of all.

    `declined` are the first that the viewer has just declined and may still take back, `declined_more` counts others.
    """

    waiting: tuple[AppointmentView, ...]
    count: int
    page: int
    more: bool
    declined: tuple[AppointmentView, ...] = ()
    declined_more: int = 0


def view_appointment(tx: Transaction, viewer: Worker, appointment_id: int, now: datetime) -> AppointmentView:
    """Return the appointment for this viewer. Raises NotFound, Ended (deleted)."""
    return view_of(tx, viewer, access_appointment(tx, viewer, appointment_id, now), now)


def view_case(tx: Transaction, viewer: Worker, number: int, now: datetime, page: int = 0) -> CaseView:
    """Return the case and one page of its appointments, the latest first (guide, steps 1 and 2).

    Raises CaseNotFound.
    """
    case = access_case(tx, viewer, number)
    found = tx.appointments.of_case(number, viewer.id, now, limit=PAGE + 1, offset=page * PAGE)
    refs = [PartyRef(PartyKind.WORKER, w) for w in (case.lead_id, *sorted(case.worker_ids))]
    people = tx.people.find(refs)
    lead, *named = (_worker(people, ref.id) for ref in refs)
    shown = views_of(tx, viewer, found[:PAGE], now)
    return CaseView(case, lead, tuple(named), shown, page, more=len(found) > PAGE)


def view_invitations(tx: Transaction, viewer: Worker, now: datetime, page: int = 0) -> InvitationsView:
    """Return one page of the invitations that await the viewer's answer, by start, with their count (guide, step 8)."""
    found = tx.appointments.invited(viewer.id, now, limit=PAGE + 1, offset=page * PAGE)
    count = tx.appointments.count_invited(viewer.id, now)
    declined = [a for a in tx.appointments.unsettled(viewer.id, now) if a.ended_for(viewer.id, now) is None]
    return InvitationsView(
        waiting=views_of(tx, viewer, found[:PAGE], now),
        count=count,
        page=page,
        more=len(found) > PAGE,
        declined=views_of(tx, viewer, declined[:PAGE], now),
        declined_more=max(len(declined) - PAGE, 0),
    )


def view_of(tx: Transaction, viewer: Worker, appointment: Appointment, now: datetime) -> AppointmentView:
    """Return the view for a card that the viewer holds or may open; `removed` if he may read nothing of it any more."""
    return views_of(tx, viewer, [appointment], now)[0]


def views_of(
    tx: Transaction, viewer: Worker, appointments: Iterable[Appointment], now: datetime
) -> tuple[AppointmentView, ...]:
    """Return the views of several, in their order, in as many queries as for one."""
    appointments = list(appointments)
    refs: set[PartyRef] = set()
    for a in appointments:
        ended_by = [a.ending.by_id] if a.ending else []
        refs.update(a.parties)
        refs.update(PartyRef(PartyKind.WORKER, w) for w in (a.main_worker_id, a.creator_id, *ended_by))
    people = tx.people.find(refs)
    cases = {case.number: case for case in tx.cases.find_all({a.case_number for a in appointments})}
    places = {p.id: p for p in tx.places.find_all({a.place_id for a in appointments if a.place_id is not None})}
    return tuple(_view(viewer, a, people, cases.get(a.case_number), places, now) for a in appointments)


def _view(
    viewer: Worker,
    a: Appointment,
    people: dict[PartyRef, Person],
    case: SupportCase | None,
    places: dict[int, Place],
    now: datetime,
) -> AppointmentView:
    own, ended = a.invitation_of(viewer.id), a.ended_for(viewer.id, now)
    parties = [people[p] for p in a.parties if p in people]
    answers = {i.worker_id: i.seen_by(viewer.id, now) for i in a.invitations}
    lead_id = case.lead_id if case else None
    involved = viewer.id in a.audience
    named = case is not None and may_see_case(case, viewer.id)
    return AppointmentView(
        appointment=a,
        viewer_id=viewer.id,
        ended=ended,
        main_worker=_worker(people, a.main_worker_id),
        creator=_worker(people, a.creator_id),
        clients=tuple(p for p in parties if isinstance(p, Client)),
        personal_contacts=tuple(p for p in parties if isinstance(p, PersonalContact)),
        professional_contacts=tuple(p for p in parties if isinstance(p, ProfessionalContact)),
        workers=tuple((p, answers.get(p.id, Answer.PENDING)) for p in parties if isinstance(p, Worker)),
        place=places.get(a.place_id) if a.place_id is not None else None,
        rights=rights(a, lead_id, viewer.id, now),
        own_answer=own.answer if own else None,
        own_sequence=own.sequence if own else 0,
        asked_again=own is not None and own.asked_again,
        ended_by=_worker(people, a.ending.by_id) if a.ending and ended is not None else None,
        removed=not (involved or named),
    )


def _worker(people: dict[PartyRef, Person], worker_id: int) -> Worker:
    person = people.get(PartyRef(PartyKind.WORKER, worker_id))
    if not isinstance(person, Worker):
        raise NotFound
    return person
