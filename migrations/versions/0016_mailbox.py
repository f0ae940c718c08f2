"""How far the mailbox was read

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "mailboxes",
        sa.Column("mailbox_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("next_read_at", MOMENT, nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox_key", name=op.f("pk_mailboxes")),
    )
    op.create_table(
        "mails_taken",
        sa.Column("mail_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mail_key", name=op.f("pk_mails_taken")),
    )
    op.create_index(op.f("ix_mails_taken_taken_at"), "mails_taken", ["taken_at"])


def downgrade() -> None:
    op.drop_table("mails_taken")
    op.drop_table("mailboxes")
