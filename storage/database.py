"""Opening the database. The rest of the program gets `Session`, `Sessions` and one error."""

from pathlib import Path

from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from storage.postgresql import open_postgresql
from storage.sessions import DatabaseUnavailable, Sessions
from storage.sqlite import open_sqlite

__all__ = ["Database", "DatabaseUnavailable", "Session", "Sessions", "open_database"]

_OPEN = {"sqlite": open_sqlite, "postgresql": open_postgresql}


class Database:
    """An open database. `close()` gives its connections back."""

    def __init__(self, engine: Engine, sessions: Sessions) -> None:
        self.engine = engine
        self.sessions = sessions

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str) -> Database:
    """Open ``sqlite:///path`` or ``postgresql+psycopg://...``. Raises ValueError for another kind of database."""
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind not in _OPEN:
        raise ValueError(f"{kind!r} is not a database that Lyhörd runs on: use sqlite or postgresql")
    return Database(*_OPEN[kind](parsed))


def sqlite_file(url: str) -> Path | None:
    """The file that an SQLite URL names, None for a server's. Raises ValueError for what is no URL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("not the address of a database") from None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database).absolute() if is_file and parsed.database else None
