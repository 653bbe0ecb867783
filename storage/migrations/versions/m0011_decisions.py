"""Which decision a coding belongs to, and how often a round was changed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rounds", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("codings", sa.Column("decision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("codings", sa.Column("restores", sa.Integer(), nullable=True))
    op.add_column("codings", sa.Column("restored_by", sa.String(), nullable=True))
    # What persons had decided is counted in the order in which they did.
    op.execute(
        "UPDATE codings SET decision = (SELECT count(DISTINCT earlier.decided_at) FROM codings AS earlier "
        "WHERE earlier.answer_id = codings.answer_id AND earlier.decided_at <= codings.decided_at) "
        "WHERE decided_at IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("codings") as batch_op:
        batch_op.drop_column("restored_by")
        batch_op.drop_column("restores")
        batch_op.drop_column("decision")
    with op.batch_alter_table("rounds") as batch_op:
        batch_op.drop_column("revision")
