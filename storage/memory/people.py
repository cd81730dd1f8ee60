"""Workers, clients and contacts in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.errors import NotFound
from core.people import Client, PartyKind, PartyRef, Person, PersonalContact, ProfessionalContact, Worker
from core.text import fold
from storage.memory.state import State


class MemoryPeople:
    """Implements `core.ports.People`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def worker(self, worker_id: int) -> Worker:
        found = self._state.everybody().get(worker_id)
        if found is None:
            raise NotFound
        return found

    def worker_by_handle(self, handle: str) -> Worker | None:
        return next((w for w in self._state.everybody().values() if fold(w.handle) == fold(handle)), None)

    def worker_by_email(self, email: str) -> Worker | None:
        wanted = email.strip().casefold()
        if not wanted:
            return None
        return next((w for w in self._state.everybody().values() if w.email.casefold() == wanted), None)

    def imported_zone(self, handle: str) -> str | None:
        return next((w.zone for w in self._state.workers.values() if fold(w.handle) == fold(handle)), None)

    def workers(self) -> list[Worker]:
        return sorted((w for w in self._state.everybody().values() if w.active), key=_by_name)

    def search_workers(self, text: str, limit: int) -> list[Worker]:
        wanted = fold(text)
        found = [w for w in self.workers() if any(wanted in fold(part) for part in (w.name, w.job, w.service))]
        return found[:limit]

    def search_professional_contacts(self, text: str, limit: int) -> list[ProfessionalContact]:
        wanted = fold(text)
        contacts = sorted(self._state.professional_contacts.values(), key=_by_name)
        return [c for c in contacts if wanted in fold(c.name) or wanted in fold(c.organisation)][:limit]

    def find(self, refs: Iterable[PartyRef]) -> dict[PartyRef, Person]:
        tables: dict[PartyKind, Mapping[int, Person]] = {
            PartyKind.WORKER: self._state.everybody(),
            PartyKind.CLIENT: self._state.clients,
            PartyKind.PERSONAL_CONTACT: self._state.personal_contacts,
            PartyKind.PROFESSIONAL_CONTACT: self._state.professional_contacts,
        }
        return {ref: tables[ref.kind][ref.id] for ref in refs if ref.id in tables[ref.kind]}

    def save_worker(self, worker: Worker) -> Worker:
        same = self.worker_by_handle(worker.handle)
        worker_id = same.id if same else worker.id or self._state.new_id("workers")
        self._state.workers[worker_id] = replace(worker, id=worker_id)
        return self.worker(worker_id)

    def save_client(self, key: str, client: Client) -> Client:
        client = replace(client, id=self._id("clients", key))
        self._state.clients[client.id] = client
        return client

    def save_personal_contact(self, key: str, contact: PersonalContact) -> PersonalContact:
        contact = replace(contact, id=self._id("personal_contacts", key))
        self._state.personal_contacts[contact.id] = contact
        return contact

    def save_professional_contact(self, key: str, contact: ProfessionalContact) -> ProfessionalContact:
        contact = replace(contact, id=self._id("professional_contacts", key))
        self._state.professional_contacts[contact.id] = contact
        return contact

    def _id(self, table: str, key: str) -> int:
        known = self._state.keys
        if (table, key) not in known:
            known[table, key] = self._state.new_id(table)
        return known[table, key]


def _by_name(person: Worker | ProfessionalContact) -> tuple[str, int]:
    return fold(person.name), person.id
