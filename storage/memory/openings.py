"""Questions to a colleague to open a time, in memory."""

from dataclasses import replace

from core.errors import VersionConflict
from core.openings import Opening, OpeningState
from storage.memory.state import State


class MemoryOpenings:
    """Implements `core.ports.Openings`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, opening: Opening) -> Opening:
        opening = replace(opening, id=self._state.new_id("openings"))
        self._state.openings[opening.id] = opening
        return opening

    def find(self, opening_id: int) -> Opening | None:
        return self._state.openings.get(opening_id)

    def decide(self, opening: Opening) -> None:
        stored = self.find(opening.id)
        if stored is None or stored.state is not OpeningState.ASKED:
            raise VersionConflict
        decided = replace(stored, state=opening.state, appointment_id=opening.appointment_id)
        self._state.openings[stored.id] = decided
