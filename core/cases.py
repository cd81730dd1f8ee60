"""The support case, from which everything hangs, and places."""

from dataclasses import dataclass
from enum import StrEnum

from core.people import Client, PersonalContact


class CaseKind(StrEnum):
    """Ponctuel or régulier."""

    OCCASIONAL = "occasional"
    REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A "parcours d'accompagnement"; `worker_ids` are the workers named on it beside its lead."""

    number: int
    kind: CaseKind
    lead_id: int
    topic: tuple[str, ...] = ()
    urgent: bool = False
    confidential: bool = False
    worker_ids: frozenset[int] = frozenset()
    clients: tuple[Client, ...] = ()
    personal_contacts: tuple[PersonalContact, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where people meet: "Gembloux (Implantations)"."""

    id: int
    name: str
    kind: str = ""

    @property
    def label(self) -> str:
        """Name and kind."""
        return f"{self.name} ({self.kind})" if self.kind else self.name
