"""The guide's people, and short ways to make what a test needs."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from core.appointments import Answer, Appointment, Invitation
from core.availability import AvailabilityRange
from core.booking import BookingRequest
from core.cases import CaseKind, Place, SupportCase
from core.notices import Notice, NoticeKind
from core.openings import Opening
from core.people import Client, PartyKind, PartyRef, PersonalContact, ProfessionalContact, Worker
from core.ports import Database, Transaction
from core.times import Interval, instant
from tests.clock import START

ZONE = "Europe/Brussels"
WORK_DAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def at(text: str, zone: str = ZONE) -> datetime:
    """Return the UTC instant of a wall time such as "2026-01-27 10:00"."""
    day, _, clock = text.partition(" ")
    return instant(date.fromisoformat(day), time.fromisoformat(clock), zone)


def between(start: str, end: str, zone: str = ZONE) -> Interval:
    """Return the interval from "2026-01-27 10:00" to "12:00" (or to a whole "2026-01-28 00:30")."""
    return Interval(at(start, zone), at(end if " " in end else f"{start.partition(' ')[0]} {end}", zone))


TUESDAY_AT_TEN = between("2026-01-27 10:00", "12:00")
"""A week after the clock's start, inside everybody's ranges."""


def make_worker(handle: str, **changes: Any) -> Worker:
    """Return a worker who is not stored yet."""
    worker = Worker(0, handle, handle, "Travailleur-euse social", "Principal", f"{handle.casefold()}@example.org")
    return replace(worker, **changes)


def make_range(worker: Worker | int, **changes: Any) -> AvailabilityRange:
    """Return 9:00 to 17:00 on every working day from the clock's start on, without a place."""
    worker_id = worker if isinstance(worker, int) else worker.id
    whole = AvailabilityRange(0, worker_id, None, START.date(), time(9), timedelta(hours=8), ZONE, WORK_DAYS)
    return replace(whole, **changes)


@dataclass(frozen=True)
class Guide:
    """The guide's people, stored; `aunt` and `partner` are the two other kinds of party, `stranger` is on no case."""

    agathe: Worker
    seforme: Worker
    ecoute: Worker
    stranger: Worker
    gisele: Client
    aunt: PersonalContact
    partner: ProfessionalContact
    case: SupportCase
    confidential: SupportCase
    gembloux: Place

    @property
    def workers(self) -> tuple[Worker, Worker, Worker, Worker]:
        """All workers."""
        return (self.agathe, self.seforme, self.ecoute, self.stranger)

    def request(self, **changes: Any) -> BookingRequest:
        """Return the guide's third appointment: in seforme's agenda, with Gisèle, ecoute invited."""
        whole = BookingRequest(
            case_number=self.case.number,
            main_worker_id=self.seforme.id,
            during=TUESDAY_AT_TEN,
            zone=ZONE,
            parties=(self.gisele.ref, self.ecoute.ref),
            place=self.gembloux.id,
            comment="",
        )
        return replace(whole, **changes)

    def appointment(self, **changes: Any) -> Appointment:
        """Return an appointment that is not stored yet: seforme's, made by Agathe, ecoute invited."""
        parties: tuple[PartyRef, ...] = changes.get("parties", (self.gisele.ref, self.ecoute.ref))
        whole = Appointment(
            id=0,
            case_number=self.case.number,
            main_worker_id=self.seforme.id,
            creator_id=self.agathe.id,
            during=TUESDAY_AT_TEN,
            zone=ZONE,
            place_id=self.gembloux.id,
            comment="",
            parties=parties,
            invitations=tuple(Invitation(p.id) for p in parties if p.kind is PartyKind.WORKER),
            created_at=START,
        )
        return replace(whole, **changes)

    def opening(self, **changes: Any) -> Opening:
        """Return a question that is not stored yet: Agathe's to seforme, with Gisèle, ecoute invited."""
        whole = Opening(
            id=0,
            asker_id=self.agathe.id,
            main_worker_id=self.seforme.id,
            case_number=self.case.number,
            during=TUESDAY_AT_TEN,
            zone=ZONE,
            parties=(self.gisele.ref, self.ecoute.ref),
            place_id=self.gembloux.id,
            comment="",
            created_at=START,
        )
        return replace(whole, **changes)


def store_guide(tx: Transaction) -> Guide:
    """Store the guide's people, case, place and availability (working days, 9:00 to 17:00, from the clock's start)."""
    agathe, seforme, ecoute, stranger = (
        tx.people.save_worker(make_worker(handle)) for handle in ("Agathe", "seforme", "ecoute", "Étienne")
    )
    gisele = tx.people.save_client("gisele", Client(0, "Gisèle", "Lafraise", date(1999, 5, 4)))
    aunt = tx.people.save_personal_contact("aunt", PersonalContact(0, "Odette", "Lafraise", "tante"))
    partner = tx.people.save_professional_contact("partner", ProfessionalContact(0, "Zoé Maes", "CPAS de Gembloux"))
    gembloux = tx.places.add("Gembloux", "Implantations")
    case = SupportCase(
        number=1285,
        kind=CaseKind.REGULAR,
        lead_id=seforme.id,
        topic=("Sociale", "Logement"),
        worker_ids=frozenset({agathe.id, ecoute.id}),
        clients=(gisele,),
        personal_contacts=(aunt,),
    )
    confidential = replace(case, number=1290, confidential=True, worker_ids=frozenset({agathe.id}))
    for found in (case, confidential):
        tx.cases.save(found)
    for worker in (agathe, seforme, ecoute, stranger):
        tx.agendas.replace_ranges(worker.id, [make_range(worker, place_id=gembloux.id)])
    return Guide(agathe, seforme, ecoute, stranger, gisele, aunt, partner, case, confidential, gembloux)


def make_notice(appointment_id: int, recipient: Worker | int, kind: NoticeKind, **changes: Any) -> Notice:
    """Return a notice of version 1 that is due at the clock's start."""
    recipient_id = recipient if isinstance(recipient, int) else recipient.id
    return replace(Notice(appointment_id, recipient_id, kind, version=1, due_at=START), **changes)


class _Look(Exception):
    """Carries what was read out of a transaction that is to leave nothing behind."""


async def unsent(db: Database, until: datetime = datetime(9999, 1, 1, tzinfo=UTC)) -> list[Notice]:
    """Return the unsent notices that fall due up to `until`, in the order of sending, and leave them as they are."""
    found: list[Notice] = []

    def look(tx: Transaction) -> None:
        found.clear()
        while rows := tx.outbox.claim_due(until, until, 1000):
            for row in rows:
                tx.outbox.done(row.id, until)
                found.append(row.notice)
        raise _Look

    with suppress(_Look):
        await db.write(look)
    return found


def kinds(notices: Iterable[Notice], *wanted: NoticeKind) -> list[tuple[NoticeKind, int]]:
    """Return (kind, recipient) of each notice, of the `wanted` kinds if any are named, sorted."""
    return sorted((n.kind, n.recipient_id) for n in notices if not wanted or n.kind in wanted)


def answered(worker: Worker, answer: Answer, **changes: Any) -> Invitation:
    """Return the worker's invitation with that answer."""
    return replace(Invitation(worker.id, answer), **changes)
