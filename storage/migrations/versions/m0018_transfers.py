"""Surveys of the chat that go on by text message."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "transfers",
        sa.Column("chat_key", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", big, nullable=False),
        sa.Column("chat_lock", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_transfers_round_id_rounds")),
        sa.PrimaryKeyConstraint("chat_key", name=op.f("pk_transfers")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_transfers_code_hash")),
    )
    for column in ("round_id", "conversation_id"):
        op.create_index(op.f(f"ix_transfers_{column}"), "transfers", [column])


def downgrade() -> None:
    op.drop_table("transfers")
