"""Test conversations with one's own telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("tested_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "phone_trials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sender_key", sa.String(), nullable=True),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_phone_trials_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_trials")),
        sa.UniqueConstraint("word", name=op.f("uq_phone_trials_word")),
    )
    op.create_index(op.f("ix_phone_trials_round_id"), "phone_trials", ["round_id"])
    op.create_index(op.f("ix_phone_trials_sender_key"), "phone_trials", ["sender_key"])


def downgrade() -> None:
    op.drop_table("phone_trials")
    with op.batch_alter_table("rounds") as batch_op:
        batch_op.drop_column("tested_until")
