"""What may be quoted beside the figures, and the answers it is made of."""

import sqlalchemy as sa
from alembic import op

from storage.tables.base import UtcDateTime

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quotes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("is_verbatim", sa.Boolean(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_quotes_round_id_rounds")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotes")),
    )
    op.create_index(op.f("ix_quotes_round_id"), "quotes", ["round_id"])
    op.create_table(
        "quote_sources",
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["quote_id"], ["quotes.id"], name=op.f("fk_quote_sources_quote_id_quotes")),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["answers.id"], name=op.f("fk_quote_sources_answer_id_answers")
        ),
        sa.PrimaryKeyConstraint("quote_id", "answer_id", name=op.f("pk_quote_sources")),
    )
    op.create_index(op.f("ix_quote_sources_answer_id"), "quote_sources", ["answer_id"])


def downgrade() -> None:
    op.drop_table("quote_sources")
    op.drop_table("quotes")
