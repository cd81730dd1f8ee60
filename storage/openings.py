"""Questions to a colleague to open a time, in SQL."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.errors import VersionConflict
from core.openings import Opening, OpeningState
from core.people import PartyKind, PartyRef
from core.times import Interval
from storage.sql import Repository, is_number
from storage.tables import openings

_O = openings.c
_FIND = sa.select(
    _O.id,
    _O.asker_id,
    _O.main_worker_id,
    _O.case_number,
    _O.starts_at,
    _O.ends_at,
    _O.zone,
    _O.parties,
    _O.place_id,
    _O.comment,
    _O.created_at,
    _O.kind,
    _O.optional,
    _O.state,
    _O.appointment_id,
).where(_O.id == sa.bindparam("opening"))
_ADD = sa.insert(openings).returning(_O.id)
_DECIDE = (
    sa.update(openings)
    .where(_O.id == sa.bindparam("opening"), _O.state == str(OpeningState.ASKED))
    .values(state=sa.bindparam("decision"), appointment_id=sa.bindparam("booked"))
)


class SqlOpenings(Repository):
    """Implements `core.ports.Openings`."""

    def add(self, opening: Opening) -> Opening:
        values = {
            "asker_id": opening.asker_id,
            "main_worker_id": opening.main_worker_id,
            "case_number": opening.case_number,
            "starts_at": opening.during.start,
            "ends_at": opening.during.end,
            "zone": opening.zone,
            "parties": json.dumps([(ref.kind, ref.id) for ref in opening.parties]),
            "place_id": opening.place_id,
            "comment": opening.comment,
            "created_at": opening.created_at,
            "kind": opening.kind,
            "optional": json.dumps(sorted(opening.optional)),
            "state": str(opening.state),
            "appointment_id": opening.appointment_id,
        }
        return replace(opening, id=int(self._connection.execute(_ADD, values).scalar_one()))

    def find(self, opening_id: int) -> Opening | None:
        if not is_number(opening_id):
            return None
        row = self._connection.execute(_FIND, {"opening": opening_id}).first()
        return _opening(row) if row is not None else None

    def decide(self, opening: Opening) -> None:
        values = {"opening": opening.id, "decision": str(opening.state), "booked": opening.appointment_id}
        if self._connection.execute(_DECIDE, values).rowcount != 1:
            raise VersionConflict


def _opening(row: Sequence[Any]) -> Opening:
    opening_id, asker_id, main_worker_id, case_number, starts_at, ends_at, zone, parties, *rest = row
    place_id, comment, created_at, kind, optional, state, appointment_id = rest
    return Opening(
        id=opening_id,
        asker_id=asker_id,
        main_worker_id=main_worker_id,
        case_number=case_number,
        during=Interval(starts_at, ends_at),
        zone=zone,
        parties=tuple(PartyRef(PartyKind(sort), number) for sort, number in json.loads(parties)),
        place_id=place_id,
        comment=comment,
        created_at=created_at,
        kind=kind,
        optional=frozenset(json.loads(optional)),
        state=OpeningState(state),
        appointment_id=appointment_id,
    )
