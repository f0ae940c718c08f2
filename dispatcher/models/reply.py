"""What people have texted back."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, db_now
from dispatcher.models.base import AddressKey, Base, BigId, stored_enum
from dispatcher.rules.free_text import Tier


class Reply(Base):
    """A text that a person should look at, or whose sentence was taken for a STOP. Kept for a month."""

    __tablename__ = "replies"
    __table_args__ = (
        Index(None, "at"),
        Index(None, "address_key"),
        Index(None, "subscriber_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=db_now())
    tier: Mapped[Tier] = mapped_column(stored_enum(Tier))
    language: Mapped[str] = mapped_column(String(35))  # the person's, where we know it
    address_key: Mapped[bytes] = mapped_column(AddressKey)
    # Null where nobody here has the number, or several share it.
    subscriber_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(EncryptedText("replies.words"))


class ErasureAsked(Base):
    """A number has said ERASE, and was asked whether it means that. By keyed hash; counts for a day."""

    __tablename__ = "erasures_asked"

    address_key: Mapped[bytes] = mapped_column(AddressKey, primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(default=db_now())
