"""Other times that invitees propose, in SQL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.counterproposals import CounterProposal, CounterState
from core.errors import VersionConflict
from core.times import Interval
from storage.sql import Repository, is_number
from storage.tables import counterproposals

_P = counterproposals.c
_PROPOSALS = sa.select(
    _P.id,
    _P.appointment_id,
    _P.revision,
    _P.proposer_id,
    _P.starts_at,
    _P.ends_at,
    _P.place_id,
    _P.created_at,
    _P.state,
)
_FIND = _PROPOSALS.where(_P.id == sa.bindparam("proposal"))
_OF = _PROPOSALS.where(_P.appointment_id == sa.bindparam("appointment")).order_by(_P.id)
_ADD = sa.insert(counterproposals).returning(_P.id)
_DECIDE = (
    sa.update(counterproposals)
    .where(_P.id == sa.bindparam("proposal"), _P.state == str(CounterState.PROPOSED))
    .values(state=sa.bindparam("decision"))
)


class SqlCounterProposals(Repository):
    """Implements `core.ports.CounterProposals`."""

    def add(self, proposal: CounterProposal) -> CounterProposal:
        values = {
            "appointment_id": proposal.appointment_id,
            "revision": proposal.revision,
            "proposer_id": proposal.proposer_id,
            "starts_at": proposal.during.start,
            "ends_at": proposal.during.end,
            "place_id": proposal.place_id,
            "created_at": proposal.created_at,
            "state": str(proposal.state),
        }
        return replace(proposal, id=int(self._connection.execute(_ADD, values).scalar_one()))

    def find(self, proposal_id: int) -> CounterProposal | None:
        if not is_number(proposal_id):
            return None
        row = self._connection.execute(_FIND, {"proposal": proposal_id}).first()
        return _proposal(row) if row is not None else None

    def of(self, appointment_id: int) -> list[CounterProposal]:
        return [_proposal(row) for row in self._connection.execute(_OF, {"appointment": appointment_id})]

    def decide(self, proposal: CounterProposal) -> None:
        values = {"proposal": proposal.id, "decision": str(proposal.state)}
        if self._connection.execute(_DECIDE, values).rowcount != 1:
            raise VersionConflict


def _proposal(row: Sequence[Any]) -> CounterProposal:
    proposal_id, appointment_id, revision, proposer_id, starts_at, ends_at, place_id, created_at, state = row
    return CounterProposal(
        id=proposal_id,
        appointment_id=appointment_id,
        revision=revision,
        proposer_id=proposer_id,
        during=Interval(starts_at, ends_at),
        place_id=place_id,
        created_at=created_at,
        state=CounterState(state),
    )
