"""A database that is filled in bulk for measuring is indexed like one that was used."""

from sqlalchemy import inspect

from benchmarks.filling import fill_with_answers
from benchmarks.setting import prepared
from storage.database import open_database


def test_filled_database_has_the_indexes_of_the_migrations(database_url: str) -> None:
    """On PostgreSQL with the columns that they include: without those counting reads the tables as well."""
    prepared(database_url)
    before = _indexes(database_url)
    fill_with_answers(database_url, 100)
    assert _indexes(database_url) == before
    assert {"ix_answers_round_values", "ix_codings_answer"} <= before.keys()


def _indexes(database_url: str) -> dict[object, object]:
    database = open_database(database_url)
    try:
        found = inspect(database.engine)
        return {
            index["name"]: index for table in found.get_table_names() for index in found.get_indexes(table)
        }
    finally:
        database.close()
