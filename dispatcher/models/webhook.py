"""Whom we tell of what happens, and what they haven't been told yet."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, db_now
from dispatcher.models.base import Base, BigId, partial_index


class Webhook(Base):
    """One receiver. Its address may hold a secret, and is one here."""

    __tablename__ = "webhooks"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(EncryptedText("webhooks.url"))
    kinds: Mapped[str] = mapped_column(String(500))  # rules.webhooks.Kind: `message.sent subscriber.left`
    batch: Mapped[int] = mapped_column(default=1)  # events a POST, at most
    secret: Mapped[str] = mapped_column(EncryptedText("webhooks.secret"))
    # After a change both sign, until then.
    former_secret: Mapped[str | None] = mapped_column(EncryptedText("webhooks.former_secret"))
    former_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=db_now())
    begins_at: Mapped[datetime] = mapped_column(default=db_now())  # what happened earlier isn't told
    # Only one process posts to it at a time. In the past: when somebody last did.
    lease_until: Mapped[datetime | None]
    rest_until: Mapped[datetime | None]  # it didn't answer well: nothing is posted before
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    failing_since: Mapped[datetime | None]
    told: Mapped[int] = mapped_column(BigInteger, default=0)  # events that it took
    told_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]  # nothing is followed for it


class WebhookDelivery(Base):
    """One event for one receiver, until it has taken it. Numbers alone; goes with its person."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_key"),
        # What is to be posted, in order. What was given up leaves the index.
        partial_index("ix_webhook_deliveries_due", "webhook_id", "due_at", "id", where="due_at IS NOT NULL"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"))
    event_key: Mapped[bytes] = mapped_column(LargeBinary(16))  # rules.webhooks.event_key
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    subscriber_id: Mapped[int | None] = mapped_column(BigId)
    about: Mapped[str] = mapped_column(String(500))  # JSON of the payload's `data`
    found_at: Mapped[datetime] = mapped_column(default=db_now())
    due_at: Mapped[datetime | None] = mapped_column(default=db_now())  # null: given up
    tries: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(String(60), default="")  # to the last try: `503`, never a body
    # The first of those that go in one POST, for good: tried again it is the same POST, with the same id.
    parcel: Mapped[int | None] = mapped_column(BigInteger)


class WebhookCursor(Base):
    """How far one table was followed: everything up to `at`, or, where `last` is given, up to that row."""

    __tablename__ = "webhook_cursors"

    followed: Mapped[str] = mapped_column(String(32), primary_key=True)  # the table
    at: Mapped[datetime]
    last: Mapped[str] = mapped_column(String(100), default="")  # JSON of the rest of the row's key


class WebhookAlert(Base):
    """An alert as it was when webhooks were last told of it: alerts have a state, not a history."""

    __tablename__ = "webhook_alerts"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    resumed_at: Mapped[datetime | None]
