"""Saving an import: references, all or nothing, and importing again; on every kind of database."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.appointments import Appointment
from core.availability import AvailabilityRange, BusyKind, ExternalEvent
from core.cases import CaseKind, Place
from core.importing.apply import apply
from core.importing.findings import Findings, Problem, Refused
from core.importing.problems import BadCsv, LeftOutside
from core.importing.rows import (
    AvailabilityFile,
    Bundle,
    CaseRow,
    ClientRow,
    ContactRow,
    ExternalFile,
    PlaceRow,
    RangeRow,
    Source,
    WorkerRow,
)
from core.people import Client, PersonalContact, ProfessionalContact, Worker
from core.ports import Database, Transaction
from core.times import Interval
from tests.importing.calendars import NOW, said

RANGE = AvailabilityRange(0, 0, None, date(2026, 1, 19), time(9), timedelta(hours=3), "Europe/Brussels", "FREQ=DAILY")
EVENT = ExternalEvent(0, "u", "", Interval(NOW, NOW + timedelta(hours=1)), "Kiné", tentative=True)
YEARS = Interval(datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))


def _case(**changes: object) -> CaseRow:
    case = CaseRow(
        Source("cases.csv", 2), 7, CaseKind.REGULAR, False, False, ("A", "B"), "lea", ("max",), ("G",), ("s",)
    )  # fmt: skip
    return replace(case, **changes)  # type: ignore[arg-type]


def _bundle() -> Bundle:
    def worker(line: int, handle: str) -> WorkerRow:
        return WorkerRow(
            Source("workers.csv", line), Worker(0, handle, handle.title(), "", "", f"{handle}@example.org")
        )

    return Bundle(
        workers=[worker(2, "lea"), worker(3, "max")],
        clients=[ClientRow(Source("clients.csv", 2), "g", Client(0, "Gisèle", "Lafraise", date(2000, 10, 14)))],
        contacts=[
            ContactRow(Source("contacts.csv", 2), "S", PersonalContact(0, "Simone", "Lafraise", "mère")),
            ContactRow(Source("contacts.csv", 3), "c", ProfessionalContact(0, "Luc", "CPAS", "luc@example.org")),
        ],
        places=[PlaceRow(Source("places.csv", 2), Place(0, "Gembloux", "Implantations"))],
        cases=[_case()],
        availability=[AvailabilityFile("lea.ics", "LEA", (RangeRow(Source("lea.ics", 3), "gembloux", RANGE),))],
        external=[ExternalFile("max.ics", "max", (EVENT,))],
    )


def _refusal(tx: Transaction, bundle: Bundle) -> list[Problem]:
    with pytest.raises(Refused) as refused:
        apply(tx, bundle, NOW)
    return list(refused.value.problems)


async def test_everything_is_saved(database: Database) -> None:
    report = await database.write(lambda tx: apply(tx, _bundle(), NOW))
    assert report.ok
    assert dict(report.saved) == {
        "workers": 2,
        "clients": 1,
        "personal contacts": 1,
        "professional contacts": 1,
        "places": 1,
        "cases": 1,
        "availability ranges": 1,
        "external events": 1,
    }

    def look(tx: Transaction) -> None:
        lea, maximilien = tx.people.worker_by_handle("lea"), tx.people.worker_by_handle("max")
        case, place = tx.cases.find(7), tx.places.named("Gembloux", "Implantations")
        assert lea
        assert maximilien
        assert case
        assert place
        assert (case.lead_id, case.worker_ids, case.topic) == (lea.id, frozenset({maximilien.id}), ("A", "B"))
        assert [(c.label, c.birth_date) for c in case.clients] == [("Gisèle LAFRAISE", date(2000, 10, 14))]
        assert [c.label for c in case.personal_contacts] == ["Simone LAFRAISE (mère)"]
        assert [c.label for c in tx.people.search_professional_contacts("luc", 5)] == ["Luc (CPAS)"]
        (stored,) = tx.agendas.ranges(lea.id)
        assert replace(stored, id=0) == replace(RANGE, worker_id=lea.id, place_id=place.id)
        (busy,) = tx.agendas.busy([maximilien.id], YEARS, NOW)
        assert (busy.kind, busy.during) == (BusyKind.TENTATIVE, EVENT.during)

    await database.read(look)


async def test_importing_again_changes_what_is_known_and_adds_nothing(database: Database) -> None:
    await database.write(lambda tx: apply(tx, _bundle(), NOW))
    before = await database.read(lambda tx: (tx.people.worker_by_handle("lea"), tx.cases.find(7)))
    again = _bundle()
    again.workers[0] = replace(again.workers[0], worker=replace(again.workers[0].worker, handle="Léa", name="Léa B."))
    again.clients[0] = replace(again.clients[0], key="G", client=Client(0, "Gisèle", "Martin", None))
    again.cases = [_case(urgent=True, personal_contacts=())]
    again.availability = [AvailabilityFile("lea.ics", "lea", ())]
    again.external = [ExternalFile("max.ics", "max", ())]
    await database.write(lambda tx: apply(tx, again, NOW))

    def look(tx: Transaction) -> None:
        lea, case = tx.people.worker_by_handle("lea"), tx.cases.find(7)
        assert before[0]
        assert before[1]
        assert lea
        assert case
        assert (lea.id, lea.name) == (before[0].id, "Léa B.")
        assert len(tx.people.workers()) == 2
        assert [(c.id, c.label) for c in case.clients] == [(before[1].clients[0].id, "Gisèle MARTIN")]
        assert (case.urgent, case.personal_contacts) == (True, ())
        assert len(tx.places.all()) == 1
        assert tx.agendas.ranges(lea.id) == []
        assert tx.agendas.busy([max(case.worker_ids)], YEARS, NOW) == []

    await database.read(look)


async def test_agendas_alone_can_be_imported_for_known_people_and_places(database: Database) -> None:
    await database.write(lambda tx: apply(tx, _bundle(), NOW))
    whole = _bundle()
    report = await database.write(
        lambda tx: apply(tx, Bundle(availability=whole.availability, external=whole.external), NOW)
    )
    assert dict(report.saved) == {"availability ranges": 1, "external events": 1}


async def test_what_a_smaller_availability_leaves_outside_is_told(database: Database) -> None:
    await database.write(lambda tx: apply(tx, _bundle(), NOW))
    lea = await database.read(lambda tx: tx.people.worker_by_handle("lea"))
    assert lea

    def book(tx: Transaction) -> None:
        for day, starts in ((26, 9), (27, 11), (28, 18)):  # the last one lies outside already
            during = Interval.lasting(datetime(2026, 1, day, starts - 1, tzinfo=UTC), timedelta(hours=1))
            new = Appointment(0, 7, lea.id, lea.id, during, "Europe/Brussels", None, "", (), (), NOW)
            tx.appointments.add(new)

    await database.write(book)
    shorter = RangeRow(Source("lea.ics", 3), "", replace(RANGE, lasts=timedelta(hours=2)))
    smaller = Bundle(availability=[AvailabilityFile("lea.ics", "lea", (shorter,))])
    report = await database.write(lambda tx: apply(tx, smaller, NOW))
    (warning,) = report.warnings
    assert (warning.file, warning.error) == ("lea.ics", LeftOutside("2026-01-27 11:00", 7))
    again = await database.write(lambda tx: apply(tx, smaller, NOW))
    assert again.warnings == ()


async def test_one_problem_anywhere_saves_nothing(database: Database) -> None:
    bundle = _bundle()
    bundle.cases.append(_case(number=8, clients=("nobody",), at=Source("cases.csv", 3)))
    with pytest.raises(Refused) as refused:
        await database.write(lambda tx: apply(tx, bundle, NOW))
    assert said(list(refused.value.problems)) == [(3, "UnknownClient")]

    def look(tx: Transaction) -> None:
        assert tx.people.workers() == []
        assert tx.places.all() == []
        assert tx.cases.find(7) is None

    await database.read(look)


async def test_problems_of_reading_and_of_references_are_told_together(memory: Database) -> None:
    bundle = _bundle()
    findings = Findings("clients.csv")
    findings.add(9, BadCsv())
    bundle.problems += findings.problems
    bundle.cases = [_case(lead="zoe", workers=("max", "yan"), clients=("x",), personal_contacts=("c",))]
    bundle.availability = [AvailabilityFile("kim.ics", "kim", (RangeRow(Source("kim.ics", 5), "Paris", RANGE),))]
    found = await memory.read(lambda tx: _refusal(tx, bundle))
    assert said(found) == [
        (9, "BadCsv"),
        (2, "UnknownWorker"),
        (2, "UnknownWorker"),
        (2, "UnknownClient"),
        (2, "UnknownContact"),
        (0, "UnknownWorker"),
        (5, "UnknownPlace"),
    ]


async def test_what_is_there_twice_names_the_first(memory: Database) -> None:
    bundle = _bundle()
    for row in list(bundle.workers[:1]):
        bundle.workers.append(replace(row, at=Source("workers-2.csv", 4), worker=replace(row.worker, handle="LÉA")))
    bundle.clients *= 2
    bundle.clients[1] = replace(bundle.clients[1], key="G", at=Source("clients.csv", 3))
    bundle.places.append(PlaceRow(Source("places.csv", 3), Place(0, "GEMBLOUX", "implantations")))
    bundle.cases.append(_case(at=Source("cases.csv", 3)))
    bundle.availability.append(AvailabilityFile("lea-2.ics", "léa", ()))
    found = await memory.read(lambda tx: _refusal(tx, bundle))
    assert [(p.file, p.line, p.error.first_file, p.error.first_line) for p in found] == [  # type: ignore[attr-defined]
        ("workers-2.csv", 4, "workers.csv", 2),
        ("workers-2.csv", 4, "workers.csv", 2),
        ("clients.csv", 3, "clients.csv", 2),
        ("places.csv", 3, "places.csv", 2),
        ("cases.csv", 3, "cases.csv", 2),
        ("lea-2.ics", 0, "lea.ics", 0),
    ]


async def test_an_address_that_another_worker_has_is_refused(database: Database) -> None:
    await database.write(lambda tx: apply(tx, _bundle(), NOW))
    bundle = Bundle(workers=[WorkerRow(Source("workers.csv", 2), Worker(0, "new", "N", "", "", "LEA@example.org"))])
    with pytest.raises(Refused) as refused:
        await database.write(lambda tx: apply(tx, bundle, NOW))
    assert said(list(refused.value.problems)) == [(2, "EmailTaken")]


async def test_a_place_is_named_with_or_without_its_kind_unless_two_bear_the_name(memory: Database) -> None:
    bundle = _bundle()
    bundle.places.append(PlaceRow(Source("places.csv", 3), Place(0, "Gembloux", "Partenaires")))
    found = await memory.read(lambda tx: _refusal(tx, bundle))
    assert said(found) == [(3, "AmbiguousPlace")]
    rows = (RangeRow(Source("lea.ics", 3), "gembloux (partenaires)", RANGE), RangeRow(Source("lea.ics", 9), "", RANGE))
    bundle.availability = [AvailabilityFile("lea.ics", "lea", rows)]

    def work(tx: Transaction) -> list[str]:
        apply(tx, bundle, NOW)
        lea = tx.people.worker_by_handle("lea")
        places = {place.id: place.label for place in tx.places.all()}
        return [places[r.place_id] if r.place_id else "" for r in tx.agendas.ranges(lea.id if lea else 0)]

    assert await memory.write(work) == ["Gembloux (Partenaires)", ""]
