"""Support cases and places in memory."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from core.access import may_see_case
from core.cases import Place, SupportCase
from core.errors import PlaceExists
from core.text import fold
from storage.memory.state import State


class MemoryCases:
    """Implements `core.ports.Cases`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, number: int) -> SupportCase | None:
        case = self._state.cases.get(number)
        if case is None:
            return None
        return replace(
            case,
            clients=tuple(self._state.clients[c.id] for c in case.clients),
            personal_contacts=tuple(self._state.personal_contacts[c.id] for c in case.personal_contacts),
        )

    def find_all(self, numbers: Iterable[int]) -> list[SupportCase]:
        return [case for number in sorted(set(numbers)) if (case := self.find(number)) is not None]

    def search(self, text: str, viewer_id: int, limit: int) -> list[SupportCase]:
        wanted = fold(text)
        cases = (found for number in sorted(self._state.cases) if (found := self.find(number)) is not None)
        return [case for case in cases if may_see_case(case, viewer_id) and _answers(case, wanted)][:limit]

    def save(self, case: SupportCase) -> None:
        self._state.cases[case.number] = case


class MemoryPlaces:
    """Implements `core.ports.Places`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, place_id: int) -> Place | None:
        return self._state.places.get(place_id)

    def find_all(self, place_ids: Collection[int]) -> list[Place]:
        return [place for place in self.all() if place.id in place_ids]

    def named(self, name: str, kind: str) -> Place | None:
        wanted = (fold(name), fold(kind))
        return next((p for p in self._state.places.values() if (fold(p.name), fold(p.kind)) == wanted), None)

    def all(self) -> list[Place]:
        return sorted(self._state.places.values(), key=lambda p: (fold(p.name), fold(p.kind)))

    def add(self, name: str, kind: str) -> Place:
        same = self.named(name, kind)
        if same is not None:
            raise PlaceExists(same.id)
        place = Place(self._state.new_id("places"), name, kind)
        self._state.places[place.id] = place
        return place


def _answers(case: SupportCase, wanted: str) -> bool:
    names = (fold(f"{c.given_name} {c.family_name}") for c in case.clients)
    return str(case.number).startswith(wanted) or any(wanted in name for name in names)
