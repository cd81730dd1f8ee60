"""Availability and what occupies people, in memory."""

from storage.memory.absences import MemoryAbsences, MemoryChoices
from storage.memory.busy import MemoryBusy
from storage.memory.ranges import MemoryRanges


class MemoryAgendas(MemoryRanges, MemoryBusy, MemoryAbsences, MemoryChoices):
    """Implements `core.ports.Agendas`."""
