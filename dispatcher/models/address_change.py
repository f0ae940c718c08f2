"""New addresses that wait for a code."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, db_now
from dispatcher.models.base import AddressKey, Base, BigId, stored_enum
from dispatcher.rules.alert import Channel


class AddressChange(Base):
    """One code that was sent to a new address. Rows count a day's codes; an old one is no use any more."""

    __tablename__ = "address_changes"
    __table_args__ = (
        Index(None, "subscriber_id"),
        Index(None, "address_key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    address: Mapped[str] = mapped_column(EncryptedText("address_changes.address"))  # the new one
    address_key: Mapped[bytes] = mapped_column(AddressKey)
    code_mac: Mapped[bytes | None] = mapped_column(LargeBinary(16))  # of the six digits; null once it is used
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=db_now())
