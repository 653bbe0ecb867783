"""Where counting begins: the conversations and answers of a round, chosen so that an index has them in order.

SQLite plans without statistics. No query names the round of an answer and that of its conversation both, and so it can
begin in one place only.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from storage.tables import Answer, Coding, Conversation
from summary.rows import COUNTED, Outcome, Stream

AnySelect = Select[*tuple[Any, ...]]

STREAMS = [stream.value for stream in Stream]
IN_PICTURE = [outcome.value for outcome in Outcome if outcome in COUNTED]
NOT_IN_PICTURE = [outcome.value for outcome in Outcome if outcome not in COUNTED]

_AT_ONCE = 50_000  # conversations: some megabytes
_IDS_BELOW = 1 << 62


@dataclass(frozen=True, kw_only=True, slots=True)
class Roles:
    """Question names by role, over all streams (domain: a role means the same in every flow)."""

    names: Mapping[str, tuple[str, ...]]
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The codes of a role's questions with several answers: what their values are split into."""

    open_questions: tuple[str, ...] = ()
    """Questions that are answered in own words, of whatever role."""

    def __getitem__(self, role: str) -> list[str]:
        return list(self.names.get(role, ()))

    def named(self, *roles: str) -> list[str]:
        """The questions of all these roles."""
        return sorted({name for role in roles for name in self[role]})

    def codes(self, role: str, value: str) -> list[str]:
        """The choices in a value. Why there is no answer is no choice."""
        return [code for code in value.split() if code in self.choices.get(role, ())]


def conversations(round_id: int, outcomes: Iterable[str], streams: Iterable[str] = STREAMS) -> AnySelect:
    """Conversations of a round that ended so. `outcomes` and `streams` are spelled out: the index is in their order."""
    return select(Conversation.id).where(
        Conversation.round_id == round_id,
        Conversation.stream.in_(list(streams)),
        Conversation.outcome.in_(list(outcomes)),
    )


def stretches(session: Session, round_id: int) -> list[ColumnElement[bool]]:
    """Conditions that cut the conversations of a round into parts to be counted one after the other.

    SQLite sorts what it groups, in memory: parts keep that from growing with the round. They follow the ids, which are
    random and so make them even, and are the order of the table and of the index on answers. The plus keeps SQLite from
    beginning with the round's index instead. PostgreSQL has memory of its own, and takes all at once.
    """
    ranges = _id_ranges(session, round_id, _AT_ONCE)
    if len(ranges) == 1:  # all of them, and so in the order of the round's index
        return [Conversation.round_id == round_id]
    of_round = literal_column("+conversations.round_id") == round_id
    return [and_(of_round, *_within(ids, Conversation.id)) for ids in ranges]


def covered_stretches(session: Session, round_id: int, at_once: int) -> list[ColumnElement[bool]]:
    """The same parts, for what the round's index covers. It is read once for each, and is a twentieth of the table; the
    plus keeps SQLite to it.
    """
    conversation_id: ColumnElement[int] = literal_column("+conversations.id")
    return [
        and_(Conversation.round_id == round_id, *_within(ids, conversation_id))
        for ids in _id_ranges(session, round_id, at_once)
    ]


_IdRange = tuple[int | None, int | None]
"""The first id of a part and the one after its last; None where there is no bound."""


def _id_ranges(session: Session, round_id: int, at_once: int) -> list[_IdRange]:
    if session.get_bind().dialect.name != "sqlite":
        return [(None, None)]
    everybody = session.scalar(select(func.count()).where(Conversation.round_id == round_id)) or 0
    parts = 1 + everybody // at_once
    ends = [_IDS_BELOW * part // parts for part in range(1, parts)]
    return list(zip([None, *ends], [*ends, None], strict=True))


def _within(ids: _IdRange, conversation_id: SQLColumnExpression[int]) -> Iterator[ColumnElement[bool]]:
    start, end = ids
    if start:
        yield conversation_id >= start
    if end:
        yield conversation_id < end


def answers_within(chosen: AnySelect, questions: list[str]) -> AnySelect:
    """Current answers to some questions within the conversations that are chosen."""
    return chosen.join(
        Answer,
        and_(
            Answer.conversation_id == Conversation.id,
            Answer.question.in_(questions),
            Answer.standing == "current",
        ),
    )


def all_answers(round_id: int, questions: list[str]) -> AnySelect:
    """Current answers to some questions in all conversations of the round, counted or not."""
    return select(Answer.id).where(
        Answer.round_id == round_id,
        Answer.standing == "current",
        Answer.stream.in_(STREAMS),
        Answer.question.in_(questions),
    )


def in_picture(
    session: Session, round_id: int, everybody: AnySelect, outside: AnySelect
) -> Iterator[tuple[AnySelect, SQLColumnExpression[str], int]]:
    """What to count for the answers that are in the picture: queries, each with its column of the stream and what a row
    of it counts. `everybody` is a query over the answers of the round, `outside` the same within conversations that are
    not in the picture: few, and short.

    SQLite finds these few by an index, and they are taken away again. PostgreSQL would read all answers for them once
    more, and leaves them out while it reads the answers of everybody.
    """
    if session.get_bind().dialect.name == "sqlite":
        yield everybody, Answer.stream, 1
        yield outside, Conversation.stream, -1
        return
    other = aliased(Conversation)
    is_outside = select(other.id).where(
        other.id == Answer.conversation_id, other.round_id == round_id, other.outcome.in_(NOT_IN_PICTURE)
    )
    yield everybody.where(~is_outside.exists()), Answer.stream, 1


def coded(query: AnySelect) -> AnySelect:
    """Answers with the category that stands first for each."""
    return query.join(Coding, is_primary_of(Answer))


def grouped(query: AnySelect, *keys: Any) -> AnySelect:
    return query.with_only_columns(*keys, func.count()).group_by(*keys)


def first_answer(
    answer: type[Answer], questions: list[str], conversation_id: ColumnElement[int] | None = None
) -> ColumnElement[bool]:
    """The current answer to a question in a conversation of the query; in a repeat, that of its first turn."""
    return and_(
        answer.conversation_id == (Conversation.id if conversation_id is None else conversation_id),
        answer.question.in_(questions),
        answer.repeat == 0,
        answer.standing == "current",
    )


def is_primary_of(answer: type[Answer], coding: type[Coding] = Coding) -> ColumnElement[bool]:
    return and_(coding.answer_id == answer.id, coding.is_current, coding.is_primary)
