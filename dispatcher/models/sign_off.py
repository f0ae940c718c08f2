"""A native speaker's word that a campaign reads right in their language."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from dispatcher.db import SealedText, db_now
from dispatcher.models.base import AddressKey, Base, stored_enum
from dispatcher.rules.alert import Channel


class SignOff(Base):
    """One asking and its answer. Of a campaign, language and channel the newest answered one counts.

    The reader's address is here as its key alone, to know who answers; by hand there is none.
    """

    __tablename__ = "sign_offs"
    __table_args__ = (
        Index(None, "slug", "language", "channel"),
        Index(None, "address_key"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The campaign's; its row is made by the first send.
    slug: Mapped[str] = mapped_column(SealedText("sign_offs.slug", room=128))
    language: Mapped[str] = mapped_column(String(35))
    channel: Mapped[Channel] = mapped_column(stored_enum(Channel))
    # What was read: content.wording.words_sha256.
    words_sha256: Mapped[str] = mapped_column(SealedText("sign_offs.words_sha256", room=65))
    address_key: Mapped[bytes | None] = mapped_column(AddressKey)
    reader: Mapped[str] = mapped_column(String(40))  # initials
    asked_at: Mapped[datetime] = mapped_column(default=db_now())
    answered_at: Mapped[datetime | None]
