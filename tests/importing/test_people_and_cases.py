"""What each kind of CSV file holds, and what is refused in it."""

from datetime import date

import pytest

from core.cases import CaseKind
from core.importing.cases import read_cases, read_places
from core.importing.findings import Findings
from core.importing.people import read_clients, read_contacts, read_workers
from core.people import Client, PersonalContact, ProfessionalContact, Worker
from tests.importing.calendars import said


def _workers(text: str, findings: Findings) -> list[Worker]:
    return [row.worker for row in read_workers(text, findings, zone="Europe/Brussels", locale="fr")]


def test_a_worker_keeps_every_field() -> None:
    findings = Findings("workers.csv")
    text = (
        "handle,name,job,service,email,zone,locale,active,region,manager\n"
        "zoé,Zoé D.,Juriste,Namur,zoe@example.org,America/New_York,EN,no,fr-57,\n"
        "b,B,,,b@example.org,,,,,oui\n"
    )
    assert _workers(text, findings) == [
        Worker(
            0,
            "zoé",
            "Zoé D.",
            "Juriste",
            "Namur",
            "zoe@example.org",
            "America/New_York",
            "en",
            active=False,
            region="FR-57",
        ),
        Worker(0, "b", "B", "", "", "b@example.org", "Europe/Brussels", "fr", manager=True),
    ]
    assert findings.problems == []


def test_every_fault_of_a_worker_is_found_at_once() -> None:
    findings = Findings("workers.csv")
    text = (
        "handle,name,email,zone,locale,active\n"
        "a b,,nobody,Belgium,nl,perhaps\n"
        ",x,a@b.c,Europe,fr,1\n"
        "ok,x,a@b@c.d,localtime,fr,1\n"
    )
    assert len(_workers(text, findings)) == 3
    assert said(findings) == [
        (2, "BadHandle"),
        (2, "MissingValue"),
        (2, "BadEmail"),
        (2, "BadZone"),
        (2, "BadChoice"),
        (2, "BadChoice"),
        (3, "MissingValue"),
        (3, "BadZone"),
        (4, "BadEmail"),
        (4, "BadZone"),
    ]


@pytest.mark.parametrize("region", ["Belgique", "BE-", "BE-XYZ", "-57", "FR-57-1", "B E"])
def test_a_region_is_one_whose_holidays_are_known(region: str) -> None:
    findings = Findings("workers.csv")
    [worker] = _workers(f"handle,name,email,region\na,A,a@example.org,{region}\n", findings)
    assert worker.region == ""
    assert said(findings) == [(2, "BadRegion")]


def test_clients() -> None:
    findings = Findings("clients.csv")
    text = "key,given_name,family_name,birth_date\ng,Gisèle,Lafraise,2000-10-14\nm,Mehdi,B,\n"
    assert [(row.key, row.client) for row in read_clients(text, findings)] == [
        ("g", Client(0, "Gisèle", "Lafraise", date(2000, 10, 14))),
        ("m", Client(0, "Mehdi", "B")),
    ]
    assert findings.problems == []


@pytest.mark.parametrize("day", ["14/10/2000", "20001014", "2000-W41-6", "2000-02-30", "0001-01-01", "２０００-10-14"])
def test_a_birth_date_is_an_iso_date(day: str) -> None:
    findings = Findings("clients.csv")
    rows = list(read_clients(f"key,given_name,family_name,birth_date\ng,G,L,{day}\n", findings))
    assert rows[0].client.birth_date is None
    assert said(findings) == [(2, "BadDate")]


def test_contacts_of_both_kinds() -> None:
    findings = Findings("contacts.csv")
    text = (
        "key,kind,given_name,family_name,name,relation,organisation,email\n"
        "s,personal,Simone,Lafraise,,mère,,\n"
        "c,professional,,,Luc Martens,,CPAS,luc@example.org\n"
        "d,Professional,Inès,Fontaine,,,,\n"
    )
    assert [(row.key, row.contact) for row in read_contacts(text, findings)] == [
        ("s", PersonalContact(0, "Simone", "Lafraise", "mère")),
        ("c", ProfessionalContact(0, "Luc Martens", "CPAS", "luc@example.org")),
        ("d", ProfessionalContact(0, "Inès Fontaine")),
    ]
    assert findings.problems == []


def test_nothing_of_a_contact_is_dropped_in_silence() -> None:
    findings = Findings("contacts.csv")
    text = (
        "key,kind,given_name,family_name,name,relation,organisation,email\n"
        "s,personal,Simone,Lafraise,S. L.,mère,CPAS,s@example.org\n"
        "c,professional,Luc,,Luc Martens,père,CPAS,\n"
        "d,professional,,,,,CPAS,\n"
        "e,friend,,,,,,\n"
        "f|g,,,,,,,\n"
    )
    assert [row.key for row in read_contacts(text, findings)] == ["s", "c", "d", "e", "f|g"]
    assert said(findings) == [
        (2, "NotForThisKind"),
        (2, "NotForThisKind"),
        (2, "NotForThisKind"),
        (3, "NotForThisKind"),
        (3, "NotForThisKind"),
        (4, "MissingValue"),
        (5, "BadChoice"),
        (6, "BadKey"),
        (6, "MissingValue"),
    ]


def test_places() -> None:
    findings = Findings("places.csv")
    rows = read_places("name,kind\nGembloux,Implantations\nChez soi,\n", findings)
    assert [row.place.label for row in rows] == ["Gembloux (Implantations)", "Chez soi"]


def test_a_case_keeps_every_field() -> None:
    findings = Findings("cases.csv")
    text = (
        "number;kind;urgent;confidential;topic;lead;workers;clients;personal_contacts\n"
        "1285;Occasional;oui;1;Sociale > Logement;seforme;agathe| ecoute |agathe;g|m;s\n"
        "7;;;;;seforme;;;\n"
    )
    first, second = read_cases(text, findings)
    assert (first.number, first.kind, first.urgent, first.confidential) == (1285, CaseKind.OCCASIONAL, True, True)
    assert (first.topic, first.lead, first.workers) == (("Sociale", "Logement"), "seforme", ("agathe", "ecoute"))
    assert (first.clients, first.personal_contacts) == (("g", "m"), ("s",))
    assert (second.kind, second.urgent, second.confidential, second.topic) == (CaseKind.REGULAR, False, False, ())
    assert findings.problems == []


@pytest.mark.parametrize("number", ["0", "-1", "1.0", "x", "2147483648", "9" * 4000, "١٢"])
def test_a_case_number_is_a_whole_number(number: str) -> None:
    findings = Findings("cases.csv")
    assert next(read_cases(f"number,lead\n{number},a\n", findings)).number == 0
    assert [line for line, _ in said(findings)] == [2]
