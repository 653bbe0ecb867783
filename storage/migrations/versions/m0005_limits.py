"""Limits by network and round, and marks on conversations that may be no person's own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PERSONS = [
    "round_id",
    "stream",
    "outcome",
    "area",
    "age",
    "gender",
    "role",
    "channel",
    "language",
    "ordinal",
]


def upgrade() -> None:
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "hour", name=op.f("pk_rate_counts")),
    )
    op.drop_index("ix_conversations_round_persons", "conversations")
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("mark", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.alter_column("mark", server_default=None)
    op.create_index("ix_conversations_started_at", "conversations", ["started_at"])
    _cover("mark")


def downgrade() -> None:
    op.drop_index("ix_conversations_started_at", "conversations")
    op.drop_index("ix_conversations_round_persons", "conversations")
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_column("mark")
    _cover()
    op.drop_table("rate_counts")


def _cover(*columns: str) -> None:
    """The index that the counting of persons reads and nothing else."""
    op.create_index(
        "ix_conversations_round_persons",
        "conversations",
        [*_PERSONS, *columns, "place_code"],
        postgresql_include=["id"],
    )
