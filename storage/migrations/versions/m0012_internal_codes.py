"""The code by which employees are let in to their survey."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "internal_codes",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("code_ciphertext", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_internal_codes_round_id_rounds")),
        sa.PrimaryKeyConstraint("round_id", "stream", name=op.f("pk_internal_codes")),
    )


def downgrade() -> None:
    op.drop_table("internal_codes")
