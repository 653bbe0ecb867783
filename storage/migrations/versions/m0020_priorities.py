"""Scores that a working group gives the problems of a round, and what is chosen for its problem picture."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "priority_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_priority_scores_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_scores")),
    )
    op.create_index(
        "ix_priority_scores_round_id", "priority_scores", ["round_id", "problem", "criterion"], unique=False
    )
    op.create_table(
        "picture_choices",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("previous_round_id", sa.Integer(), nullable=True),
        sa.Column("with_weights", sa.Boolean(), nullable=False),
        sa.Column("with_intervals", sa.Boolean(), nullable=False),
        sa.Column("population", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_picture_choices_round_id_rounds")),
        sa.ForeignKeyConstraint(
            ["previous_round_id"], ["rounds.id"], name=op.f("fk_picture_choices_previous_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_picture_choices")),
    )


def downgrade() -> None:
    op.drop_table("picture_choices")
    op.drop_index("ix_priority_scores_round_id", table_name="priority_scores")
    op.drop_table("priority_scores")
