"""A journal that outlives the database

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "journal_entries",
        sa.Column("mark", sa.LargeBinary(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_journal_entries")),
    )
    op.create_index(op.f("ix_journal_entries_at"), "journal_entries", ["at"], unique=False)
    op.create_table(
        "journals_ahead",
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_journals_ahead")),
    )
    _number_lists(for_good=True)


def downgrade() -> None:
    _number_lists(for_good=False)
    op.drop_table("journals_ahead")
    op.drop_table("journal_entries")


def _number_lists(*, for_good: bool) -> None:
    """SQLite would give a deleted list's number to the next one; PostgreSQL never does."""
    if op.get_bind().dialect.name == "sqlite":
        options = {"sqlite_autoincrement": True} if for_good else {}
        with op.batch_alter_table("lists", recreate="always", table_kwargs=options):
            pass  # the table is made anew, with these options
