"""The delivery log: append-only, every attempt and every event of every message, without any address."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.models.base import Base, BigId, stored_enum
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status


class DeliveryLogEntry(Base):
    """What became of one attempt, or one event that a provider told.

    The key begins with the time, so that PostgreSQL can partition by it; hence no foreign keys either.
    """

    __tablename__ = "delivery_log"
    __table_args__ = (Index(None, "message_id"), Index(None, "alert_id", "at"))

    at: Mapped[datetime] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    status: Mapped[Status] = mapped_column(stored_enum(Status), primary_key=True)
    alert_id: Mapped[int]
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    subscriber_id: Mapped[int | None] = mapped_column(BigId)
    attempt: Mapped[int] = mapped_column(default=0)
    provider_ref: Mapped[str | None] = mapped_column(String(255))
    error: Mapped[str | None] = mapped_column(String(100))
    detail: Mapped[str | None] = mapped_column(String(500))  # the provider's words, addresses taken out
