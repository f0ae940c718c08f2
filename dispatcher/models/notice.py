"""A notice: one message to one address, outside of any alert."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, UtcDateTime, db_now
from dispatcher.models.base import AddressKey, Base, BigId, partial_index, stored_enum
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NoticeState


class Notice(Base):
    """Its address and what it says go as soon as it is settled; the rest of the row after some days.

    queued -> sending -> sent | failed | uncertain, or back to queued. What was being sent when a worker died
    is uncertain, and never sent again: the person may ask once more.
    """

    __tablename__ = "notices"
    __table_args__ = (
        partial_index("ix_notices_open", "channel", "due_at", where="state IN ('queued', 'sending')"),
        Index(None, "address_key", "created_at"),  # each address has its share of them
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    kind: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(35))
    address: Mapped[str | None] = mapped_column(EncryptedText("notices.address"))
    address_key: Mapped[bytes] = mapped_column(AddressKey)
    facts: Mapped[str | None] = mapped_column(EncryptedText("notices.facts"))  # JSON
    forced: Mapped[bool] = mapped_column(default=False)  # to an address that alerts don't go to any more
    state: Mapped[NoticeState] = mapped_column(stored_enum(NoticeState), default=NoticeState.QUEUED)
    due_at: Mapped[datetime] = mapped_column(default=db_now())
    lease_until: Mapped[datetime | None]  # while sending: afterwards nobody will tell us any more
    attempt: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(100))  # a short stable code, without any address
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime(), default=db_now())
