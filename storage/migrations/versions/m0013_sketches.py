"""Rounds that are being filled in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "round_sketches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_round_sketches_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_sketches")),
        sa.UniqueConstraint("round_id", name=op.f("uq_round_sketches_round_id")),
    )


def downgrade() -> None:
    op.drop_table("round_sketches")
