"""Holds, what staff did, and what is left of alerts whose messages are deleted

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _what_is_left_of_alerts()
    op.create_table(
        "last_heard",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.Column("question_left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "address_key", name=op.f("pk_last_heard")),
    )
    op.create_index(op.f("ix_last_heard_asked_at"), "last_heard", ["asked_at"])
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "held_forgettings",
        sa.Column("subscriber_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_held_forgettings_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", name=op.f("pk_held_forgettings")),
    )
    op.create_table(
        "staff_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_acts")),
        sqlite_autoincrement=True,
    )


def _what_is_left_of_alerts() -> None:
    op.create_table(
        "closings",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("last_event_at", MOMENT, nullable=False),
        sa.Column("emptied_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_closings_alert_id_alerts")),
        sa.PrimaryKeyConstraint("alert_id", name=op.f("pk_closings")),
    )
    op.create_table(
        "alert_totals",
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=255), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name=op.f("fk_alert_totals_alert_id_alerts")),
        sa.PrimaryKeyConstraint(
            "alert_id", "channel", "status", "part", "value", name=op.f("pk_alert_totals")
        ),
    )


def downgrade() -> None:
    for table in ("alert_totals", "closings", "staff_acts", "held_forgettings", "holds", "last_heard"):
        op.drop_table(table)
