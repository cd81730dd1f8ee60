"""Places and support cases from CSV."""

from collections.abc import Iterator

from core.cases import CaseKind, Place
from core.importing.findings import Findings
from core.importing.rows import CaseRow, PlaceRow, Source
from core.importing.tables import Columns, read_rows

PLACES = Columns(("name",), ("kind",))
CASES = Columns(
    ("number", "lead"),
    ("kind", "urgent", "confidential", "topic", "workers", "clients", "personal_contacts"),
)
_KINDS = {str(kind): kind for kind in CaseKind}


def read_places(text: str, findings: Findings) -> Iterator[PlaceRow]:
    """Yield the places of a file."""
    for row in read_rows(text, PLACES, findings):
        place = Place(0, row.text("name", required=True), row.text("kind"))
        yield PlaceRow(Source(findings.file, row.line), place)


def read_cases(text: str, findings: Findings) -> Iterator[CaseRow]:
    """Yield the cases of a file; without a kind a case is a regular one."""
    for row in read_rows(text, CASES, findings):
        yield CaseRow(
            at=Source(findings.file, row.line),
            number=row.number("number"),
            kind=row.choice("kind", _KINDS, CaseKind.REGULAR),
            urgent=row.flag("urgent", default=False),
            confidential=row.flag("confidential", default=False),
            topic=row.names("topic", separator=">"),
            lead=row.text("lead", required=True),
            workers=row.names("workers"),
            clients=row.names("clients"),
            personal_contacts=row.names("personal_contacts"),
        )
