"""Acts that others report, and thanks

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.LargeBinary(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_batches")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "unplaced_acts",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_unplaced_acts_campaign_id_campaigns")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "day", "why", name=op.f("pk_unplaced_acts")),
    )
    with op.batch_alter_table("actions") as actions:
        actions.add_column(sa.Column("thanked", sa.Boolean(), nullable=False, server_default=sa.false()))
        actions.add_column(sa.Column("batch_id", sa.Integer(), nullable=True))
        actions.create_foreign_key(
            op.f("fk_actions_batch_id_action_batches"), "action_batches", ["batch_id"], ["id"]
        )
    op.create_index(op.f("ix_actions_batch_id"), "actions", ["batch_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_actions_batch_id"), "actions")
    with op.batch_alter_table("actions") as actions:
        actions.drop_constraint(op.f("fk_actions_batch_id_action_batches"), type_="foreignkey")
        actions.drop_column("batch_id")
        actions.drop_column("thanked")
    op.drop_table("unplaced_acts")
    op.drop_table("action_batches")
