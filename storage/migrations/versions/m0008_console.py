"""The console: accounts, sign-ins, invitations, and an audit log in which each entry vouches for the one before.

The chain of what is in the log already is made here, as storage.audit makes it.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BEGINNING = "0" * 64
_LOG = sa.table(
    "audit_log",
    sa.column("id", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor", sa.String()),
    sa.column("action", sa.String()),
    sa.column("round_id", sa.Integer()),
    sa.column("reason", sa.String()),
    sa.column("previous", sa.String()),
    sa.column("hash", sa.String()),
)
_CHAIN = sa.table(
    "audit_chain",
    sa.column("id", sa.Integer()),
    sa.column("head_id", sa.Integer()),
    sa.column("head_hash", sa.String()),
    sa.column("kept_after_id", sa.Integer()),
    sa.column("kept_after_hash", sa.String()),
)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("key_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_account_id"), "sign_ins", ["account_id"])
    op.create_table(
        "invitations",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_invitations_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_account_id"), "invitations", ["account_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_key"), "sign_in_tries", ["key"])
    op.create_index(op.f("ix_sign_in_tries_at"), "sign_in_tries", ["at"])
    _make_chain()


def _make_chain() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(), nullable=False),
        sa.Column("kept_after_id", sa.Integer(), nullable=False),
        sa.Column("kept_after_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_chain")),
    )
    with op.batch_alter_table("audit_log") as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("change", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("previous", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("hash", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("audit_log") as batch_op:
        for column in ("subject", "change", "previous", "hash"):
            batch_op.alter_column(column, server_default=None)
    _link_what_is_there()


def _link_what_is_there() -> None:
    connection, log, chain = op.get_bind(), _LOG, _CHAIN
    rows = connection.execute(
        sa.select(log.c.id, log.c.at, log.c.actor, log.c.action, log.c.round_id, log.c.reason).order_by(
            log.c.id
        )
    ).all()
    previous, last = _BEGINNING, 0
    for row in rows:
        linked = _hash(previous, row._mapping)
        connection.execute(sa.update(log).where(log.c.id == row.id).values(previous=previous, hash=linked))
        previous, last = linked, row.id
    if rows:
        connection.execute(
            sa.insert(chain).values(
                id=1, head_id=last, head_hash=previous, kept_after_id=0, kept_after_hash=_BEGINNING
            )
        )


def _hash(previous: str, row: Any) -> str:
    at: datetime = row["at"]
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    said = [row["id"], at.isoformat(), row["actor"], row["action"], row["round_id"], row["reason"], "", {}]
    canonical = json.dumps([previous, *said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def downgrade() -> None:
    with op.batch_alter_table("audit_log") as batch_op:
        for column in ("hash", "previous", "change", "subject"):
            batch_op.drop_column(column)
    if op.get_bind().dialect.name == "postgresql":  # ids were counted by the chain, not by the sequence
        op.execute(
            "SELECT setval(pg_get_serial_sequence('audit_log', 'id'), "
            "(SELECT COALESCE(MAX(id), 0) + 1 FROM audit_log), false)"
        )
    for table in ("audit_chain", "sign_in_tries", "recovery_codes", "invitations", "sign_ins", "accounts"):
        op.drop_table(table)
