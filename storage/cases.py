"""Support cases and places in SQL."""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from core.cases import CaseKind, Place, SupportCase
from core.errors import PlaceExists
from core.people import Client, PersonalContact
from core.text import fold
from storage.people import CLIENT_COLUMNS, CONTACT_COLUMNS
from storage.sql import holds, insert_by_dialect, is_number, storable
from storage.tables import (
    case_clients,
    case_personal_contacts,
    case_workers,
    cases,
    clients,
    personal_contacts,
    places,
)

_C, _PLACE = cases.c, places.c
_CASES = sa.select(_C.number, _C.kind, _C.lead_id, _C.topic, _C.urgent, _C.confidential)
_CASE = _CASES.where(_C.number == sa.bindparam("number"))
_SOUGHT: sa.BindParameter[Any] = sa.bindparam("numbers", expanding=True)
_NOTHING = sa.null()
_THESE = _CASES.where(_C.number.in_(_SOUGHT)).order_by(_C.number)
# Who is on the cases, in one statement; the first arm gives the columns their types.
_PEOPLE = sa.union_all(
    sa.select(case_clients.c.case_number, sa.literal_column("1"), case_clients.c.position, *CLIENT_COLUMNS, _NOTHING)
    .join_from(case_clients, clients)
    .where(case_clients.c.case_number.in_(_SOUGHT)),
    sa.select(
        case_personal_contacts.c.case_number,
        sa.literal_column("2"),
        case_personal_contacts.c.position,
        *CONTACT_COLUMNS[:3],
        _NOTHING,
        CONTACT_COLUMNS[3],
    )
    .join_from(case_personal_contacts, personal_contacts)
    .where(case_personal_contacts.c.case_number.in_(_SOUGHT)),
    sa.select(
        case_workers.c.case_number,
        sa.literal_column("3"),
        sa.literal_column("0"),
        case_workers.c.worker_id,
        *[_NOTHING] * 4,
    ).where(case_workers.c.case_number.in_(_SOUGHT)),
)
_VIEWER: sa.BindParameter[Any] = sa.bindparam("viewer")
_FIRST = (
    _CASES.where(
        sa.or_(
            sa.not_(_C.confidential),
            _C.lead_id == _VIEWER,
            sa.exists().where(case_workers.c.case_number == _C.number, case_workers.c.worker_id == _VIEWER),
        ),
    )
    .order_by(_C.number)
    .limit(sa.bindparam("most"))
)
_NUMBERED = _FIRST.where(_C.digits >= sa.bindparam("digits"), _C.digits < sa.bindparam("beyond"))
_HOLDS = clients.c.search.like(sa.bindparam("pattern"), escape="\\")
_OF_CLIENTS = sa.select(case_clients.c.case_number).join(clients).where(_HOLDS)
# Few clients lead to their cases; of many, some are on the first cases that one looks at.
_OF_FEW = _FIRST.where(_C.number.in_(_OF_CLIENTS))
_OF_MANY = _FIRST.where(_OF_CLIENTS.where(case_clients.c.case_number == _C.number).correlate(cases).exists())
MANY = 1_000
"""So many clients are many."""
_SOME = sa.select(clients.c.id).where(_HOLDS).limit(sa.bindparam("many"))
_FOUND = sa.select(sa.func.count()).select_from(_SOME.subquery())
_SAVE = insert_by_dialect(
    cases,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["number"],
        set_={c.name: insert.excluded[c.name] for c in cases.c if c.name != "number"},
    ),
)
_CLEAR = [
    sa.delete(table).where(table.c.case_number == sa.bindparam("number"))
    for table in (case_workers, case_clients, case_personal_contacts)
]

_PLACES = sa.select(_PLACE.id, _PLACE.name, _PLACE.kind)
_BY_ID = _PLACES.where(_PLACE.id == sa.bindparam("place"))
_NAMED = _PLACES.where(_PLACE.name_folded == sa.bindparam("name"), _PLACE.kind_folded == sa.bindparam("kind"))
_ALL = _PLACES.order_by(_PLACE.name_folded, _PLACE.kind_folded)
_THESE_PLACES = _ALL.where(_PLACE.id.in_(sa.bindparam("places", expanding=True)))
_ADD = sa.insert(places).returning(_PLACE.id)


class SqlCases:
    """Implements `core.ports.Cases`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, number: int) -> SupportCase | None:
        row = self._connection.execute(_CASE, {"number": number}).first() if is_number(number) else None
        return self._whole([row])[0] if row is not None else None

    def find_all(self, numbers: Iterable[int]) -> list[SupportCase]:
        wanted = sorted({n for n in numbers if is_number(n)})
        return self._whole(self._connection.execute(_THESE, {"numbers": wanted}).all()) if wanted else []

    def search(self, text: str, viewer_id: int, limit: int) -> list[SupportCase]:
        wanted, limited = fold(storable(text)), {"viewer": viewer_id, "most": limit}
        if not wanted:
            return self._whole(self._connection.execute(_FIRST, limited).all())
        rows = [*self._numbered(wanted, limited), *self._of_clients(text, limited)]
        return self._whole(sorted({row[0]: row for row in rows}.values(), key=_number)[:limit])

    def _numbered(self, digits: str, limited: dict[str, int]) -> Sequence[Sequence[Any]]:
        """Return the cases whose number begins so."""
        if not (digits.isascii() and digits.isdigit()):
            return ()
        values = {"digits": digits, "beyond": f"{digits}:", **limited}  # what follows the nine
        return self._connection.execute(_NUMBERED, values).all()

    def _of_clients(self, text: str, limited: dict[str, int]) -> Sequence[Sequence[Any]]:
        """Return the cases of clients whose names hold the text."""
        pattern = {"pattern": holds(text)}
        many = self._connection.execute(_FOUND, {**pattern, "many": MANY}).scalar_one() == MANY
        return self._connection.execute(_OF_MANY if many else _OF_FEW, {**pattern, **limited}).all()

    def save(self, case: SupportCase) -> None:
        values = {
            "number": case.number,
            "digits": str(case.number),
            "kind": str(case.kind),
            "lead_id": case.lead_id,
            "topic": json.dumps(case.topic, ensure_ascii=False),
            "urgent": case.urgent,
            "confidential": case.confidential,
        }
        self._connection.execute(_SAVE[self._connection.dialect.name], values)
        for statement in _CLEAR:
            self._connection.execute(statement, {"number": case.number})
        number = {"case_number": case.number}
        self._insert(case_workers, [{**number, "worker_id": w} for w in sorted(case.worker_ids)])
        self._insert(case_clients, [{**number, "client_id": c.id, "position": i} for i, c in enumerate(case.clients)])
        self._insert(
            case_personal_contacts,
            [{**number, "contact_id": c.id, "position": i} for i, c in enumerate(case.personal_contacts)],
        )

    def _insert(self, table: sa.Table, rows: list[dict[str, int]]) -> None:
        if rows:
            self._connection.execute(sa.insert(table), rows)

    def _whole(self, rows: Sequence[Sequence[Any]]) -> list[SupportCase]:
        """Add the people to rows of cases."""
        if not rows:
            return []
        people = sorted(self._connection.execute(_PEOPLE, {"numbers": [row[0] for row in rows]}), key=_in_order)
        on_case: dict[tuple[int, int], list[Any]] = {}
        for number, what, _position, *person, relation in people:
            known = on_case.setdefault((number, what), [])
            match what:
                case 1:
                    known.append(Client(*person))
                case 2:
                    known.append(PersonalContact(person[0], person[1], person[2], relation))
                case _:
                    known.append(person[0])
        return [
            SupportCase(
                number=number,
                kind=CaseKind(kind),
                lead_id=lead_id,
                topic=tuple(json.loads(topic)),
                urgent=urgent,
                confidential=confidential,
                worker_ids=frozenset(on_case.get((number, 3), ())),
                clients=tuple(on_case.get((number, 1), ())),
                personal_contacts=tuple(on_case.get((number, 2), ())),
            )
            for number, kind, lead_id, topic, urgent, confidential in rows
        ]


def _number(row: Sequence[Any]) -> int:
    return int(row[0])


def _in_order(row: Sequence[Any]) -> tuple[int, int]:
    return row[1], row[2]


class SqlPlaces:
    """Implements `core.ports.Places`."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def find(self, place_id: int) -> Place | None:
        row = self._connection.execute(_BY_ID, {"place": place_id}).first() if is_number(place_id) else None
        return Place(*row) if row is not None else None

    def find_all(self, place_ids: Collection[int]) -> list[Place]:
        if not place_ids:
            return []
        return [Place(*row) for row in self._connection.execute(_THESE_PLACES, {"places": list(place_ids)})]

    def named(self, name: str, kind: str) -> Place | None:
        values = {"name": fold(storable(name)), "kind": fold(storable(kind))}
        row = self._connection.execute(_NAMED, values).first()
        return Place(*row) if row is not None else None

    def all(self) -> list[Place]:
        return [Place(*row) for row in self._connection.execute(_ALL)]

    def add(self, name: str, kind: str) -> Place:
        same = self.named(name, kind)
        if same is not None:
            raise PlaceExists(same.id)
        values = {"name": name, "kind": kind, "name_folded": fold(name), "kind_folded": fold(kind)}
        return Place(int(self._connection.execute(_ADD, values).scalar_one()), name, kind)
