"""Alembic's environment: run by usecases.migrate over its open connection, SQLite and PostgreSQL alike."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from dispatcher.db import EncryptedText, SealedText, UtcDateTime
from dispatcher.models import Base


def plain_type(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations name plain column types: they must still run when our own classes have moved on."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, EncryptedText | SealedText):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite can't alter a column; batch mode copies the table
    render_item=plain_type,
    transaction_per_migration=False,  # the caller's transaction, so that a failure leaves nothing half done
)
with context.begin_transaction():
    context.run_migrations()
