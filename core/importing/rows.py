"""What the files of an import hold, before anything is looked up; names stand for ids."""

from dataclasses import dataclass, field

from core.availability import AvailabilityRange, ExternalEvent
from core.cases import CaseKind, Place
from core.importing.findings import Problem
from core.people import Client, PersonalContact, ProfessionalContact, Worker


@dataclass(frozen=True, slots=True)
class Source:
    """Where something stands."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker; the id is 0."""

    at: Source
    worker: Worker


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client under the key by which cases name him."""

    at: Source
    key: str
    client: Client


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact of either kind under its key."""

    at: Source
    key: str
    contact: PersonalContact | ProfessionalContact


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place; the id is 0."""

    at: Source
    place: Place


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case; people are named by handle or key."""

    at: Source
    number: int
    kind: CaseKind
    urgent: bool
    confidential: bool
    topic: tuple[str, ...]
    lead: str
    workers: tuple[str, ...]
    clients: tuple[str, ...]
    personal_contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RangeRow:
    """An availability range; worker and place ids are still to be put in, `location` is "" for none."""

    at: Source
    location: str
    range: AvailabilityRange


@dataclass(frozen=True, slots=True)
class AvailabilityFile:
    """All the ranges of one worker."""

    file: str
    handle: str
    ranges: tuple[RangeRow, ...]


@dataclass(frozen=True, slots=True)
class ExternalFile:
    """All the external events of one worker; the worker's id is still to be put in."""

    file: str
    handle: str
    events: tuple[ExternalEvent, ...]


@dataclass(slots=True)
class Bundle:
    """Everything one import holds, rows with problems included, so that what names them is not blamed too."""

    workers: list[WorkerRow] = field(default_factory=list)
    clients: list[ClientRow] = field(default_factory=list)
    contacts: list[ContactRow] = field(default_factory=list)
    places: list[PlaceRow] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    availability: list[AvailabilityFile] = field(default_factory=list)
    external: list[ExternalFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
