"""What staff were told, or are to be told, when nobody was looking."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import SealedText, db_now
from dispatcher.models.base import Base, stored_enum
from dispatcher.rules.alarms import Event


class Alarm(Base):
    """Something went wrong, or is over. Written with what it is about, told afterwards.

    Of one event and subject the newest says whether it is still so; `number` counts them from 1, so that
    two processes that notice the same thing at once write it once.
    """

    __tablename__ = "alarms"
    __table_args__ = (UniqueConstraint("event", "subject", "number"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[Event] = mapped_column(stored_enum(Event))
    subject: Mapped[str] = mapped_column(String(100), default="")  # which of several: "alert 3", "sms"
    number: Mapped[int]
    over: Mapped[bool] = mapped_column(default=False)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))
    words: Mapped[str] = mapped_column(SealedText("alarms.words", room=64))
    at: Mapped[datetime] = mapped_column(default=db_now())
    told: Mapped[str] = mapped_column(String(200), default="")  # where it has arrived: "email0 url"
    tries: Mapped[int] = mapped_column(default=0)
    # When to try, or to try again. Null: it has arrived everywhere.
    next_try_at: Mapped[datetime | None] = mapped_column(default=db_now())
