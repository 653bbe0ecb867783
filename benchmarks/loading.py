"""Rows into a database in bulk, as fast as it takes them: no journal, no checks, indexes afterwards."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import Index, MetaData, make_url

from storage.database import Database, open_database
from storage.tables import Base

Rows = Mapping[str, Sequence[tuple[Any, ...]]]
"""Rows by table, each with its columns in the order of the table."""
Load = Callable[[Rows], None]

_TABLES = ("conversations", "messages", "answers", "codings", "answer_places")
_UNSAFE_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000")


@contextmanager
def loading(database_url: str) -> Iterator[Load]:
    """Takes rows for the tables of conversations and answers. A program that fails here leaves a useless database.

    Afterwards the database knows its statistics, and PostgreSQL which pages all can see, as in one that has run long.
    """
    database = open_database(database_url)
    try:
        is_sqlite = database.engine.dialect.name == "sqlite"
        indexes = _indexes(database)
        _drop_indexes(database, indexes)
        database.engine.dispose()  # SQLite gives up its journal only to a connection that is alone
        with _into_sqlite(database_url) if is_sqlite else _into_postgresql(database_url) as load:
            yield load
        _create_indexes(database, indexes)
        _settle(database)
    finally:
        database.close()


def _indexes(database: Database) -> list[Index]:
    """As the migrations made them. The tables do not say which columns PostgreSQL includes."""
    held = MetaData()
    held.reflect(database.engine, only=_TABLES)
    indexes = [index for name in _TABLES for index in held.tables[name].indexes]
    return sorted(indexes, key=lambda index: str(index.name))


def _drop_indexes(database: Database, indexes: Iterable[Index]) -> None:
    with database.engine.begin() as connection:
        for index in indexes:
            index.drop(connection)


def _create_indexes(database: Database, indexes: Iterable[Index]) -> None:
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        for index in indexes:
            index.create(connection)


def _settle(database: Database) -> None:
    """What PostgreSQL's autovacuum would have done meanwhile."""
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM (ANALYZE)")


@contextmanager
def _into_sqlite(database_url: str) -> Iterator[Load]:
    connection = sqlite3.connect(str(make_url(database_url).database))
    try:
        for pragma in _UNSAFE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

        def load(rows: Rows) -> None:
            for table, some in rows.items():
                marks = ",".join("?" * len(Base.metadata.tables[table].columns))
                values = some if table not in ("conversations", "messages") else map(_with_text_times, some)
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608

        yield load
        connection.commit()
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


def _with_text_times(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Times as SQLAlchemy stores them in SQLite."""
    return tuple(f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value for value in row)


@contextmanager
def _into_postgresql(database_url: str) -> Iterator[Load]:
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")  # no look at parents for each row

        def load(rows: Rows) -> None:
            for table, some in rows.items():
                with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    for row in some:
                        copy.write_row(row)

        yield load
