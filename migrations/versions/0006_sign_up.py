"""Sign-ups, and where consent was given

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Lists that are here already stay closed: an internal one must not turn up in public by itself.
    op.add_column("lists", sa.Column("open", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("consent_events", sa.Column("page", sa.LargeBinary(), nullable=True))
    op.add_column("consent_events", sa.Column("ip_address", sa.LargeBinary(), nullable=True))
    op.create_table(
        "sign_ups",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("reference", sa.LargeBinary(length=16), nullable=False),
        sa.Column("list_ids", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("read_in", sa.String(length=35), nullable=False),
        sa.Column("postal_code", sa.String(length=16), nullable=True),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.Column("ip_address", sa.LargeBinary(), nullable=True),
        sa.Column("subscriber_id", BIG_ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_sign_ups_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("reference", name=op.f("uq_sign_ups_reference")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sign_ups_created_at"), "sign_ups", ["created_at"])
    op.create_index(op.f("ix_sign_ups_subscriber_id"), "sign_ups", ["subscriber_id"])
    op.create_table(
        "sign_up_addresses",
        sa.Column("sign_up_id", BIG_ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("address_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("disclosure_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["sign_up_id"],
            ["sign_ups.id"],
            name=op.f("fk_sign_up_addresses_sign_up_id_sign_ups"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["disclosure_id"],
            ["disclosures.id"],
            name=op.f("fk_sign_up_addresses_disclosure_id_disclosures"),
        ),
        sa.PrimaryKeyConstraint("sign_up_id", "channel", name=op.f("pk_sign_up_addresses")),
    )
    op.create_index(op.f("ix_sign_up_addresses_address_key"), "sign_up_addresses", ["address_key"])


def downgrade() -> None:
    op.drop_table("sign_up_addresses")
    op.drop_table("sign_ups")
    op.drop_column("consent_events", "ip_address")
    op.drop_column("consent_events", "page")
    op.drop_column("lists", "open")
