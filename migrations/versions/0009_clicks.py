"""Clicks and opens, counted

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ONE_A_LANGUAGE = "uq_short_links_edition_id_language"
_ONE_A_PLACE = "uq_short_links_edition_id_language_channel_place"


def upgrade() -> None:
    with op.batch_alter_table("short_links", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("channel", sa.String(length=16), nullable=False, server_default="sms"))
        batch.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_constraint(_ONE_A_LANGUAGE, type_="unique")
        batch.create_unique_constraint(_ONE_A_PLACE, ["edition_id", "language", "channel", "place"])
    op.create_table(
        "link_counts",
        sa.Column("link_id", BIG_ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitor", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["short_links.id"], name=op.f("fk_link_counts_link_id_short_links")
        ),
        sa.PrimaryKeyConstraint("link_id", "day", "visitor", name=op.f("pk_link_counts")),
    )
    op.create_table(
        "visits",
        sa.Column("message_id", BIG_ID, nullable=False),
        sa.Column("link_id", BIG_ID, nullable=False),
        sa.Column("visitor", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_visits_message_id_messages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["link_id"], ["short_links.id"], name=op.f("fk_visits_link_id_short_links")),
        sa.PrimaryKeyConstraint("message_id", "link_id", name=op.f("pk_visits")),
    )
    op.create_index(op.f("ix_visits_link_id"), "visits", ["link_id"])


def downgrade() -> None:
    op.drop_table("visits")
    op.drop_table("link_counts")
    op.execute("DELETE FROM short_links WHERE channel <> 'sms' OR place <> 0")
    with op.batch_alter_table("short_links", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.drop_constraint(_ONE_A_PLACE, type_="unique")
        batch.create_unique_constraint(_ONE_A_LANGUAGE, ["edition_id", "language"])
        batch.drop_column("place")
        batch.drop_column("channel")
