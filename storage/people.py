"""Workers, clients and contacts in SQL."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.errors import NotFound
from core.people import Client, PartyKind, PartyRef, Person, PersonalContact, ProfessionalContact, Worker
from core.text import fold
from storage.sql import LARGEST, LARGEST_WORKER, holds, is_number, storable, upsert_by_dialect
from storage.tables import clients, personal_contacts, professional_contacts, workers

_W, _P = workers.c, professional_contacts.c
WORKER_COLUMNS = (
    _W.id,
    _W.handle,
    _W.name,
    _W.job,
    _W.service,
    _W.email,
    sa.func.coalesce(_W.own_zone, _W.zone).label("zone"),
    sa.func.coalesce(_W.own_locale, _W.locale).label("locale"),
    _W.active,
    _W.region,
    _W.manager,
)
CLIENT_COLUMNS = (clients.c.id, clients.c.given_name, clients.c.family_name, clients.c.birth_date)
CONTACT_COLUMNS = tuple(personal_contacts.c[name] for name in ("id", "given_name", "family_name", "relation"))

_WORKERS = sa.select(*WORKER_COLUMNS)
_WORKER = _WORKERS.where(_W.id == sa.bindparam("worker"))
_BY_HANDLE = _WORKERS.where(_W.handle_folded == sa.bindparam("handle"))
_IMPORTED_ZONE = sa.select(_W.zone).where(_W.handle_folded == sa.bindparam("handle"))
_BY_EMAIL = _WORKERS.where(_W.email_folded == sa.bindparam("email")).order_by(_W.id).limit(1)
_ACTIVE = _WORKERS.where(_W.active).order_by(_W.name_folded, _W.id)
_SEARCH = _ACTIVE.where(_W.search.like(sa.bindparam("pattern"), escape="\\")).limit(sa.bindparam("most"))
_CONTACTS = sa.select(_P.id, _P.name, _P.organisation, _P.email)
_SEARCH_CONTACTS = (
    _CONTACTS.where(_P.search.like(sa.bindparam("pattern"), escape="\\"))
    .order_by(_P.name_folded, _P.id)
    .limit(sa.bindparam("most"))
)
_UPDATE_WORKER = sa.update(workers).where(_W.id == sa.bindparam("worker"))
_SAVE_WORKER = upsert_by_dialect(workers, "handle_folded", keeping=("own_zone", "own_locale"))
_SAVE_CLIENT = upsert_by_dialect(clients, "import_key")
_SAVE_PERSONAL = upsert_by_dialect(personal_contacts, "import_key")
_SAVE_PROFESSIONAL = upsert_by_dialect(professional_contacts, "import_key")

_SOUGHT: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_FIND: dict[PartyKind, tuple[sa.Select[Any], Callable[..., Person]]] = {
    PartyKind.WORKER: (_WORKERS.where(_W.id.in_(_SOUGHT)), Worker),
    PartyKind.CLIENT: (sa.select(*CLIENT_COLUMNS).where(clients.c.id.in_(_SOUGHT)), Client),
    PartyKind.PERSONAL_CONTACT: (
        sa.select(*CONTACT_COLUMNS).where(personal_contacts.c.id.in_(_SOUGHT)),
        PersonalContact,
    ),
    PartyKind.PROFESSIONAL_CONTACT: (_CONTACTS.where(_P.id.in_(_SOUGHT)), ProfessionalContact),
}


class SqlPeople:
    """Implements `core.ports.People`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def worker(self, worker_id: int) -> Worker:
        found = self._one(_WORKER, worker=worker_id) if is_number(worker_id, LARGEST_WORKER) else None
        if found is None:
            raise NotFound
        return found

    def worker_by_handle(self, handle: str) -> Worker | None:
        return self._one(_BY_HANDLE, handle=fold(storable(handle)))

    def worker_by_email(self, email: str) -> Worker | None:
        wanted = _comparable(email)
        return self._one(_BY_EMAIL, email=wanted) if wanted else None

    def imported_zone(self, handle: str) -> str | None:
        found: str | None = self._connection.execute(_IMPORTED_ZONE, {"handle": fold(storable(handle))}).scalar()
        return found

    def workers(self) -> list[Worker]:
        return [Worker(*row) for row in self._connection.execute(_ACTIVE)]

    def search_workers(self, text: str, limit: int) -> list[Worker]:
        rows = self._connection.execute(_SEARCH, {"pattern": holds(text), "most": limit})
        return [Worker(*row) for row in rows]

    def search_professional_contacts(self, text: str, limit: int) -> list[ProfessionalContact]:
        rows = self._connection.execute(_SEARCH_CONTACTS, {"pattern": holds(text), "most": limit})
        return [ProfessionalContact(*row) for row in rows]

    def find(self, refs: Iterable[PartyRef]) -> dict[PartyRef, Person]:
        wanted: dict[PartyKind, list[int]] = {}
        for ref in dict.fromkeys(refs):
            if is_number(ref.id, LARGEST_WORKER if ref.kind is PartyKind.WORKER else LARGEST):
                wanted.setdefault(ref.kind, []).append(ref.id)
        found: dict[PartyRef, Person] = {}
        for kind, ids in wanted.items():
            statement, make = _FIND[kind]
            for row in self._connection.execute(statement, {"ids": ids}):
                found[PartyRef(kind, row[0])] = make(*row)
        return found

    def save_worker(self, worker: Worker) -> Worker:
        values = _worker_values(worker)
        if worker.id and self.worker_by_handle(worker.handle) is None:  # the handle itself changes
            if self._connection.execute(_UPDATE_WORKER, {"worker": worker.id, **values}).rowcount == 0:
                raise NotFound
            return self.worker(worker.id)
        return self.worker(self._save(_SAVE_WORKER, values))

    def save_client(self, key: str, client: Client) -> Client:
        values = {
            "import_key": key,
            "given_name": client.given_name,
            "family_name": client.family_name,
            "birth_date": client.birth_date,
            "search": fold(f"{client.given_name} {client.family_name}"),
        }
        return replace(client, id=self._save(_SAVE_CLIENT, values))

    def save_personal_contact(self, key: str, contact: PersonalContact) -> PersonalContact:
        values = {
            "import_key": key,
            "given_name": contact.given_name,
            "family_name": contact.family_name,
            "relation": contact.relation,
        }
        return replace(contact, id=self._save(_SAVE_PERSONAL, values))

    def save_professional_contact(self, key: str, contact: ProfessionalContact) -> ProfessionalContact:
        values = {
            "import_key": key,
            "name": contact.name,
            "name_folded": fold(contact.name),
            "organisation": contact.organisation,
            "email": contact.email,
            "search": _searched(contact.name, contact.organisation),
        }
        return replace(contact, id=self._save(_SAVE_PROFESSIONAL, values))

    def _one(self, statement: sa.Select[Any], **values: object) -> Worker | None:
        row = self._connection.execute(statement, values).first()
        return Worker(*row) if row is not None else None

    def _save(self, statement: dict[str, Any], values: dict[str, Any]) -> int:
        return int(self._connection.execute(statement[self._connection.dialect.name], values).scalar_one())


def _worker_values(worker: Worker) -> dict[str, Any]:
    return {
        "handle": worker.handle,
        "handle_folded": fold(worker.handle),
        "name": worker.name,
        "name_folded": fold(worker.name),
        "job": worker.job,
        "service": worker.service,
        "email": worker.email,
        "email_folded": _comparable(worker.email),
        "zone": worker.zone,
        "locale": worker.locale,
        "active": worker.active,
        "search": _searched(worker.name, worker.job, worker.service),
        "region": worker.region,
        "manager": worker.manager,
    }


def _searched(*parts: str) -> str:
    """Each part on a line of its own: folded text holds no line break, so no search runs from one into the next."""
    return "\n".join(fold(part) for part in parts)


def _comparable(email: str) -> str:
    return storable(email).strip().casefold()
