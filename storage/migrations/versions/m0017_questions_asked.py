"""When the last few questions of a conversation were asked."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("asked", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "asked")
