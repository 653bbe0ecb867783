"""Answers, their codes, categories and places. Added, never edited: only standings change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Insert, bindparam, insert, select, update
from sqlalchemy.orm import Session

from storage.tables import Answer, AnswerPlace, Coding


@dataclass(frozen=True, kw_only=True, slots=True)
class CurrentAnswer:
    """An answer as it stands now, its text redacted."""

    question: str
    repeat: int
    value: str
    text: str


# On the path of every message, statements are built once and run on the connection (see storage.messages).
_ADD_ANSWER, _ADD_CODINGS, _ADD_PLACES = insert(Answer), insert(Coding), insert(AnswerPlace)
_CHANGE_STANDING = update(Answer).where(
    Answer.conversation_id == bindparam("of_conversation"),
    Answer.question == bindparam("of_question"),
    Answer.repeat == bindparam("of_repeat"),
    Answer.standing == "current",
)


_GET_TEXT = select(Answer.text).where(
    Answer.conversation_id == bindparam("of_conversation"),
    Answer.question == bindparam("of_question"),
    Answer.repeat == bindparam("of_repeat"),
    Answer.standing == "current",
)


def get_current_text(session: Session, conversation_id: int, question: str, repeat: int) -> str:
    """The redacted text of the answer that stands there; empty where there is none."""
    place = {"of_conversation": conversation_id, "of_question": question, "of_repeat": repeat}
    return session.connection().scalar(_GET_TEXT, place) or ""


def forget_replaced_texts(session: Session, conversation_id: int, question: str, repeat: int) -> None:
    """The words of answers that stand no more, where what came after them showed that they must not be kept."""
    session.execute(
        update(Answer)
        .where(
            Answer.conversation_id == conversation_id,
            Answer.question == question,
            Answer.repeat == repeat,
            Answer.standing == "replaced",
        )
        .values(text=None)
    )


def add_answer(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(_ADD_ANSWER, dict(values))


def add_codings(session: Session, rows: list[dict[str, Any]]) -> None:
    _add_rows(session, _ADD_CODINGS, rows)


def add_answer_places(session: Session, rows: list[dict[str, Any]]) -> None:
    _add_rows(session, _ADD_PLACES, rows)


def _add_rows(session: Session, statement: Insert, rows: list[dict[str, Any]]) -> None:
    """One row is a plain statement: for several, PostgreSQL's driver makes a conversation of its own."""
    if rows:
        session.connection().execute(statement, rows if len(rows) > 1 else rows[0])


def update_standing(
    session: Session, conversation_id: int, question: str, repeat: int, standing: str
) -> None:
    """The current answer at that position becomes replaced or off_path."""
    session.connection().execute(
        _CHANGE_STANDING,
        {
            "of_conversation": conversation_id,
            "of_question": question,
            "of_repeat": repeat,
            "standing": standing,
        },
    )


def list_current_answers(session: Session, conversation_id: int) -> list[CurrentAnswer]:
    """What counts of a conversation, in no order."""
    rows = session.execute(
        select(Answer.question, Answer.repeat, Answer.value, Answer.text).where(
            Answer.conversation_id == conversation_id, Answer.standing == "current"
        )
    )
    return [CurrentAnswer(**{**row._mapping, "text": row.text or ""}) for row in rows]


def coding_values(
    *,
    coding_id: int,
    answer_id: int,
    category: str,
    is_primary: bool,
    score: float,
    rule: str,
    author: str = "rules",
    decided_at: datetime | None = None,
) -> dict[str, Any]:
    """A row for `add_codings`."""
    return {
        "id": coding_id,
        "answer_id": answer_id,
        "category": category,
        "is_primary": is_primary,
        "is_current": True,
        "score": score,
        "rule": rule,
        "author": author,
        "decided_at": decided_at,
    }
