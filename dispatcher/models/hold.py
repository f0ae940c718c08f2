"""A legal hold: while there is one, nothing is deleted."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, db_now
from dispatcher.models.base import Base, BigId


class Hold(Base):
    """From its beginning to its end."""

    __tablename__ = "holds"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(EncryptedText("holds.reason"))
    began_at: Mapped[datetime] = mapped_column(default=db_now())
    ended_at: Mapped[datetime | None]


class HeldForgetting(Base):
    """Somebody who is to be forgotten once the hold ends; until then nothing is sent to them."""

    __tablename__ = "held_forgettings"

    subscriber_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    asked_at: Mapped[datetime] = mapped_column(default=db_now())
