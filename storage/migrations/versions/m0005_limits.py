"""Limits by network and round, and marks on conversations that may be no person's own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rate_counts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "hour", name=op.f("pk_rate_counts")),
    )
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("mark", sa.String(), nullable=False, server_default=""))
        batch_op.create_index("ix_conversations_started_at", ["started_at"])
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.alter_column("mark", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_index("ix_conversations_started_at")
        batch_op.drop_column("mark")
    op.drop_table("rate_counts")
