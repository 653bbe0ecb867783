"""The databases that the other integration tests stand on."""

from sqlalchemy import create_engine, text


def test_database_is_empty_and_keeps_what_is_committed(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (body TEXT)"))
        connection.execute(text("INSERT INTO note VALUES ('räksmörgås')"))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT body FROM note")).scalar() == "räksmörgås"
    engine.dispose()


def test_next_test_has_a_database_of_its_own(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (body TEXT)"))  # the test above made one with this name
    engine.dispose()
