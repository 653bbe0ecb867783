"""The quarantine of mode B; what was done with an inbox message; indexes for watching a round while it is open."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "quarantine",
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.Column("contact_key", sa.String(), nullable=True),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_quarantine_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    for column in ("round_id", "delete_on", "contact_key"):
        op.create_index(op.f(f"ix_quarantine_{column}"), "quarantine", [column])
    op.add_column("inbox", sa.Column("handled_on", sa.Date(), nullable=True))
    op.drop_index("ix_conversations_started_at", "conversations")
    op.create_index(
        "ix_conversations_days",
        "conversations",
        ["started_at", "round_id", "stream", "outcome", "ordinal", "mark"],
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state", "error_code", "updated_at"])


def downgrade() -> None:
    op.drop_index("ix_deliveries_state", "deliveries")
    op.drop_index("ix_conversations_days", "conversations")
    op.create_index("ix_conversations_started_at", "conversations", ["started_at"])
    op.drop_column("inbox", "handled_on")
    op.drop_table("quarantine")
