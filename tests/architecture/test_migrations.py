"""Tables and migrations say the same, up and down, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from storage.condition import has_current_tables, is_reachable
from storage.database import Database, open_database
from storage.tables import Base
from storage.upgrading import downgrade, is_current, upgrade


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_program_knows_the_revision_of_its_tables(database: Database) -> None:
    assert has_current_tables(database.sessions)
    with database.sessions.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert not has_current_tables(database.sessions)


def test_a_database_without_tables_is_not_current(database_url: str) -> None:
    database = open_database(database_url)
    assert is_reachable(database.sessions)
    assert not has_current_tables(database.sessions)
    database.close()


def test_migrations_go_up_down_and_up_again(database_url: str) -> None:
    database = open_database(database_url)
    upgrade(database)
    assert is_current(database)
    downgrade(database)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    upgrade(database)
    assert set(inspect(database.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    database.close()


def test_upgrading_a_current_database_changes_nothing(database: Database) -> None:
    upgrade(database)
    assert is_current(database)
