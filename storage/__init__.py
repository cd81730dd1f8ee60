"""The database: `open_database` and its migrations."""

from storage.address import UnknownDatabase
from storage.database import downgrade, is_current, migrate, open_database

__all__ = ["UnknownDatabase", "downgrade", "is_current", "migrate", "open_database"]
