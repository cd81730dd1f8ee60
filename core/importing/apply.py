"""Saving an import: everything is looked up first, and one problem anywhere saves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from core.availability import AvailabilityRange
from core.cases import SupportCase
from core.importing.findings import Problem, Refused, Report
from core.importing.problems import LeftOutside
from core.importing.references import References, check
from core.importing.rows import Bundle, CaseRow
from core.people import Client, PersonalContact, ProfessionalContact
from core.ports import Transaction
from core.stranding import Strands, check_stranding
from core.text import fold


@dataclass(frozen=True, slots=True)
class _Saved:
    """What cases name, with ids."""

    workers: dict[str, int]
    clients: dict[str, Client]
    contacts: dict[str, PersonalContact]


def apply(tx: Transaction, bundle: Bundle, now: datetime) -> Report:
    """Insert what is new and update what is known by handle, key, name or number; nothing is ever deleted.

    Availability and external events take the place of all that the worker had; the appointments that this leaves
    outside are warnings. Raises Refused with every problem of the bundle, those of reading included; the transaction
    is to be given up then.
    """
    references = References.of(tx, bundle)
    problems = [*bundle.problems, *check(tx, bundle, references)]
    if problems:
        raise Refused(problems)
    for place in (row.place for row in bundle.places):
        if tx.places.named(place.name, place.kind) is None:
            tx.places.add(place.name, place.kind)
    saved = _save_people(tx, bundle)
    for case in bundle.cases:
        tx.cases.save(_case(tx, case, saved))
    left_outside = _save_agendas(tx, bundle, references, now)
    return Report(saved=_counts(bundle), warnings=(*bundle.warnings, *left_outside))


def _save_people(tx: Transaction, bundle: Bundle) -> _Saved:
    saved = _Saved({}, {}, {})
    for row in bundle.workers:
        known = tx.people.worker_by_handle(row.worker.handle)
        worker = tx.people.save_worker(replace(row.worker, id=known.id, handle=known.handle) if known else row.worker)
        saved.workers[fold(worker.handle)] = worker.id
    for client in bundle.clients:
        saved.clients[fold(client.key)] = tx.people.save_client(fold(client.key), client.client)
    for contact in bundle.contacts:
        key = fold(contact.key)
        if isinstance(contact.contact, PersonalContact):
            saved.contacts[key] = tx.people.save_personal_contact(key, contact.contact)
        else:
            tx.people.save_professional_contact(key, contact.contact)
    return saved


def _case(tx: Transaction, row: CaseRow, saved: _Saved) -> SupportCase:
    return SupportCase(
        number=row.number,
        kind=row.kind,
        lead_id=_worker_id(tx, row.lead, saved),
        topic=row.topic,
        urgent=row.urgent,
        confidential=row.confidential,
        worker_ids=frozenset(_worker_id(tx, name, saved) for name in row.workers),
        clients=tuple(saved.clients[fold(key)] for key in row.clients),
        personal_contacts=tuple(saved.contacts[fold(key)] for key in row.personal_contacts),
    )


def _worker_id(tx: Transaction, handle: str, saved: _Saved) -> int:
    if fold(handle) not in saved.workers:
        known = tx.people.worker_by_handle(handle)
        if known is None:
            raise AssertionError("checked before")
        saved.workers[fold(handle)] = known.id
    return saved.workers[fold(handle)]


def _save_agendas(tx: Transaction, bundle: Bundle, references: References, now: datetime) -> list[Problem]:
    """Save availability and external events; return the warnings."""
    places = {fold(place.label): place.id for place in tx.places.all()}
    workers = _Saved({}, {}, {})
    warnings: list[Problem] = []
    for file in bundle.availability:
        worker_id = _worker_id(tx, file.handle, workers)
        ranges = []
        for row in file.ranges:
            place = references.place(row.location) if row.location else None
            place_id = places[fold(place.label)] if place else None
            ranges.append(replace(row.range, worker_id=worker_id, place_id=place_id))
        before = tx.agendas.edit_ranges(worker_id)
        warnings += (Problem(file.file, 0, error) for error in _left_outside(tx, worker_id, before, ranges, now))
        tx.agendas.replace_ranges(worker_id, ranges)
    for external in bundle.external:
        worker_id = _worker_id(tx, external.handle, workers)
        events = [replace(event, worker_id=worker_id) for event in external.events]
        tx.agendas.replace_external_events(worker_id, events)
    return warnings


def _left_outside(
    tx: Transaction,
    worker_id: int,
    before: Sequence[AvailabilityRange],
    after: Sequence[AvailabilityRange],
    now: datetime,
) -> list[LeftOutside]:
    try:
        check_stranding(tx, worker_id, before, after, (), now)
    except Strands as found:
        zone = ZoneInfo(tx.people.worker(worker_id).zone)
        times = ((a.during.start.astimezone(zone), a.case_number) for a in found.appointments)
        return [LeftOutside(f"{at:%Y-%m-%d %H:%M}", number) for at, number in times]
    return []


def _counts(bundle: Bundle) -> tuple[tuple[str, int], ...]:
    professional = sum(isinstance(row.contact, ProfessionalContact) for row in bundle.contacts)
    counts = {
        "workers": len(bundle.workers),
        "clients": len(bundle.clients),
        "personal contacts": len(bundle.contacts) - professional,
        "professional contacts": professional,
        "places": len(bundle.places),
        "cases": len(bundle.cases),
        "availability ranges": sum(len(file.ranges) for file in bundle.availability),
        "external events": sum(len(file.events) for file in bundle.external),
    }
    return tuple((name, count) for name, count in counts.items() if count)
