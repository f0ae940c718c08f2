"""What is left of an alert once its messages are deleted, and when a number was last heard of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import db_now
from dispatcher.models.base import AddressKey, Base, stored_enum
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status


class Closing(Base):
    """An alert that was closed for good, so that its messages could be deleted. AlertTotals are left."""

    __tablename__ = "closings"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(default=db_now())
    last_event_at: Mapped[datetime]  # when its last message was handed over or given up
    emptied_at: Mapped[datetime | None]  # null while messages are still being deleted


class Part(StrEnum):
    """What messages are counted by. Each breakdown stands alone: together they would say too much."""

    WHOLE = "whole"
    LANGUAGE = "language"
    DOMAIN = "domain"
    ERROR = "error"


class AlertTotal(Base):
    """How many messages of a closed alert had this channel and status; by one part, of this value."""

    __tablename__ = "alert_totals"

    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), primary_key=True)
    status: Mapped[Status] = mapped_column(stored_enum(Status), primary_key=True)
    part: Mapped[Part] = mapped_column(stored_enum(Part), primary_key=True)
    value: Mapped[str] = mapped_column(String(255), primary_key=True)  # "" of the whole
    messages: Mapped[int]
    segments: Mapped[int]  # of texts: what carriers billed


class LastHeard(Base):
    """The newest sign of life of an address, and whether it has been asked since. By keyed hash alone.

    An address without a row was last heard of when it joined.
    """

    __tablename__ = "last_heard"
    __table_args__ = (Index(None, "asked_at"),)

    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), primary_key=True)
    address_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    heard_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]  # null once there was an answer
    question_left: Mapped[bool] = mapped_column(default=False)  # the provider took it
