"""A message: one address on one channel in one alert. Sent once, never twice."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import UtcDateTime, db_now
from dispatcher.models.base import AddressKey, Base, BigId, partial_index, stored_enum
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status


class Message(Base):
    """Its status changes only by usecases.moves, along rules.moves.MOVES."""

    __tablename__ = "messages"
    __table_args__ = (
        # The promise itself: one message an address, channel and alert, whatever else goes wrong.
        UniqueConstraint("alert_id", "channel", "address_key"),
        # A leased chunk's queue, and what a lost lease leaves behind. Settled messages leave the index.
        partial_index(
            "ix_messages_open", "alert_id", "chunk_number", where="status IN ('queued', 'sending')"
        ),
        # Messages that were put back (retry, slow lane, quiet hours) and wait for their own time.
        partial_index(
            "ix_messages_put_back", "channel", "due_at", where="status = 'queued' AND chunk_number IS NULL"
        ),
        Index(None, "subscriber_id"),
        Index(None, "alert_id", "channel", "status"),  # the counts that staff see, from the index alone
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    address_key: Mapped[bytes] = mapped_column(AddressKey)
    # Null once the person is forgotten.
    subscriber_id: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="SET NULL")
    )
    edition_number: Mapped[int]
    language: Mapped[str] = mapped_column(String(35))  # which of the edition's languages it is written in
    lane: Mapped[str] = mapped_column(String(255), default="")
    status: Mapped[Status] = mapped_column(stored_enum(Status), default=Status.QUEUED)
    chunk_number: Mapped[int | None]
    due_at: Mapped[datetime | None]  # only while put back
    attempt: Mapped[int] = mapped_column(default=0)  # how often it was handed to a provider, or tried to
    segments: Mapped[int | None]  # texts: what carriers bill
    provider_ref: Mapped[str | None] = mapped_column(String(255))
    # A short stable code: why it was skipped, failed or retried.
    error: Mapped[str | None] = mapped_column(String(100))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=db_now())
