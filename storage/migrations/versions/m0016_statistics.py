"""Statistics that others publish, beside the answers of a round."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statistics_tables",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("table_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("caution", sa.String(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("imported_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_statistics_tables_round_id_rounds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_tables")),
        sa.UniqueConstraint(
            "round_id", "source", "table_id", name=op.f("uq_statistics_tables_round_id_source_table_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("statistics_tables")
