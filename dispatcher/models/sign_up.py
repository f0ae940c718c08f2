"""Sign-ups that wait to be confirmed. Nobody is a subscriber, and nothing is agreed, before that."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import EncryptedText, SealedText, db_now
from dispatcher.models.base import AddressKey, Base, BigId, stored_enum
from dispatcher.rules.alert import Channel


class SignUp(Base):
    """What somebody filled in. Deleted after seven days, confirmed or not (usecases.joining.expire)."""

    __tablename__ = "sign_ups"
    __table_args__ = (Index(None, "created_at"), Index(None, "subscriber_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # Random, and what a link carries: a number would mean somebody else's sign-up after a restore.
    reference: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    list_ids: Mapped[str] = mapped_column(Text)  # JSON: their numbers
    language: Mapped[str] = mapped_column(String(35))  # of the messages
    read_in: Mapped[str] = mapped_column(String(35))  # of the words that were agreed to
    postal_code: Mapped[str | None] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(SealedText("sign_ups.source", room=32))  # as the ledger has it
    page: Mapped[str] = mapped_column(SealedText("sign_ups.page", room=64))
    # Whence it came. Never where a list is sensitive.
    ip_address: Mapped[str | None] = mapped_column(EncryptedText("sign_ups.ip_address"))
    # Whom the first of its addresses to be confirmed belongs to.
    subscriber_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("subscribers.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(default=db_now())


class SignUpAddress(Base):
    """One address of a sign-up. Once it is confirmed the subscriber has it, and this row forgets it."""

    __tablename__ = "sign_up_addresses"
    __table_args__ = (Index(None, "address_key"),)

    sign_up_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("sign_ups.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel), primary_key=True)
    address: Mapped[str | None] = mapped_column(EncryptedText("sign_up_addresses.address"))
    address_key: Mapped[bytes | None] = mapped_column(AddressKey)
    disclosure_id: Mapped[int] = mapped_column(ForeignKey("disclosures.id"))  # the words beside its box
    asked: Mapped[bool] = mapped_column(default=False)  # a notice was queued: it isn't suppressed or flooded
    confirmed_at: Mapped[datetime | None]
