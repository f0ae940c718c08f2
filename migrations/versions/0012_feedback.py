"""What providers tell us, and how often an address failed

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("next_try_at IS NOT NULL")
LEFT = sa.text("act = 'left'")


def upgrade() -> None:
    op.create_table(
        "provider_events",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("event_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("provider_ref", sa.String(length=255), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("next_try_at", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("message_id", BIG_ID, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_events")),
        sa.UniqueConstraint("provider", "event_key", name=op.f("uq_provider_events_provider_event_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_provider_events_open",
        "provider_events",
        ["next_try_at"],
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_index(op.f("ix_provider_events_taken_at"), "provider_events", ["taken_at"])
    op.create_table(
        "spent_tokens",
        sa.Column("provider", sa.String(length=16), nullable=False),
        sa.Column("token_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("told_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("spent_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("provider", "token_key", name=op.f("pk_spent_tokens")),
    )
    op.create_index(op.f("ix_spent_tokens_spent_at"), "spent_tokens", ["spent_at"])
    op.create_table(
        "strikes",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "address_key", "day", name=op.f("pk_strikes")),
    )
    op.create_table(
        "strikes_read",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strikes_read")),
    )
    op.create_index(
        "ix_consent_events_left",
        "consent_events",
        ["channel", "at"],
        postgresql_where=LEFT,
        sqlite_where=LEFT,
    )


def downgrade() -> None:
    op.drop_index("ix_consent_events_left", "consent_events")
    op.drop_table("strikes_read")
    op.drop_table("strikes")
    op.drop_table("spent_tokens")
    op.drop_table("provider_events")
