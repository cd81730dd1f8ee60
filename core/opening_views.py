"""What the two people of a request to open a time may read of it, gathered for a card (rules 2 and 9)."""

from dataclasses import dataclass

from core.access import may_see_case
from core.appointments import Appointment
from core.cases import Place
from core.errors import NotFound
from core.openings import Opening
from core.people import Client, PartyKind, PartyRef, Person, Worker
from core.ports import Transaction

_OF_THE_CASE = (PartyKind.CLIENT, PartyKind.PERSONAL_CONTACT)


@dataclass(frozen=True, slots=True)
class OpeningView:
    """A request as `viewer_id` may see it: `case_number` is None, and clients are left out, where the case is not his.

    `others` are the concerned workers and contacts, `optional` those of the workers without whom it can take place.
    """

    opening: Opening
    viewer_id: int
    asker: Worker
    owner: Worker
    case_number: int | None
    clients: tuple[Client, ...]
    others: tuple[Person, ...]
    place: Place | None
    appointment: Appointment | None


def view_opening(tx: Transaction, viewer: Worker, opening_id: int) -> OpeningView:
    """Return the request, for who asked or who is asked. Raises NotFound."""
    opening = tx.openings.find(opening_id)
    if opening is None or viewer.id not in (opening.asker_id, opening.main_worker_id):
        raise NotFound
    case = tx.cases.find(opening.case_number)
    seen = case is not None and may_see_case(case, viewer.id)
    shown = [p for p in opening.parties if seen or p.kind not in _OF_THE_CASE]
    asker, owner = (PartyRef(PartyKind.WORKER, w) for w in (opening.asker_id, opening.main_worker_id))
    people = tx.people.find([asker, owner, *shown])
    parties = [people[p] for p in shown if p in people]
    booked = opening.appointment_id
    return OpeningView(
        opening=opening,
        viewer_id=viewer.id,
        asker=_worker(people, asker),
        owner=_worker(people, owner),
        case_number=opening.case_number if seen else None,
        clients=tuple(p for p in parties if isinstance(p, Client)),
        others=tuple(p for p in parties if not isinstance(p, Client)),
        place=tx.places.find(opening.place_id) if opening.place_id is not None else None,
        appointment=tx.appointments.find(booked) if booked is not None else None,
    )


def _worker(people: dict[PartyRef, Person], ref: PartyRef) -> Worker:
    person = people.get(ref)
    if not isinstance(person, Worker):
        raise NotFound
    return person
