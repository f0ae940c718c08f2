"""Replies as conversations: channel, state, who answers

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
KEPT_WHOLE = {"sqlite_autoincrement": True}


def upgrade() -> None:
    with op.batch_alter_table("replies", table_kwargs=KEPT_WHOLE) as batch:
        batch.add_column(sa.Column("channel", sa.String(length=16), nullable=False, server_default="sms"))
        batch.add_column(sa.Column("state", sa.String(length=16), nullable=False, server_default="open"))
        batch.add_column(sa.Column("alert_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("passed_on", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("assigned_to", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("reference", sa.LargeBinary(), nullable=True))
    # What counted as a STOP was dealt with then.
    op.execute("UPDATE replies SET state = 'closed' WHERE tier = 'leaves'")
    op.create_table(
        "answers",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reply_id", BIG_ID, nullable=False),
        sa.Column("notice_id", BIG_ID, nullable=False),
        sa.Column("address_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("subscriber_id", BIG_ID, nullable=True),
        sa.Column("author", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["replies.id"], name=op.f("fk_answers_reply_id_replies"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_answers_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sqlite_autoincrement=True,
    )
    for column in ("reply_id", "notice_id", "address_key", "subscriber_id"):
        op.create_index(op.f(f"ix_answers_{column}"), "answers", [column])
    op.create_table(
        "texts_taken",
        sa.Column("text_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("text_key", name=op.f("pk_texts_taken")),
    )
    op.create_index(op.f("ix_texts_taken_taken_at"), "texts_taken", ["taken_at"])
    op.add_column("notices", sa.Column("settled_at", MOMENT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("notices", table_kwargs=KEPT_WHOLE) as batch:
        batch.drop_column("settled_at")
    op.drop_table("texts_taken")
    op.drop_table("answers")
    op.execute("DELETE FROM replies WHERE channel <> 'sms'")
    with op.batch_alter_table("replies", table_kwargs=KEPT_WHOLE) as batch:
        for column in ("reference", "assigned_to", "passed_on", "alert_id", "state", "channel"):
            batch.drop_column(column)
