"""Runs migrations on the connection that storage.upgrading hands in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from storage.tables import Base
from storage.tables.base import UtcDateTime


def render_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration must not change with the code: our own types are written as what the database sees."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, render_item=render_type
)
with context.begin_transaction():
    context.run_migrations()
