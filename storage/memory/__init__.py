"""The database kept in memory: for tests, and to read what the port means in plain Python."""

from storage.memory.database import MemoryDatabase

__all__ = ["MemoryDatabase"]
