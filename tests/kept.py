"""What a town's database holds, for tests: counted, and compared with itself."""

from typing import Any

from sqlalchemy import func, select, text
from town import Town

from storage.tables import Answer, Base, Conversation, Message


def count(town: Town, table: type[Base], *conditions: Any) -> int:
    with town.house.database.sessions.reading() as session:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0


def count_all(town: Town) -> int:
    """Rows in all tables."""
    return sum(count(town, mapper.class_) for mapper in Base.registry.mappers)


def message_ids(town: Town) -> set[str]:
    """The provider's ids of all messages that were taken; the database lets none in twice."""
    with town.house.database.sessions.reading() as session:
        return set(session.scalars(select(Message.provider_id)))


def assert_states_and_answers_agree(town: Town) -> None:
    """The state of each conversation holds what the rows say, no more and no less."""
    with town.house.database.sessions.reading() as session:
        for conversation in session.scalars(select(Conversation)):
            rows = session.execute(
                select(Answer.question, Answer.repeat, Answer.value).where(
                    Answer.conversation_id == conversation.id, Answer.standing == "current"
                )
            ).all()
            questions = {row.question for row in rows}
            in_state = [tuple(entry) for entry in conversation.state["answers"]]
            assert sorted(map(tuple, rows)) == sorted(entry for entry in in_state if entry[0] in questions)
            about = {f"{question}_{what}" for question in questions for what in ("category", "place")}
            assert {entry[0] for entry in in_state} <= questions | about


def assert_file_is_whole(town: Town) -> None:
    """SQLite's own check of every page; PostgreSQL was not what was hurt."""
    if town.house.database.engine.dialect.name == "sqlite":
        with town.house.database.sessions.reading() as session:
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
