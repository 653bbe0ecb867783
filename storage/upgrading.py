"""Brings a database to this program's tables, or back. Foreign keys are off meanwhile on SQLite, then checked:
with them on, a batch alter of a parent table would delete its children.
"""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations that the database lacks. Safe to call again."""
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str = "base") -> None:
    """Take migrations back; their tables and rows go."""
    _run(database, lambda config: command.downgrade(config, revision))


def is_current(database: Database) -> bool:
    """Whether no migration is missing."""
    return get_revision(database) == ScriptDirectory.from_config(_config(None)).get_current_head()


def get_revision(database: Database) -> str | None:
    """The last migration that the database has seen; None for one without tables."""
    with database.sessions.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this program has that migration: without it, the database is of a newer program."""
    scripts = ScriptDirectory.from_config(_config(None)).walk_revisions()
    return revision in {script.revision for script in scripts}


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _run(database: Database, step: Callable[[Config], None]) -> None:
    is_sqlite = database.engine.dialect.name == "sqlite"
    with database.engine.connect() as connection:
        if is_sqlite:
            _switch_foreign_keys(connection, on=False)
        try:
            with connection.begin():
                if not is_sqlite:  # an index over a million answers takes longer than any turn may
                    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                step(_config(connection))
                if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("a migration left rows without their parent; nothing was changed")
        finally:
            if is_sqlite:
                _switch_foreign_keys(connection, on=True)


def _switch_foreign_keys(connection: Connection, *, on: bool) -> None:
    raw = connection.connection.dbapi_connection
    if raw is None:
        raise RuntimeError("the connection to the database is closed")
    raw.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
