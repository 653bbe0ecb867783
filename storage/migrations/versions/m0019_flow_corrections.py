"""Which versions of a flow a round has asked, and from when."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flow_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("asked_from", UtcDateTime(), nullable=False),
        sa.Column("carried", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_flow_corrections_round_id_rounds")
        ),
        sa.ForeignKeyConstraint(
            ["before_id"], ["flow_versions.id"], name=op.f("fk_flow_corrections_before_id_flow_versions")
        ),
        sa.ForeignKeyConstraint(
            ["after_id"], ["flow_versions.id"], name=op.f("fk_flow_corrections_after_id_flow_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_corrections")),
    )
    op.create_index(op.f("ix_flow_corrections_round_id"), "flow_corrections", ["round_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_flow_corrections_round_id"), table_name="flow_corrections")
    op.drop_table("flow_corrections")
