"""Indexes that cover the counting of a round; codes of answers with several are read from their values alone."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_AT_A_TIME = 1_000


def upgrade() -> None:
    op.drop_table("answer_choices")
    op.drop_index("ix_conversations_round_id_stream_status", "conversations")
    op.drop_index("ix_answers_round_id_stream_question_standing", "answers")
    op.drop_index("ix_answers_conversation_id_question", "answers")
    op.drop_index("ix_codings_answer_id_category", "codings")
    persons = ["area", "age", "gender", "role", "channel", "language", "ordinal", "place_code"]
    op.create_index(
        "ix_conversations_round_persons",
        "conversations",
        ["round_id", "stream", "outcome", *persons],
        postgresql_include=["id"],
    )
    op.create_index(
        "ix_answers_round_values",
        "answers",
        ["round_id", "standing", "stream", "question", "repeat", "value"],
        postgresql_include=["conversation_id", "id"],
    )
    op.create_index(
        "ix_answers_conversation_values",
        "answers",
        ["conversation_id", "question", "repeat", "standing", "value"],
        postgresql_include=["id"],
    )
    op.create_index(
        "ix_codings_answer", "codings", ["answer_id", "is_current", "is_primary", "category", "author"]
    )


def downgrade() -> None:
    op.drop_index("ix_codings_answer", "codings")
    op.drop_index("ix_answers_conversation_values", "answers")
    op.drop_index("ix_answers_round_values", "answers")
    op.drop_index("ix_conversations_round_persons", "conversations")
    op.create_index("ix_codings_answer_id_category", "codings", ["answer_id", "is_current", "category"])
    op.create_index(
        "ix_answers_conversation_id_question", "answers", ["conversation_id", "question", "repeat"]
    )
    op.create_index(
        "ix_answers_round_id_stream_question_standing",
        "answers",
        ["round_id", "stream", "question", "standing", "value"],
    )
    op.create_index(
        "ix_conversations_round_id_stream_status", "conversations", ["round_id", "stream", "status"]
    )
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    choices = op.create_table(
        "answer_choices",
        sa.Column("answer_id", big, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_answer_choices_answer_id_answers")
        ),
        sa.PrimaryKeyConstraint("answer_id", "code", name=op.f("pk_answer_choices")),
    )
    _fill(choices)


def _fill(choices: sa.Table) -> None:
    """The rows that the values tell, by the flows that the answers were given to."""
    connection = op.get_bind()
    versions = sa.table("flow_versions", sa.column("id"), sa.column("document", sa.JSON))
    answers = sa.table(
        "answers", *(sa.column(name) for name in ("id", "flow_version_id", "question", "value"))
    )
    for version_id, document in connection.execute(sa.select(versions.c.id, versions.c.document)).all():
        for question, codes in _multiple_choice(document):
            given = sa.select(answers.c.id, answers.c.value).where(
                answers.c.flow_version_id == version_id, answers.c.question == question
            )
            for some in connection.execute(given).partitions(_AT_A_TIME):
                rows = [{"answer_id": i, "code": c} for i, value in some for c in value.split() if c in codes]
                if rows:
                    connection.execute(sa.insert(choices), rows)


def _multiple_choice(document: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """The questions of a flow that take several choices, with the codes of these."""
    for row in document["survey"]:
        kind, _, name = str(row["type"]).partition(" ")
        if kind == "select_multiple":
            yield row["name"], {choice["name"] for choice in document["choices"][name]}
