"""Typed attributes, and who has acted

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "attribute_values",
        sa.Column("subscriber_id", BIG_ID, nullable=False),
        sa.Column("name_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("value_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("number", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_attribute_values_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "name_key", name=op.f("pk_attribute_values")),
    )
    for value in ("value_key", "number"):
        columns = ["name_key", value, "subscriber_id"]
        op.create_index(op.f(f"ix_attribute_values_{'_'.join(columns)}"), "attribute_values", columns)
    op.create_table(
        "actions",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_actions_campaign_id_campaigns")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_actions_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "subscriber_id", "at", "how", name=op.f("pk_actions")),
    )
    op.create_index(op.f("ix_actions_subscriber_id"), "actions", ["subscriber_id"])
    # PostgreSQL: by bytes, not by the database's language, so that `606*` is a range of the index.
    op.create_index(
        op.f("ix_subscribers_postal_code_language_id"),
        "subscribers",
        ["postal_code", "language", "id"],
        postgresql_ops={"postal_code": "text_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_subscribers_postal_code_language_id"), "subscribers")
    op.drop_table("actions")
    op.drop_table("attribute_values")
