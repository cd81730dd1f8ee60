"""Whether everything that an import names exists, in its files or in the database, and is named once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from core.cases import Place
from core.errors import RdvError
from core.importing import problems as p
from core.importing.findings import Problem
from core.importing.rows import Bundle, CaseRow, Source
from core.people import PersonalContact
from core.ports import Transaction
from core.text import fold


@dataclass(frozen=True, slots=True)
class References:
    """What may be named, by folded name."""

    workers: frozenset[str]
    clients: frozenset[str]
    personal_contacts: frozenset[str]
    places: tuple[Place, ...]

    @classmethod
    def of(cls, tx: Transaction, bundle: Bundle) -> Self:
        """Gather what the files bring and which places the database knows."""
        personal = (row.key for row in bundle.contacts if isinstance(row.contact, PersonalContact))
        places = {fold(place.label): place for place in [*tx.places.all(), *(row.place for row in bundle.places)]}
        return cls(
            workers=frozenset(fold(row.worker.handle) for row in bundle.workers),
            clients=frozenset(fold(row.key) for row in bundle.clients),
            personal_contacts=frozenset(fold(key) for key in personal),
            places=tuple(places.values()),
        )

    def place(self, location: str) -> Place:
        """Return the place meant by "Gembloux" or "Gembloux (Implantations)". Raises UnknownPlace, AmbiguousPlace."""
        wanted = fold(location)
        exact = [place for place in self.places if fold(place.label) == wanted]
        found = exact or [place for place in self.places if fold(place.name) == wanted]
        if not found:
            raise p.UnknownPlace(location)
        if len(found) > 1:
            raise p.AmbiguousPlace(location, ", ".join(f"“{place.label}”" for place in found))
        return found[0]


def check(tx: Transaction, bundle: Bundle, references: References) -> Iterator[Problem]:
    """Yield every name that is missing, ambiguous or there twice."""
    yield from _repeated("handle", ((row.at, row.worker.handle) for row in bundle.workers))
    yield from _repeated("email", ((row.at, row.worker.email) for row in bundle.workers))
    yield from _repeated("key", ((row.at, row.key) for row in bundle.clients))
    yield from _repeated("key", ((row.at, row.key) for row in bundle.contacts))
    yield from _repeated("name", ((row.at, row.place.label) for row in bundle.places))
    yield from _repeated("number", ((row.at, str(row.number or "")) for row in bundle.cases))
    yield from _repeated("availability", ((Source(file.file, 0), file.handle) for file in bundle.availability))
    yield from _repeated("external", ((Source(file.file, 0), file.handle) for file in bundle.external))
    for worker in bundle.workers:
        owner = tx.people.worker_by_email(worker.worker.email) if worker.worker.email else None
        if owner is not None and fold(owner.handle) != fold(worker.worker.handle):
            yield _problem(worker.at, p.EmailTaken(worker.worker.email, owner.handle))
    for case in bundle.cases:
        yield from _people_of(tx, case, references)
    for file in bundle.availability:
        yield from _known(tx, Source(file.file, 0), [file.handle], references)
        for row in file.ranges:
            try:
                if row.location:
                    references.place(row.location)
            except p.ImportProblem as problem:
                yield _problem(row.at, problem)
    for external in bundle.external:
        yield from _known(tx, Source(external.file, 0), [external.handle], references)


def _people_of(tx: Transaction, case: CaseRow, references: References) -> Iterator[Problem]:
    yield from _known(tx, case.at, [name for name in (case.lead, *case.workers) if name], references)
    for key in case.clients:
        if fold(key) not in references.clients:
            yield _problem(case.at, p.UnknownClient(key))
    for key in case.personal_contacts:
        if fold(key) not in references.personal_contacts:
            yield _problem(case.at, p.UnknownContact(key))


def _known(tx: Transaction, at: Source, handles: Iterable[str], references: References) -> Iterator[Problem]:
    for handle in dict.fromkeys(handles):
        if fold(handle) not in references.workers and tx.people.worker_by_handle(handle) is None:
            yield _problem(at, p.UnknownWorker(handle))


def _repeated(column: str, named: Iterable[tuple[Source, str]]) -> Iterator[Problem]:
    first: dict[str, Source] = {}
    for at, name in named:
        known = first.setdefault(fold(name), at)
        if name and known is not at:
            yield _problem(at, p.Duplicate(column, name, known.file, known.line))


def _problem(at: Source, error: RdvError) -> Problem:
    return Problem(at.file, at.line, error)
