"""An alert: one occasion on which a campaign speaks; and its chunks, the units that workers lease."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import SealedText, db_now
from dispatcher.models.base import Base, partial_index, stored_enum
from dispatcher.rules.alert import AlertState, Channel


class Alert(Base):
    """The first `dispatch send` opens one, later ones continue it; only `--again NAME` opens the next."""

    __tablename__ = "alerts"
    # Practice alerts are a series of their own: practising must never keep a real alert from anybody.
    __table_args__ = (UniqueConstraint("campaign_id", "practice", "name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    # "" for the campaign's first.
    name: Mapped[str] = mapped_column(SealedText("alerts.name", room=128))
    state: Mapped[AlertState] = mapped_column(stored_enum(AlertState))
    # Why it is paused, and how to go on.
    state_reason: Mapped[str] = mapped_column(SealedText("alerts.state_reason", room=64), default="")
    practice: Mapped[bool] = mapped_column(default=False)  # every sender was one that sends nothing
    practice_channels: Mapped[str] = mapped_column(String(40), default="")  # of a mixed one: `sms`
    edition_number: Mapped[int] = mapped_column(default=1)  # what new messages carry
    # usecases.audience.Choice as JSON.
    audience: Mapped[str] = mapped_column(SealedText("alerts.audience", room=512), default="{}")
    # The next chunk's number; changed under the campaign's lock.
    chunk_count: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime | None]  # --at: lay out the audience then
    deadline: Mapped[datetime | None]  # nothing is sent after it
    laid_out_at: Mapped[datetime | None]
    resumed_at: Mapped[datetime | None]  # results before it don't pause the alert again
    created_at: Mapped[datetime] = mapped_column(default=db_now())
    # Fairness: of alerts with due work the one served longest ago is next. One column a channel.
    email_served_at: Mapped[datetime | None]
    sms_served_at: Mapped[datetime | None]


class Chunk(Base):
    """Some messages of one alert with one channel, one lane and one due time, leased as a whole.

    A lease is a random token with an end on the database's clock. `open` is false once none of its messages
    is queued or sending.
    """

    __tablename__ = "chunks"
    __table_args__ = (
        # What a worker looks for: an alert's open work of a channel that is due, without finished chunks.
        partial_index("ix_chunks_open", "alert_id", "channel", "due_at", where="open"),
    )

    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    lane: Mapped[str] = mapped_column(String(255))  # a domain, or "" for the others
    due_at: Mapped[datetime]
    open: Mapped[bool] = mapped_column(default=True)
    size: Mapped[int]
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    # In a row, before any intent: a poison message is in it.
    leases_lost: Mapped[int] = mapped_column(default=0)
