"""Workers, clients and contacts from CSV."""

import re
from collections.abc import Iterator

from core.holidays import is_region
from core.importing import problems as p
from core.importing.findings import Findings
from core.importing.rows import ClientRow, ContactRow, Source, WorkerRow
from core.importing.tables import Columns, Row, read_rows
from core.people import LOCALES, Client, PersonalContact, ProfessionalContact, Worker
from core.zones import is_zone

WORKERS = Columns(("handle", "name", "email"), ("job", "service", "zone", "locale", "active", "region", "manager"))
CLIENTS = Columns(("key", "given_name", "family_name"), ("birth_date",))
CONTACTS = Columns(("key", "kind"), ("given_name", "family_name", "name", "relation", "organisation", "email"))
_HANDLE = re.compile(r"[\w.-]+")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


def read_workers(text: str, findings: Findings, *, zone: str, locale: str) -> Iterator[WorkerRow]:
    """Yield the workers of a file; `zone` and `locale` are for those who have none there."""
    for row in read_rows(text, WORKERS, findings):
        handle = row.text("handle", required=True)
        if handle and not _HANDLE.fullmatch(handle):
            findings.add(row.line, p.BadHandle(handle))
        yield WorkerRow(
            _at(row),
            Worker(
                id=0,
                handle=handle,
                name=row.text("name", required=True),
                job=row.text("job"),
                service=row.text("service"),
                email=_email(row, required=True),
                zone=_zone(row, zone),
                locale=row.choice("locale", {name: name for name in LOCALES}, locale),
                active=row.flag("active", default=True),
                region=_region(row),
                manager=row.flag("manager", default=False),
            ),
        )


def read_clients(text: str, findings: Findings) -> Iterator[ClientRow]:
    """Yield the clients of a file."""
    for row in read_rows(text, CLIENTS, findings):
        client = Client(
            0,
            row.text("given_name", required=True),
            row.text("family_name", required=True),
            row.birth_date("birth_date"),
        )
        yield ClientRow(_at(row), _key(row), client)


def read_contacts(text: str, findings: Findings) -> Iterator[ContactRow]:
    """Yield the contacts of a file, personal and professional ones."""
    for row in read_rows(text, CONTACTS, findings):
        key = _key(row)
        kind = row.choice("kind", {"personal": "personal", "professional": "professional"}, "")
        if kind:
            yield ContactRow(_at(row), key, _personal(row) if kind == "personal" else _professional(row))
            continue
        if not row.text("kind"):
            findings.add(row.line, p.MissingValue("kind"))
        yield ContactRow(_at(row), key, PersonalContact(0, "", ""))


def _personal(row: Row) -> PersonalContact:
    _refuse(row, "personal", "name", "organisation", "email")
    given, family = row.text("given_name", required=True), row.text("family_name", required=True)
    return PersonalContact(0, given, family, row.text("relation"))


def _professional(row: Row) -> ProfessionalContact:
    _refuse(row, "professional", "relation")
    name = row.text("name")
    if name:
        _refuse(row, "professional", "given_name", "family_name")
    else:
        name = f"{row.text('given_name')} {row.text('family_name')}".strip()
    if not name:
        row.findings.add(row.line, p.MissingValue("name"))
    return ProfessionalContact(0, name, row.text("organisation"), _email(row, required=False))


def _refuse(row: Row, kind: str, *columns: str) -> None:
    for column in columns:
        if row.text(column):
            row.findings.add(row.line, p.NotForThisKind(column, kind))


def _key(row: Row) -> str:
    key = row.text("key", required=True)
    if "|" in key:
        row.findings.add(row.line, p.BadKey("key", key))
    return key


def _email(row: Row, *, required: bool) -> str:
    email = row.text("email", required=required)
    if email and not _EMAIL.fullmatch(email):
        row.findings.add(row.line, p.BadEmail(email))
    return email


def _zone(row: Row, default: str) -> str:
    zone = row.text("zone")
    if not zone or is_zone(zone):
        return zone or default
    row.findings.add(row.line, p.BadZone(zone))
    return default


def _region(row: Row) -> str:
    region = row.text("region").upper()
    if not region or is_region(region):
        return region
    row.findings.add(row.line, p.BadRegion(row.text("region")))
    return ""


def _at(row: Row) -> Source:
    return Source(row.findings.file, row.line)
