"""Other times that invitees propose, in memory."""

from dataclasses import replace

from core.counterproposals import CounterProposal, CounterState
from core.errors import VersionConflict
from storage.memory.state import State


class MemoryCounterProposals:
    """Implements `core.ports.CounterProposals`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, proposal: CounterProposal) -> CounterProposal:
        proposal = replace(proposal, id=self._state.new_id("counterproposals"))
        self._state.counterproposals[proposal.id] = proposal
        return proposal

    def find(self, proposal_id: int) -> CounterProposal | None:
        return self._state.counterproposals.get(proposal_id)

    def of(self, appointment_id: int) -> list[CounterProposal]:
        return [p for p in self._state.counterproposals.values() if p.appointment_id == appointment_id]

    def decide(self, proposal: CounterProposal) -> None:
        stored = self.find(proposal.id)
        if stored is None or stored.state is not CounterState.PROPOSED:
            raise VersionConflict
        self._state.counterproposals[stored.id] = replace(stored, state=proposal.state)
