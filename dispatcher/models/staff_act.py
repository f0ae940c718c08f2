"""What staff did that somebody may have to answer for. Append-only."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, db_now
from dispatcher.models.base import Base


class StaffAct(Base):
    """One act: a hold, an export, a forgetting. It names no subscriber's address.

    Detail and reason may name a sensitive list, so a stolen database doesn't show them.
    """

    __tablename__ = "staff_acts"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=db_now())
    who: Mapped[str] = mapped_column(String(64))  # the operating system's user
    act: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(EncryptedText("staff_acts.detail"))
    reason: Mapped[str] = mapped_column(EncryptedText("staff_acts.reason"))
